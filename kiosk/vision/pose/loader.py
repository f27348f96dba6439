"""Opens the pose model that a variant's name stands for."""

from kiosk.vision.models.download import default_variant
from kiosk.vision.models.interpreter import Interpreter
from kiosk.vision.models.manifest import load_manifest, weights_folder
from kiosk.vision.models.selection import choose
from kiosk.vision.pose.movenet import MoveNet

AUTO = "auto"


def load_interpreter(variant: str = AUTO, threads: int = 0) -> tuple[Interpreter, str]:
    """Opens a model's interpreter; "auto" is the default model, or what stands in for it."""
    if variant == AUTO:
        variant = default_variant()
    spec = load_manifest().spec(variant)
    return Interpreter(weights_folder() / spec.file, spec, threads or None), variant


def load_estimator(
    variant: str = AUTO, threads: int = 0, fps: float | None = None
) -> tuple[MoveNet, str]:
    """Opens a model as an estimator of poses.

    Args:
        variant: its name in the manifest, or "auto".
        threads: of the interpreter; 0 for all cores but one.
        fps: frames a second that a live set asks for: "auto" then takes the most accurate model
            that gives them on this machine. Without it, for a replay that gives the same
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
    """Checks that the manifest has such a model.

    Raises:
        ModelError: the manifest has no such variant.
    """
    if variant != AUTO:
        load_manifest().spec(variant)
