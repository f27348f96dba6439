"""Defines what can be wrong with a mirror, in one table for four readers.

They are `kiosk doctor`, the acceptance (`kiosk doctor --install`), the operator's page and the
notices. Every row of docs/faults.md that a user has to know of is a notice here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache, partial
from operator import attrgetter
from typing import Literal

from kiosk.errors import ModelError, RuntimeMissingError
from kiosk.history.notice import Event, Notice
from kiosk.system.cooling import HOT_C
from kiosk.system.firmware import Throttling
from kiosk.system.health import Health
from kiosk.system.stick_state import UNDER_WAY, WELL, Stick
from kiosk.ui.words.words import Words
from kiosk.vision.pose.unseen import UNSEEN

LOW_DISK_MB = 500
"""Less free space than this is marked on the operator's page: the log and an upgrade need some."""
LEAST_DISK_MB = 200
"""With less the doctor fails: it holds years of sets, and the system's own logs."""

Place = Literal["doctor", "acceptance", "operator", "notice"]
"""A reader of the table, by the field of `Probe` with the position there."""


class Severity(IntEnum):
    """How much a fault takes from a user, which decides when its notice is shown."""

    COMFORT = 1  # until the first set: whoever trains without sound has read it by then
    CONTROL = 2  # between sets
    REPS = 3  # always, for it concerns the reps of a set
    BLIND = 4  # always, with a page of its own: no set can begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """Why each part of the running mirror does not work; empty or None where it does.

    Attributes:
        camera: gives no frames.
        model: finds no poses.
        failing: step after step of perception ends in an error.
        unseen: nobody can be seen or counted though there are pictures; its key in `UNSEEN`.
        history: is not written, or cannot be read.
        history_new: what happened to the history's file, such as a damaged one set aside.
        panel: no button answers.
        switch: a command that switches the screen's panel off or on fails.
        tags: no tag is read.
        stick: how far a USB stick is, or why it received nothing. None without one.
        settings: defaults stand in for what the file says.
        clock: shows a time before this release.
        eased: the processor is hot, so fewer frames go to the model.
        unjudged: it is, and the exercise is too quick to be judged at the eased pace.
        sound: nothing is heard.
        voice: cues are not spoken.
        unsaved: what was chosen with the buttons cannot be written; its kind, as in the words under
            `notice.unsaved`.
    """

    camera: str | None = None
    model: ModelError | None = None
    failing: str | None = None
    unseen: str | None = None
    history: str | None = None
    history_new: Notice | None = None
    panel: str | None = None
    switch: str | None = None
    tags: str | None = None
    stick: Stick | None = None
    settings: str | None = None
    clock: bool = False
    eased: bool = False
    unjudged: bool = False
    sound: str | None = None
    voice: str | None = None
    unsaved: str | None = None

    @property
    def blind(self) -> str | None:
        """Key of the fault that keeps the mirror from seeing, as in `fault`; None while it sees."""
        blinding = (p for p in shown("notice") if p.severity is Severity.BLIND)
        return next((probe.key for probe in blinding if probe.fault(self)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One thing that can be wrong.

    Attributes:
        key: its name in the command's output, and of its words under `operator.`.
        doctor, acceptance, operator, notice: its position in each place; None where it is not
            shown. Notices stand the weightiest first.
        needed: a unit in which it is absent is not accepted.
        fault: the fault of the running mirror that it shows.
        over: whether a reading of the machine is over its limit.
        severity: of the fault, for its notice.
        words: key of its sentence under `notice.`; its own key by default.
        sentence: the key and its figures, where they depend on the fault.
        remedy: what to do when it is over its limit.
    """

    key: str
    doctor: int | None = None
    acceptance: int | None = None
    operator: int | None = None
    notice: int | None = None
    needed: bool = False
    fault: Callable[[Faults], object] = lambda _: None
    over: Callable[[Health], bool] = lambda _: False
    severity: Severity | None = None
    words: str = ""
    sentence: Callable[[Faults], tuple[str, Mapping[str, int]]] | None = None
    remedy: str = ""

    def exceeds(self, health: Health | None) -> bool:
        """Whether the machine is over this probe's limit; not so before it was read."""
        return health is not None and self.over(health)


def _is_unseen(key: str, faults: Faults) -> bool:
    return faults.unseen == key


# Unformatted, so that a probe is a row or two.
# fmt: off
PROBES: tuple[Probe, ...] = (
    Probe(key="choice", doctor=1),
    Probe(key="screen", operator=1),
    Probe(key="model", doctor=2, acceptance=1, operator=3, notice=3, severity=Severity.BLIND,
          fault=attrgetter("model")),
    Probe(key="runtime", doctor=3, notice=2, severity=Severity.BLIND,
          fault=lambda faults: isinstance(faults.model, RuntimeMissingError)),
    Probe(key="failing", notice=4, severity=Severity.BLIND, fault=attrgetter("failing")),
    *(
        Probe(key=key, notice=number, severity=Severity.BLIND, fault=partial(_is_unseen, key))
        for number, key in enumerate(UNSEEN, start=5)
    ),
    Probe(key="speed", acceptance=2),
    Probe(key="inference", operator=4, fault=attrgetter("eased")),
    Probe(key="camera", doctor=4, acceptance=3, operator=2, notice=1, severity=Severity.BLIND,
          fault=attrgetter("camera")),
    Probe(key="upright", acceptance=4),
    Probe(key="display", doctor=5, acceptance=5, needed=True),
    Probe(key="panel", doctor=6, notice=17, severity=Severity.CONTROL, fault=attrgetter("panel")),
    Probe(key="tags", doctor=7, notice=18, severity=Severity.CONTROL, fault=attrgetter("tags")),
    Probe(key="stick", notice=19, severity=Severity.CONTROL, fault=attrgetter("stick"),
          words="stick_remove", sentence=lambda faults: _of_stick(faults.stick)),
    Probe(key="buttons", acceptance=6, operator=13),
    Probe(key="sound", acceptance=7, notice=22, severity=Severity.COMFORT,
          fault=attrgetter("sound")),
    Probe(key="voice", doctor=12, notice=21, severity=Severity.COMFORT, fault=attrgetter("voice")),
    Probe(key="heat", doctor=8, acceptance=14, notice=14, severity=Severity.REPS, words="unjudged",
          fault=attrgetter("unjudged")),
    Probe(key="temperature", operator=5, remedy="give it a fan, and air around it",
          over=lambda health: (health.temperature_c or 0.0) >= HOT_C),
    Probe(key="power", operator=6,
          remedy="use the Raspberry Pi's own power supply, with its own cable",
          over=lambda health: health.throttling not in (None, Throttling())),
    Probe(key="disk", doctor=9, acceptance=8, operator=7,
          over=lambda health: health.disk_read_only is True
          or (health.disk_free_mb is not None and health.disk_free_mb < LOW_DISK_MB)),
    Probe(key="keeps", acceptance=9),
    Probe(key="history", acceptance=10, notice=12, severity=Severity.REPS,
          fault=attrgetter("history")),
    Probe(key="history_new", notice=13, severity=Severity.REPS, fault=attrgetter("history_new"),
          words="history_set_aside", sentence=lambda faults: _of_history(faults.history_new)),
    Probe(key="settings", doctor=16, notice=15, severity=Severity.CONTROL,
          fault=attrgetter("settings")),
    Probe(key="unsaved", notice=23, severity=Severity.CONTROL, fault=attrgetter("unsaved"),
          words="unsaved.failed",
          sentence=lambda faults: (f"unsaved.{faults.unsaved or 'failed'}", {})),
    Probe(key="time", doctor=10, acceptance=11, notice=16, severity=Severity.CONTROL, words="clock",
          needed=True, fault=attrgetter("clock")),
    Probe(key="clock", acceptance=12),
    Probe(key="memory", operator=10),
    Probe(key="uptime", operator=11),
    Probe(key="version", operator=12),
    Probe(key="release", doctor=11),
    Probe(key="outbox", doctor=13, operator=8),
    Probe(key="home", doctor=14, operator=9),
    Probe(key="switch", doctor=15, acceptance=13, operator=14, notice=20,
          severity=Severity.CONTROL, fault=attrgetter("switch")),
)
# fmt: on


@cache
def shown(place: Place) -> tuple[Probe, ...]:
    """The probes of a place, in its order."""
    position = attrgetter(place)
    return tuple(sorted((p for p in PROBES if position(p) is not None), key=position))


def probe_of(key: str) -> Probe:
    """The probe of that key."""
    return next(probe for probe in PROBES if probe.key == key)


def fault_keys(faults: Faults, health: Health | None) -> tuple[str, ...]:
    """Lists the keys of all that is wrong now, in the order of the table."""
    if faults.stick in WELL:
        faults = replace(faults, stick=None)
    return tuple(p.key for p in PROBES if p.fault(faults) or p.exceeds(health))


def notices(faults: Faults, words: Words, *, lifting: bool, trained: bool) -> tuple[str, ...]:
    """Lists the sentences that a user reads, the weightiest last.

    While `lifting`, in a set, only what concerns its reps is shown. `trained` says that there was
    a set since the start.
    """
    blind = faults.blind
    hidden = {Severity.COMFORT: trained, Severity.CONTROL: lifting}
    return tuple(
        _sentence(probe, faults, words)
        for probe in reversed(shown("notice"))
        if probe.severity is not None
        and not hidden.get(probe.severity, False)
        and probe.fault(faults)
        and (probe.severity is not Severity.BLIND or probe.key == blind)
    )


def _sentence(probe: Probe, faults: Faults, words: Words) -> str:
    key, figures = probe.sentence(faults) if probe.sentence else (probe.words or probe.key, {})
    return words(f"notice.{key}", **figures)


def _of_history(notice: Notice | None) -> tuple[str, Mapping[str, int]]:
    if notice is None:
        return "history_set_aside", {}
    if notice.event is Event.REPLACED:
        return "replaced", {}
    return f"history_{notice.event.value}", {"recovered": notice.recovered, "of": notice.of}


def _of_stick(stick: Stick | None) -> tuple[str, Mapping[str, int]]:
    # what is written is not yet flushed: the user waits for both
    return f"stick_{'copying' if stick in UNDER_WAY else stick or 'remove'}", {}
