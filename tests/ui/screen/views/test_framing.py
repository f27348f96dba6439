from drawing import SCENES, drawn, line_of, message_of
from kiosk.ui.words.words import Words


def test_a_bystander_is_named_while_framing_and_when_ready(words: Words) -> None:
    screen = drawn(SCENES["framing-beside"], words)
    assert message_of(screen) == words("framing.alone.tell")
    assert line_of(screen, "check.alone") == words("framing.alone.name")
    screen = drawn(SCENES["ready-beside"], words)
    assert (line_of(screen, "word"), line_of(screen, "line")) == (
        words("ready.go"),
        words("ready.bystander"),
    )
    assert line_of(drawn(SCENES["ready-go"], words), "line") == words("ready.go_line")
