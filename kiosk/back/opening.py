"""An eye for the back, with whatever there is to see with."""

import logging

from kiosk.back.eye import BackEye
from kiosk.back.segmenter import load_segmenter
from kiosk.errors import ModelError

_log = logging.getLogger(__name__)


def open_eye() -> BackEye:
    """The eye; without the segmenter's file it goes by the empty room alone, and says so once."""
    try:
        return BackEye(load_segmenter())
    except ModelError as error:
        _log.warning("the back is judged by the empty room alone: %s", error)
        return BackEye(None)
