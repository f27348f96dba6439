from drawing import SCENES, drawn
from kiosk.ui.screen.toolkit.theme import Role
from kiosk.ui.words.words import Words


def test_the_operator_sees_what_is_wrong_marked_by_shape(words: Words) -> None:
    parts = drawn(SCENES["operator"], words).canvas.parts
    signs = [name for name in parts if name.startswith("fact.") and name.endswith(".sign")]
    assert signs == ["fact.temperature.sign"]
    assert parts["fact.temperature.value.0"].key[3] == Role.WARN
