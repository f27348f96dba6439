"""Checks the model: which one is chosen, whether it is whole, and how fast it runs here."""

from pathlib import Path

from kiosk.commands.doctor.finding import Finding, absent, failed, ok
from kiosk.errors import ExerciseError
from kiosk.exercises.catalogue import exercise_by_id
from kiosk.exercises.exercise import LEAST_FPS, Exercise
from kiosk.settings import Settings
from kiosk.ui.words.words import load_exercises
from kiosk.vision.models.download import FALLBACK_VARIANT, file_fault
from kiosk.vision.models.interpreter import default_threads, load_runtime
from kiosk.vision.models.manifest import ModelSpec, load_manifest, weights_folder
from kiosk.vision.models.selection import AUTO, choose, time_model_ms


def check_choice(settings: Settings) -> Finding:
    """Times all models here, anew: which one this machine runs, and whether it keeps up."""
    pose, exercise = settings.pose, _exercise(settings)
    fps = exercise.needed_fps
    if pose.model != AUTO:
        return ok(f"{pose.model}, as the settings say")
    choice = choose(fps, pose.threads, always=True)
    if not choice.took_ms:
        return absent("no model to choose from")
    timed = ", ".join(f"{name} {ms:.1f} ms" for name, ms in choice.took_ms.items())
    fact = f"{choice.variant} of {timed}; {exercise.id} allows {choice.most_ms:.0f} ms"
    if choice.took_ms[choice.variant] > 1000 / fps:
        if FALLBACK_VARIANT not in choice.took_ms:
            return failed(fact, f"kiosk models --variant {FALLBACK_VARIANT}")
        return failed(fact, "a faster board, or a fan if it is hot")
    return ok(fact if choice.holds else f"{fact}: it just keeps up")


def check_model(settings: Settings) -> Finding:
    """Checks that the chosen model's file is here and the right one."""
    variant, spec, path = _chosen(settings)
    if (fault := file_fault(path, spec)) is not None:
        return failed(f"{path}: {fault}", f"run 'kiosk models --variant {variant}'")
    return ok(f"{spec.title}, {path}")


def check_runtime(settings: Settings) -> Finding:
    """Loads the runtime, and measures how long the model takes for one picture."""
    _, name = load_runtime()
    _, spec, path = _chosen(settings)
    if file_fault(path, spec) is not None:
        return ok(f"{name}; not tried for want of a model")
    threads, took_ms = measure_speed(settings)
    return ok(f"{name}, {threads} thread{'s' * (threads > 1)}, {took_ms:.1f} ms a picture")


def measure_speed(settings: Settings) -> tuple[int, float]:
    """Returns the model's threads, and measures its milliseconds a picture, as the choice does."""
    _, spec, path = _chosen(settings)
    threads = settings.pose.threads or default_threads()
    return threads, time_model_ms(path, spec, threads)


def _exercise(settings: Settings) -> Exercise:
    return exercise_by_id(settings.coach.exercise, load_exercises(settings.coach.exercises))


def _chosen(settings: Settings) -> tuple[str, ModelSpec, Path]:
    variant = settings.pose.model
    if variant == AUTO:
        try:
            fps = _exercise(settings).needed_fps
        except ExerciseError:  # `check_choice` reports it, once for all checks
            fps = LEAST_FPS
        variant = choose(fps, settings.pose.threads).variant
    spec = load_manifest().spec(variant)
    return variant, spec, weights_folder() / spec.file
