"""From a variant's name to a MoveNet that is ready to look at frames."""

from kiosk.pose.choice import choose
from kiosk.pose.fetch import default_variant
from kiosk.pose.interpreter import Interpreter
from kiosk.pose.manifest import load_manifest, weights_folder
from kiosk.pose.movenet import MoveNet

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
