from drawing import SCENES
from kiosk.coaching.cues import CueKind
from kiosk.coaching.snapshot import Stage
from kiosk.exercises.catalogue import catalogue
from kiosk.ui.screen.scene import Action, Page
from kiosk.ui.screen.views.learn import lessons
from kiosk.ui.screen.widgets.rep_marks import RepMark, rep_mark


def test_samples_show_every_stage_page_and_action() -> None:
    assert {s.snapshot.stage for s in SCENES.values() if s.snapshot} == set(Stage)
    assert {s.page for s in SCENES.values()} == set(Page)
    assert any(s.snapshot is None for s in SCENES.values())
    told = [s.snapshot for s in SCENES.values() if s.snapshot]
    assert {s.cue.kind for s in told if s.cue} == set(CueKind)
    assert {rep_mark(rep) for s in told if s.current for rep in s.current.reps} == set(RepMark)
    offered = [choice for s in SCENES.values() for choice in s.actions.values()]
    assert {a for c in offered for a in (c.short, c.long)} >= set(Action) - {Action.NEXT_DRILL}
    kinds = {lesson.kind for e in catalogue().values() for lesson in lessons(e)}
    assert kinds <= {name.split("-")[1] for name in SCENES if name.startswith("learn")}
    summed = [s.summary for s in told if s.summary]
    assert (
        {s.one_thing is None for s in summed} == {s.score is None for s in summed} == {True, False}
    )
