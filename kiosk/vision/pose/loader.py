"""From a variant's name to a MoveNet that is ready to look at frames, now or once it can be."""

from collections.abc import Callable

from kiosk.body.pose import Pose
from kiosk.errors import ModelError
from kiosk.system.retry import Retried
from kiosk.vision.camera.frame import Frame
from kiosk.vision.models.download import default_variant
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest, weights_folder
from kiosk.vision.models.selection import choose
from kiosk.vision.pose.movenet import MoveNet
from kiosk.vision.pose.source import Estimator

AUTO = "auto"


def load_interpreter(variant: str = AUTO, threads: int = 0) -> tuple[Interpreter, str]:
    """Opens a model; "auto" is the default one, or what stands in for it. See `load_estimator`."""
    if variant == AUTO:
        variant = default_variant()
    spec = load_manifest().spec(variant)
    return Interpreter(weights_folder() / spec.file, spec, threads or None), variant


def load_estimator(
    variant: str = AUTO, threads: int = 0, fps: float | None = None
) -> tuple[MoveNet, str]:
    """Opens a model.

    Args:
        variant: its name in the manifest, or "auto".
        threads: of the interpreter; 0 for all cores but one.
        fps: frames a second that a live set asks for: "auto" then takes the most accurate model
            that gives them on this machine. Without it, for a replay that tells the same
            everywhere, "auto" is the default model, or what stands in for it.

    Returns:
        The estimator, and the variant's name with the figures that it was chosen by.

    Raises:
        ModelError: no such variant, or its file is missing, damaged or another model.
    """
    if variant == AUTO and fps is not None:
        choice = choose(fps, threads)
        interpreter, _ = load_interpreter(choice.variant, threads)
        return MoveNet(interpreter), str(choice)
    interpreter, chosen = load_interpreter(variant, threads)
    return MoveNet(interpreter), chosen


def check_variant(variant: str) -> None:
    """Whether there is such a model to be had.

    Raises:
        ModelError: the manifest has no such variant.
    """
    if variant != AUTO:
        load_manifest().spec(variant)


class ReconnectingEstimator:
    """An `Estimator` whose model is sought while it is missing, damaged or without its runtime.

    Args:
        load: gives the estimator and its name, or raises `ModelError`.
        patient: False raises that error of the first attempt.
    """

    def __init__(self, load: Callable[[], tuple[Estimator, str]], *, patient: bool = True) -> None:
        self._loaded = Retried("model", load, patient=patient)

    @property
    def name(self) -> str | None:
        """Of the model; None while there is none."""
        return self._loaded.part[1] if self._loaded.part else None

    @property
    def fault(self) -> ModelError | None:
        """Why nothing can be estimated; None while it can."""
        fault = self._loaded.fault
        assert fault is None or isinstance(fault, ModelError)
        return fault

    def look(self, now_s: float) -> None:
        """Seeks the model where it is missing and an attempt is due; `now_s` monotonic seconds."""
        self._loaded.get(now_s)

    def estimate(self, frame: Frame) -> Pose:
        """See `Estimator`.

        Raises:
            ModelError: there is no model.
        """
        if self.fault is not None:
            raise self.fault
        return self._estimator.estimate(frame)

    def prepare(self, frame: Frame) -> None:
        """Cuts a frame ahead where there is a model to cut it for; for the camera's thread."""
        if (loaded := self._loaded.part) is not None:
            loaded[0].prepare(frame)

    def estimate_without(self, frame: Frame, hidden: tuple[float, float]) -> Pose:
        """See `Estimator`."""
        return self._estimator.estimate_without(frame, hidden)

    @property
    def last_invoke_s(self) -> float:
        """See `Estimator`."""
        return self._estimator.last_invoke_s

    @property
    def crop_held(self) -> bool:
        """See `Estimator`."""
        return self._estimator.crop_held

    def hold_crop(self) -> bool:
        """See `Estimator`."""
        return self._estimator.hold_crop()

    def release_crop(self) -> None:
        """See `Estimator`."""
        self._estimator.release_crop()

    @property
    def _estimator(self) -> Estimator:
        assert self._loaded.part is not None
        return self._loaded.part[0]
