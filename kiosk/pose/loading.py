"""From a variant's name to a MoveNet that is ready to look at frames."""

from kiosk.pose.fetch import default_variant
from kiosk.pose.interpreter import Interpreter
from kiosk.pose.manifest import load_manifest, weights_folder
from kiosk.pose.movenet import MoveNet

AUTO = "auto"


def load_interpreter(variant: str = AUTO, threads: int = 0) -> tuple[Interpreter, str]:
    """Opens a model; see `load_estimator`."""
    if variant == AUTO:
        variant = default_variant()
    spec = load_manifest().spec(variant)
    return Interpreter(weights_folder() / spec.file, spec, threads or None), variant


def load_estimator(variant: str = AUTO, threads: int = 0) -> tuple[MoveNet, str]:
    """Opens a model.

    Args:
        variant: its name in the manifest; "auto" takes the best that is there.
        threads: of the interpreter; 0 for all cores but one.

    Returns:
        The estimator and the variant's name.

    Raises:
        ModelError: no such variant, or its file is missing, damaged or another model.
    """
    interpreter, chosen = load_interpreter(variant, threads)
    return MoveNet(interpreter), chosen
