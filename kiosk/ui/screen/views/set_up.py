"""Places the set-up: one question at a time, with what would be chosen as large as a count."""

from collections.abc import Callable

from pygame import Rect, Surface

from kiosk.coaching.camera_check import Finding
from kiosk.exercises.stick_figure import skeleton
from kiosk.ui.screen.scene import Scene
from kiosk.ui.screen.toolkit import draw
from kiosk.ui.screen.toolkit.canvas import Align, Canvas
from kiosk.ui.screen.toolkit.layout import Area, arrange, columns, middle, rows, sign_beside
from kiosk.ui.screen.toolkit.theme import BLACK, Level, Role, Space
from kiosk.ui.screen.widgets.mannequin import Mannequin, Place
from kiosk.ui.screen.widgets.seen_person import place_seen_person
from kiosk.ui.set_up_steps import SetUp, Step, Value

_TITLE, _LINE, _FOOT = 22, 10, 4
_CHOICE, _BAR, _SIGN = 52, 8, 12
_MENU_TITLE, _ROW, _DOT = 8, 8, 3
"""Heights in grid steps."""
_CHOSEN = 16  # height of a capital
_CAPITAL = 0.55
"""Of a row's height: with a dot above and a tail below, letters take 1.4 times a capital."""
_STANDING = skeleton(0.0, 0.0, arms="hang")
_TALL, _FLOOR = 0.86, 0.95  # of the box, as a figure stands in it
_ARROW = 0.34  # reach of its head, in parts of the smaller side
_AIMS = {"bottom": (0, 1), "top": (0, -1), "left": (-1, 0), "right": (1, 0)}
"""Where each edge lies, in steps to the right and down."""
_UPRIGHT = ("left", "right")


def place_set_up(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """Places the step that is asked, and which of how many it is."""
    state = scene.set_up
    if state is None or state.step is None:
        return
    grid = canvas.theme.grid
    page, foot = rows(box, (1.0, grid(_FOOT)), grid(Space.TIGHT))
    number = canvas.words("history.page", page=state.number, pages=state.of)
    canvas.label("page", number, foot, Level.CAPTION)
    if state.step is Step.CAMERA:
        _place_camera(scene, page, canvas)
        return
    if state.step is Step.MENU:
        _place_menu(state, page, canvas)
        return
    tall = grid(_TITLE + _CHOICE + _LINE + 2 * Space.GROUP)
    areas = (
        Area("right", float(_TITLE)),
        Area("left", float(_CHOICE), 1.0),
        Area("right", float(_LINE)),
    )
    inside = middle(page, min(page.height, tall))
    title, choice, line = arrange(canvas.theme, inside, areas)
    align = Align.CENTRE if canvas.theme.portrait else Align.LEFT
    ask, tell = _texts(state, canvas)
    canvas.text("title", ask, title, Level.DISPLAY, align=align, lines=3)
    canvas.label("line", tell, line, Level.BODY, align=align, lines=3)
    _CHOICES.get(state.step, _place_text)(state, choice, canvas)


def _texts(state: SetUp, canvas: Canvas) -> tuple[str, str]:
    """The question, and what to do to answer it."""
    assert state.step is not None
    key = state.step.value
    if state.step is Step.EDGE:
        key = "edge_upright" if state.shown in _UPRIGHT else "edge"
    return canvas.words(f"set_up.{key}.ask"), canvas.words(f"set_up.{key}.tell")


def _place_text(state: SetUp, box: Rect, canvas: Canvas) -> None:
    """A choice that is a word: the language in its own words, the unit, an exercise."""
    assert state.step is not None
    text = _name_of(state.step, state.shown, canvas)
    canvas.text("choice", text, box, canvas.theme.grid(_CHOSEN), Role.COUNT, lines=3)


def _name_of(step: Step, value: Value | None, canvas: Canvas) -> str:
    """What a choice is called."""
    words = canvas.words
    if value is None:
        return ""
    if step is Step.SOUND:
        return words("set_up.volume", share=value)
    if step is Step.ROTATION:
        return f"{value}°"
    if step is Step.EXERCISE:
        return words.name_of(str(value))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    key = f"set_up.name.{value}"
    return words(key) if key in words else str(value)


def _place_menu(state: SetUp, box: Rect, canvas: Canvas) -> None:
    """Every setting with what is chosen, the one that a press opens in the middle of the light."""
    grid = canvas.theme.grid
    title, rest = rows(box, (grid(_MENU_TITLE), 1.0), grid(Space.SMALL))
    canvas.text("title", canvas.words("set_up.menu"), title, Level.TITLE)
    tall = min(grid(_ROW) * len(state.menu), rest.height)
    cells = rows(middle(rest, tall), [1.0] * len(state.menu))
    for step, cell in zip(state.menu, cells, strict=True):
        now = step.value == state.shown
        cap_px = min(canvas.theme.cap_px(Level.BODY), round(_CAPITAL * cell.height))
        sign, line = sign_beside(cell, min(cell.height, grid(_DOT)), grid(Space.GAP))
        name, value = columns(line, (1.0, 1.0), grid(Space.GAP))
        if now:
            canvas.place("now", sign, draw.full_dot, Role.GOOD)
        texts = (
            (f"{step.value}.name", canvas.words(f"set_up.item.{step.value}"), name),
            (f"{step.value}.value", _name_of(step, state.value_of(step), canvas), value),
        )
        for part, text, place in texts:
            colour = Role.TEXT if now else Role.QUIET
            canvas.label(part, text, place, cap_px, colour, align=Align.LEFT, lines=2)


def _place_rotation(_: SetUp, box: Rect, canvas: Canvas) -> None:
    canvas.place("choice", box, _draw_standing)


def _draw_standing(surface: Surface) -> None:
    """Somebody who stands upright only on a panel that is turned as it hangs."""
    width, height = surface.get_size()
    place = Place(width / 2, _FLOOR * height, _TALL * height)
    Mannequin(surface, place, _STANDING).draw_outline(Role.GOOD)


def _place_edge(state: SetUp, box: Rect, canvas: Canvas) -> None:
    canvas.place("choice", box, _draw_arrow, _AIMS.get(str(state.shown), (0, 1)))


def _draw_arrow(surface: Surface, aim: tuple[int, int]) -> None:
    """An arrow across the box, towards the edge."""
    width, height = surface.get_size()
    reach = min(width, height) * _ARROW
    x, y = width / 2, height / 2
    right, down = aim
    tip = (x + right * reach, y + down * reach)
    line = max(3.0, reach / 8)
    draw.path(surface, Role.GOOD, ((x - right * reach, y - down * reach), tip), line)
    for side in (-1, 1):
        across = (side * down * reach / 2, side * right * reach / 2)
        back = (tip[0] - right * reach / 2, tip[1] - down * reach / 2)
        wing = (back[0] + across[0], back[1] + across[1])
        draw.path(surface, Role.GOOD, (tip, wing), line)


def _place_volume(state: SetUp, box: Rect, canvas: Canvas) -> None:
    grid, share = canvas.theme.grid, float(state.shown or 0.0)
    figure, bar = rows(box, (1.0, grid(_BAR)), grid(Space.GROUP))
    text = canvas.words("set_up.volume", share=share)
    canvas.text("choice", text, figure, grid(_CHOSEN), Role.COUNT)
    canvas.place("bar", middle(bar, grid(_BAR) // 2), _draw_share, share)


def _draw_share(surface: Surface, share: float) -> None:
    whole = surface.get_rect()
    draw.bar(surface, Role.TRACK, whole)
    if share:
        wide = max(whole.height, round(whole.width * share))
        draw.bar(surface, Role.GOOD, Rect(0, 0, wide, whole.height))


_CHOICES: dict[Step, Callable[[SetUp, Rect, Canvas], None]] = {
    Step.ROTATION: _place_rotation,
    Step.EDGE: _place_edge,
    Step.SOUND: _place_volume,
}
"""What shows a choice that is no word."""


def _place_camera(scene: Scene, box: Rect, canvas: Canvas) -> None:
    """What is wrong with the camera and what to do, above what it sees."""
    grid, words = canvas.theme.grid, canvas.words
    blind, finding = scene.vision_fault, scene.finding
    good = blind is None and finding is Finding.GOOD
    areas = (
        Area("right", grid(_TITLE), float(_TITLE)),
        Area("right", grid(_LINE), float(_TITLE)),
        Area("left"),
    )
    title, line, picture = arrange(canvas.theme, box, areas, gap=Space.GAP)
    # a button here turns the picture that hangs wrong
    section, first, second = f"camera_check.{blind}", "see", "tell"
    if blind is None:
        section = f"camera_check.{'starting' if finding is None else finding.value}"
    elif f"{section}.{first}" not in words:
        section, first, second = f"fault.{blind}", "title", "line"
    sign, beside = sign_beside(title, min(title.height, grid(_SIGN)), grid(Space.SMALL))
    align = Align.CENTRE if canvas.theme.portrait and not good else Align.LEFT
    if good:
        canvas.place("sign", sign, _draw_good)
    colour = Role.GOOD if good else Role.TEXT
    shown = beside if good else title
    canvas.text(
        "title", words(f"{section}.{first}"), shown, Level.DISPLAY, colour, align=align, lines=2
    )
    canvas.label("line", words(f"{section}.{second}"), line, Level.BODY, align=align, lines=3)
    if finding is Finding.TESTING:
        if scene.shines:
            canvas.place("light", picture, _draw_light)
        return
    pose = None if scene.snapshot is None else scene.snapshot.pose
    place_seen_person(canvas, pose, picture, scene.picture, placed=good)


def _draw_light(surface: Surface) -> None:
    surface.fill(Role.COUNT)


def _draw_good(surface: Surface) -> None:
    centre = surface.get_height() / 2
    draw.dot(surface, Role.GOOD, (centre, centre), centre - 1)
    draw.tick(surface, BLACK, (centre, centre), centre * 0.8, max(2.0, centre / 5))
