"""Every error the kiosk raises on purpose.

Each message names the thing, the place and the remedy, in one line. The command line prints it and
leaves with exit code 2; a running kiosk shows it and retries.
"""


class KioskError(Exception):
    """Something the kiosk can name and a person can mend."""


class BadInputError(KioskError, ValueError):
    """A file, an option or an argument that cannot be used as it is."""


class SettingsError(BadInputError):
    """A settings file with an unknown key, a wrong type or a contradiction."""


class ExerciseError(BadInputError):
    """An unknown exercise, or an exercise file that does not hold together."""


class SourceError(BadInputError):
    """A video or a pose trace that is missing, damaged or something else."""


class ModelError(BadInputError):
    """A model file that is missing, damaged or not the one it should be."""


class RuntimeMissingError(ModelError):
    """No runtime can be imported that runs models."""


class CameraError(KioskError, OSError):
    """A camera that is absent, lost or wedged; worth another try later."""


class HistoryError(KioskError, OSError):
    """A history that cannot be opened, read or written."""


class PanelError(KioskError, OSError):
    """Buttons that cannot be reached."""


class DisplayError(KioskError, OSError):
    """A screen that cannot be opened."""
