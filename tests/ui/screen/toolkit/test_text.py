import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.errors import DisplayError
from kiosk.ui.screen.toolkit import text as text_module
from kiosk.ui.screen.toolkit.text import BOLD, CAP_RATIO, Typesetter

TYPE = Typesetter()


def test_figures_are_all_of_one_width() -> None:
    assert len({TYPE.letters(figure, BOLD, 200).advance_px for figure in "0123456789"}) == 1


def test_a_capital_is_as_tall_as_promised() -> None:
    assert TYPE.letters("H", BOLD, 400).mask.get_height() == pytest.approx(400 * CAP_RATIO, abs=3)


def test_text_that_fits_keeps_its_size() -> None:
    assert TYPE.fit("Go", BOLD, 65, (500, 100), 1).em_px == 100


def test_long_text_takes_a_second_line_before_it_shrinks() -> None:
    fitted = TYPE.fit("Step back until I see your feet", BOLD, 65, (900, 300), 2)
    assert len(fitted.lines) == 2
    assert fitted.em_px == 100


@settings(max_examples=60, deadline=None)
@given(
    st.text("abgjW .-", min_size=1, max_size=80),
    st.integers(60, 900),
    st.integers(20, 300),
    st.integers(1, 3),
)
def test_no_word_is_lost_and_no_line_is_too_wide(
    words: str, width: int, height: int, lines: int
) -> None:
    fitted = TYPE.fit(words, BOLD, 60, (width, height), lines)
    assert " ".join(fitted.lines).split() == words.split()
    assert len(fitted.lines) <= lines
    if fitted.em_px > 6:
        assert fitted.height_px <= height
        assert all(
            TYPE.letters(line, BOLD, fitted.em_px).advance_px <= width
            for line in fitted.lines
            if line
        )


def test_lines_that_were_not_used_for_longest_are_dropped() -> None:
    one = Typesetter().letters("one", BOLD, 40)
    type_ = Typesetter(keep_px=2 * one.size_px + 20)
    first = type_.letters("one", BOLD, 40)
    second = type_.letters("eno", BOLD, 40)
    assert type_.letters("one", BOLD, 40) is first
    type_.letters("neo", BOLD, 40)
    assert type_.letters("one", BOLD, 40) is first
    assert type_.letters("eno", BOLD, 40) is not second
    assert type_.kept_px <= 2 * one.size_px + 20


def test_a_line_larger_than_all_that_is_kept_is_kept_alone() -> None:
    type_ = Typesetter(keep_px=10)
    large = type_.letters("large", BOLD, 40)
    assert type_.letters("large", BOLD, 40) is large
    assert type_.kept_px == large.size_px


def test_a_missing_font_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_module, "_FAMILY", "no_such_family")
    with pytest.raises(DisplayError, match="pip install font-source-sans-pro"):
        Typesetter().letters("a", BOLD, 20)
