"""Draws a coach's report of one week as one page that fetches nothing.

plotly is imported where it is used: it is an extra that a mirror does not have.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from html import escape
from typing import Any

from kiosk.errors import KioskError
from kiosk.gym.findings import FaultWeek, Findings, LifterWeek

QUESTIONS = ("usage", "faults", "lifters", "unwell", "accuracy")
"""Ids of the charts, in their order on the page."""
SHOWN_MIRRORS = 40
SHOWN_LIFTERS = 40
SHOWN_FAULTS = 6
"""More lines in one chart cannot be told apart."""
LEAST_JUDGED = 20
"""A share of fewer reps moves by more than five points with a single one, and is not drawn."""
_TOLD_BY_FAULTS = {"faults", "camera_lost"}
"""Reasons that the mirror's own words for its faults tell better."""
_ROW_PX = 22
_CHROME_PX = 130
COLOURS = ("#3987d6", "#d8701b", "#2f9e6f", "#c4568f", "#8f6fd1", "#a3861f")
"""Each has a contrast of 3 to 1 or more on both backgrounds, which a test computes."""
BACKGROUNDS = ("#ffffff", "#16181c")
_SCALE = [[0.0, "rgba(57,135,214,0.10)"], [1.0, "rgba(57,135,214,1)"]]
Tell = Callable[..., str]
"""Gives a key of the words its text."""

_HEAD = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #1c1f24; --quiet: #5b6270; --paper: {light}; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e9ebee; --quiet: #a2a9b5; --paper: {dark}; }}
}}
body {{ margin: 0 auto; max-width: 1100px; padding: 1.5rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }}
h1 {{ font-size: 1.6rem; }} h2 {{ font-size: 1.2rem; margin: 2.5rem 0 0; }}
p {{ color: var(--quiet); margin: .2rem 0 0; max-width: 46rem; }}
</style>
</head>
<body>
"""
_TAIL = """<script>
const dark = matchMedia("(prefers-color-scheme: dark)");
function colour() {
  const ink = dark.matches ? "#e9ebee" : "#1c1f24", line = dark.matches ? "#3a3f48" : "#dcdfe4";
  const paper = dark.matches ? "#16181c" : "#ffffff";
  for (const chart of document.querySelectorAll(".plotly-graph-div")) {
    const change = {"font.color": ink, "hoverlabel.bgcolor": paper, "hoverlabel.font.color": ink};
    for (const axis of Object.keys(chart.layout).filter((key) => /^[xy]axis\\d*$/.test(key))) {
      change[axis + ".gridcolor"] = change[axis + ".zerolinecolor"] = line;
    }
    Plotly.relayout(chart, change);
  }
}
dark.addEventListener("change", colour);
colour();
</script>
</body>
</html>
"""


def write_page(found: Findings, tell: Tell, name_of: Callable[[str], str], language: str) -> str:
    """Returns the page's text: a chart per question, or a line where there is nothing to draw.

    Args:
        found: what to show.
        tell: gives a key below `gym_report` of the words its text.
        name_of: gives an exercise's id its name.
        language: of the words, for a browser that reads them out.

    Raises:
        KioskError: plotly is not installed.
    """
    try:
        from plotly.io import to_html  # noqa: PLC0415 - an extra, see above
    except ImportError as error:
        raise KioskError(
            "plotly is not installed; install gym-mirror-kiosk[gym] on this computer"
        ) from error
    year, number, _ = found.week.isocalendar()
    title = tell("title", gym=found.gym or tell("all"), year=year, week=number)
    last = found.week + timedelta(days=6)
    parts = [
        _HEAD.format(
            language=language, title=escape(title), light=BACKGROUNDS[0], dark=BACKGROUNDS[1]
        ),
        f"<h1>{escape(title)}</h1>\n<p>",
        escape(
            tell("span", first=found.week.isoformat(), last=last.isoformat(), count=found.mirrors)
        ),
        "</p>\n",
    ]
    drawn = False
    for question in QUESTIONS:
        figure = _DRAW[question](found, tell, name_of)
        line = tell(f"{question}.line" if figure else f"{question}.none")
        parts.append(f"<section id='{question}'>\n<h2>{escape(tell(f'{question}.title'))}</h2>\n")
        parts.append(f"<p>{escape(line)}</p>\n")
        if figure is not None:
            parts.append(
                to_html(
                    figure,
                    full_html=False,
                    include_plotlyjs=not drawn,
                    div_id=f"chart-{question}",
                    config={"displayModeBar": False, "responsive": True},
                )
            )
            drawn = True
        parts.append("\n</section>\n")
    parts.append(_TAIL if drawn else "</body>\n</html>\n")
    return "".join(parts)


def _usage(found: Findings, tell: Tell, _: Callable[[str], str]) -> Any:
    """A row per mirror, a column per hour of the week."""
    if not found.usage:
        return None
    total: dict[str, int] = defaultdict(int)
    for one in found.usage:
        total[one.mirror] += one.sets
    most = sorted(total, key=lambda name: (-total[name], name))[:SHOWN_MIRRORS]
    hours = range(min(one.hour for one in found.usage), max(one.hour for one in found.usage) + 1)
    days = [tell(f"weekday.{day}") for day in range(7)]
    cells = {name: [0] * (7 * len(hours)) for name in most}
    for one in found.usage:
        if one.mirror in cells:
            cells[one.mirror][(one.weekday - 1) * len(hours) + one.hour - hours.start] += one.sets
    from plotly import graph_objects as go  # noqa: PLC0415 - an extra

    columns = [f"{day} {hour}:00" for day in days for hour in hours]
    figure = go.Figure(
        go.Heatmap(
            z=[cells[name] for name in most],
            x=columns,
            y=[escape(name) for name in most],
            colorscale=_SCALE,
            zmin=0,
            xgap=1,
            ygap=2,
            colorbar={"title": tell("sets"), "thickness": 12},
            hovertemplate="%{y}, %{x}: %{z}<extra></extra>",
        )
    )
    first = [day * len(hours) for day in range(7)]
    figure.update_xaxes(tickvals=[columns[place] for place in first], ticktext=days, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return _finish(figure, len(most))


def _faults(found: Findings, tell: Tell, name_of: Callable[[str], str]) -> Any:
    """A line per fault and exercise over the weeks, of those that are the most common now."""
    lines: dict[tuple[str, str], list[FaultWeek]] = defaultdict(list)
    for one in found.faults:
        if one.judged >= LEAST_JUDGED:
            lines[one.exercise, one.check].append(one)
    most = sorted(
        (key for key in lines if any(one.faulty for one in lines[key])),
        key=lambda key: -sum(one.faulty for one in lines[key]),
    )[:SHOWN_FAULTS]
    if not most:
        return None
    from plotly import graph_objects as go  # noqa: PLC0415 - an extra

    figure = go.Figure()
    for colour, (exercise, check) in zip(COLOURS, most, strict=False):
        weeks = lines[exercise, check]
        figure.add_scatter(
            x=[_label(one.week) for one in weeks],
            y=[one.faulty / one.judged for one in weeks],
            customdata=[[one.faulty, one.judged] for one in weeks],
            name=f"{escape(name_of(exercise))}: {escape(tell(f'check.{check}'))}",
            mode="lines+markers",
            line={"color": colour, "width": 2},
            hovertemplate="%{x}: %{y:.0%} (%{customdata[0]}/%{customdata[1]})",
        )
    all_weeks = sorted({one.week for one in found.faults})
    figure.update_xaxes(categoryorder="array", categoryarray=[_label(week) for week in all_weeks])
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", title=tell("share_faulty"))
    figure.update_layout(legend={"orientation": "h", "y": -0.15})
    return _finish(figure, 14)


def _lifters(found: Findings, tell: Tell, _: Callable[[str], str]) -> Any:
    """Three dots side by side per lifter: reps, load and clean share; hollow is the week before."""
    now = {_lifter(one): one for one in found.lifters if one.week == found.week}
    if not now:
        return None
    before = {_lifter(one): one for one in found.lifters if one.week != found.week}
    most = sorted(now, key=lambda who: (-now[who].reps, who))[:SHOWN_LIFTERS]
    from plotly.subplots import make_subplots  # noqa: PLC0415 - an extra

    panels: tuple[tuple[str, Callable[[LifterWeek], float | None], str], ...] = (
        ("reps", lambda one: one.reps, ".0f"),
        ("volume", lambda one: one.volume_kg, ".0f"),
        ("clean", lambda one: one.clean_share, ".0%"),
    )
    figure = make_subplots(
        cols=3,
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=[tell(f"lifters.{key}") for key, _, _ in panels],
    )
    for column, (_key, value_of, form) in enumerate(panels, start=1):
        for these, name, symbol in (
            (before, "last_week", "circle-open"),
            (now, "this_week", "circle"),
        ):
            shown = [who for who in most if who in these and value_of(these[who]) is not None]
            figure.add_scatter(
                x=[value_of(these[who]) for who in shown],
                y=[escape(tell("place", mirror=who[0], place=who[1])) for who in shown],
                mode="markers",
                marker={
                    "symbol": symbol,
                    "size": 9,
                    "color": COLOURS[0],
                    "line": {"color": COLOURS[0], "width": 2},
                },
                name=tell(name),
                hovertemplate=f"%{{y}}: %{{x:{form}}}",
                row=1,
                col=column,
            )
        figure.update_xaxes(tickformat=form, rangemode="tozero", row=1, col=column)
    figure.update_yaxes(
        range=[len(most) - 0.4, -0.6],
        categoryorder="array",
        categoryarray=[escape(tell("place", mirror=who[0], place=who[1])) for who in most],
    )
    figure.update_layout(showlegend=False)
    return _finish(figure, len(most), top_px=40)


def _unwell(found: Findings, tell: Tell, _: Callable[[str], str]) -> Any:
    """A bar per mirror, as long as it has had no set, with the reasons behind it."""
    if not found.unwell:
        return None
    from plotly import graph_objects as go  # noqa: PLC0415 - an extra

    shown = found.unwell[:SHOWN_MIRRORS]
    figure = go.Figure(
        go.Bar(
            x=[one.days_without_sets for one in shown],
            y=[escape(one.mirror) for one in shown],
            orientation="h",
            width=0.6,
            marker={"color": COLOURS[1]},
            text=[
                escape(
                    ", ".join(
                        [tell(f"reason.{why}") for why in one.reasons if why not in _TOLD_BY_FAULTS]
                        + [tell(f"fault.{fault}") for fault in one.faults]
                    )
                )
                for one in shown
            ],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x}, %{text}<extra></extra>",
        )
    )
    # room for the reasons behind the longest bar
    longest = max(one.days_without_sets for one in shown)
    figure.update_xaxes(range=[0, 1.8 * max(longest, 3)], title=tell("days_without_sets"))
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return _finish(figure, len(shown))


def _accuracy(found: Findings, tell: Tell, name_of: Callable[[str], str]) -> Any:
    """A dot per exercise with the interval that its sets allow."""
    known = [(exercise, one, one.share_right) for exercise, one in found.accuracy if one.sets]
    if not known:
        return None
    from plotly import graph_objects as go  # noqa: PLC0415 - an extra

    shares = [share or 0.0 for _, _, share in known]
    intervals = list(zip((one.interval for _, one, _ in known), shares, strict=True))
    figure = go.Figure(
        go.Scatter(
            x=shares,
            y=[escape(name_of(exercise)) for exercise, _, _ in known],
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [high - share for (_, high), share in intervals],
                "arrayminus": [share - low for (low, _), share in intervals],
            },
            customdata=[[one.sets, one.sets - one.corrected] for _, one, _ in known],
            mode="markers",
            marker={"size": 10, "color": COLOURS[2]},
            hovertemplate="%{y}: %{x:.1%} (%{customdata[1]}/%{customdata[0]})<extra></extra>",
        )
    )
    figure.update_xaxes(tickformat=".0%", title=tell("share_right"))
    figure.update_yaxes(autorange="reversed")
    return _finish(figure, len(known) + 2)


_DRAW: dict[str, Callable[[Findings, Tell, Callable[[str], str]], Any]] = {
    "usage": _usage,
    "faults": _faults,
    "lifters": _lifters,
    "unwell": _unwell,
    "accuracy": _accuracy,
}


def _finish(figure: Any, rows: int, *, top_px: int = 20) -> Any:
    """Gives a chart its size, and leaves its colours to the page, which knows the scheme."""
    figure.update_layout(
        template="none",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13},
        height=_CHROME_PX + top_px + _ROW_PX * max(rows, 3),
        margin={"l": 10, "r": 10, "t": top_px, "b": 50},
        hoverlabel={"font": {"size": 13}},
    )
    figure.update_yaxes(automargin=True)
    figure.update_xaxes(automargin=True)
    return figure


def _label(week: date) -> str:
    return f"W{week.isocalendar().week:02}"


def _lifter(one: LifterWeek) -> tuple[str, int]:
    return one.mirror, one.lifter
