"""Names what keeps anybody from being seen though there are pictures, with the remedy of each."""

from collections.abc import Mapping

UNSEEN: Mapping[str, str] = {
    "slow": "too few pictures a second to count; light the room, or see what slows it down",
    "frozen": "the picture stands still; plug the camera in again, or start the machine again",
    "dark": "it is too dark to see; light the room, or free the lens",
    "bright": "the picture is too bright to see; keep the sun and lamps out of the camera's view",
    "covered": "something covers the lens; free it",
    "upside_down": "the picture stands on its head; turn the camera, or set camera.rotate to 180",
    "sideways": "the picture lies on its side; turn the camera, or set camera.rotate to 90 or 270",
}
"""By key, as in the words under `fault`: what it is and what to do, for the log and for a replay.
The first holds where several are true."""
