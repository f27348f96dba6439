"""Compares the floor at the hands' lowest place before and after each bend.

A load that was lifted is missing there when the person stands again, and one that was set down is
new. Poses cannot tell a lift from standing up with empty hands; these pixels can, in one picture
before and one after each bend.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kiosk.body.load import LoadReading
from kiosk.body.outline import HAND_SEEN
from kiosk.body.pose import Keypoint, Mark, Pose
from kiosk.body.state import BodyState, Outline
from kiosk.vision.camera.frame import Frame
from kiosk.vision.pose.crop import CropRegion
from kiosk.vision.pose.resample import Resampler

SIDE_PX = 256
"""Side of the compared pictures; a load of 12 cm is then six pixels wide or more."""
BENT_DROP, BENT_DEG = 0.12, 30.0
"""Shoulders lower than this, in standing heights, or a trunk that leans farther: a bend."""
REACHES = 0.15
"""Hands that went down by less, in standing heights, reached for nothing."""
STANDS_S, LONGEST_S, GAIN_DEG = 0.2, 1.0, 1.0
"""A person stands again who has come up by no more than the last for the first of these times, or
who came out of the bend the second ago: a slow lockout still lifts the load past the floor."""
AGAIN_S = 1.0
"""While a person stands, the picture is renewed after this long, since light changes."""
LOWEST = 3
"""The lowest place of a hand is the middle of so many frames."""
NEAR_LOWEST = 0.06
"""Within this of their lowest place, in standing heights, the hands rest."""
SHIFTED, ASIDE = 0.05, 0.1
"""Whoever has shifted by the hips between the two pictures, in standing heights, changes the floor
themselves, and only much counts; whoever has stepped aside, too much. The feet would show it
better, and plates hide them."""
PALM, NARROW, WIDE, ABOVE, BELOW = 0.04, 0.10, 0.5, 0.12, 0.16
"""In standing heights: how far the palm lies below the wrist, the radius around it, and how far the
strip along the floor reaches to both sides, above and below."""
HIGHEST, AT_FLOOR = 0.17, 0.08
"""The strip reaches no higher above the ankles, in standing heights: plates of 450 mm in the hands
of somebody who stands hang down to .2, and swing."""
CHANGED = 25
"""Least change of a colour, of 255, after what all of the strip changed was taken off."""
NARROW_PART, WIDE_AREA, MUCH_PART, MUCH_AREA = 0.17, 0.04, 0.5, 0.1
"""A load is gone or new where the first part of the place around a hand has changed, or the second
area of the strip, in squares of the standing height; of somebody who shifted, the others. Over 135
bends of 24 rendered visits what stayed came to .10 and .016, what was lifted or set down to .24, or
else .059, and more, but for one kettlebell, at .18; on eight recorded films what stayed came to .15
and .016, what was lifted or set down to .25 and more."""
CLEAR_PART, CLEAR_AREA = 0.22, 0.05
"""From here on a change is beyond doubt. A recorded rep in whose bend nothing was set down came to
.15, and to .19 in a copy of the film of lower quality."""

K = Keypoint
_WRISTS = (K.LEFT_WRIST, K.RIGHT_WRIST)


@dataclass(frozen=True, slots=True, eq=False)
class _Picture:
    """A person who stands: when, how much bent in degrees, on which feet, and the picture."""

    time_s: float
    bend_deg: float
    outline: Outline
    pixels: NDArray[np.uint8]
    region: CropRegion


@dataclass(slots=True)
class _Bend:
    """A bend under way: the picture before it, and where the hands have been lowest."""

    before: _Picture
    lowest: dict[Keypoint, list[tuple[float, float]]] = field(default_factory=dict)
    rest_s: float = 0.0
    seen_s: float | None = None

    def update(self, marks: tuple[Mark, ...], time_s: float, height_px: float) -> None:
        """Takes the keypoints of the next frame."""
        was_px = self.lowest_px
        for wrist in _WRISTS:
            x, y, score = marks[wrist]
            if score >= HAND_SEEN:
                places = [*self.lowest.get(wrist, []), (y, x)]
                self.lowest[wrist] = sorted(places, reverse=True)[:LOWEST]
        now_px = max(marks[wrist][1] for wrist in _WRISTS)
        if self.seen_s is None or self.lowest_px > was_px + NEAR_LOWEST * height_px:
            self.rest_s = 0.0
        elif now_px > self.lowest_px - NEAR_LOWEST * height_px:
            self.rest_s += time_s - self.seen_s
        self.seen_s = time_s

    @property
    def ankle_px(self) -> float:
        """How far down in the picture the lower ankle stood before the bend."""
        return max(y for _, y in self.before.outline.ankles)

    @property
    def lowest_px(self) -> float:
        """How far down in the picture a hand has been."""
        return max((places[0][0] for places in self.lowest.values()), default=0.0)

    @property
    def reaches(self) -> bool:
        """Whether the hands went down at all."""
        outline = self.before.outline
        hung_px = self.ankle_px - (outline.hands_up_px or outline.height_px)
        return self.lowest_px - hung_px > REACHES * outline.height_px

    def hands(self) -> list[tuple[float, float]]:
        """Each hand's lowest place, x and y in pixels of the frame."""
        middles = [places[len(places) // 2] for places in self.lowest.values()]
        return [(x, y) for y, x in middles]


class LoadObserver:
    """Follows one person's bends. For one thread; call it for every frame, in order."""

    def __init__(self) -> None:
        self._resample = Resampler(SIDE_PX)
        self._top: _Picture | None = None
        self._top_s = 0.0
        self._bend: _Bend | None = None

    def update(self, frame: Frame, pose: Pose, body: BodyState | None) -> LoadReading | None:
        """Takes a frame, with its raw pose and its body; returns a bend that is now over."""
        if body is None or body.standing is None or body.trunk_lean_deg is None:
            return None
        drop = body.shoulder_drop or 0.0
        if drop > BENT_DROP or abs(body.trunk_lean_deg) > BENT_DEG:
            reading = self._finished()
            if self._bend is None and self._top is not None:
                self._bend, self._top = _Bend(self._top), None
            if self._bend is not None:
                height_px = body.standing.outline.height_px
                self._bend.update(pose.marks, pose.time_s, height_px)
            return reading
        self._stand(frame, body)
        stands = self._top is not None and frame.time_s - self._top.time_s >= STANDS_S
        return self._finished() if stands or frame.time_s - self._top_s >= LONGEST_S else None

    def _stand(self, frame: Frame, body: BodyState) -> None:
        """Keeps the most upright picture of those since the person stood up."""
        bend_deg = abs(body.trunk_lean_deg or 0.0) + 100 * max(body.shoulder_drop or 0.0, 0.0)
        top = self._top
        if top is None:
            self._top_s = frame.time_s
        elif bend_deg > top.bend_deg - GAIN_DEG and frame.time_s - top.time_s < AGAIN_S:
            return
        cut = self._resample(frame.rgbx, CropRegion.whole(frame.size))
        self._top = _Picture(frame.time_s, bend_deg, body.outline, cut.picture, cut.region)

    def _finished(self) -> LoadReading | None:
        """The bend that is over, once the person has stood up from it."""
        bend, after = self._bend, self._top
        if bend is None or after is None:
            return None
        self._bend = None
        if not bend.reaches:
            self._top = bend.before if after.bend_deg > bend.before.bend_deg else after
            return None
        changed, doubtful = floor_changed(bend.before, after, bend.hands())
        return LoadReading(
            from_s=bend.before.time_s,
            time_s=after.time_s,
            rest_s=bend.rest_s,
            low=(bend.ankle_px - bend.lowest_px) / max(bend.before.outline.height_px, 1.0),
            changed=changed,
            doubtful=doubtful,
        )


def floor_changed(
    before: _Picture, after: _Picture, hands: list[tuple[float, float]]
) -> tuple[bool | None, bool]:
    """Whether the floor at the hands' lowest places changed, and whether that is in doubt.

    None where it cannot be seen.
    """
    if not hands or before.pixels.shape != after.pixels.shape or before.region != after.region:
        return None, False
    moved = math.dist(after.outline.hips, before.outline.hips)
    moved /= max(before.outline.height_px, 1.0)
    if moved > ASIDE:
        return None, False
    scale = SIDE_PX / before.region.side
    height = before.outline.height_px * scale
    at = [
        (
            (x - before.region.x0) * scale,
            (y - before.region.y0) * scale + PALM * height,
        )
        for x, y in hands
    ]
    xs, ys = [x for x, _ in at], [y for _, y in at]
    left, right = round(min(xs) - WIDE * height), round(max(xs) + WIDE * height)
    ankle_y = (max(y for _, y in before.outline.ankles) - before.region.y0) * scale
    top = round(max(min(ys) - ABOVE * height, ankle_y - HIGHEST * height))
    bottom = round(max(ys) + BELOW * height)
    rows, columns = slice(max(top, 0), max(bottom, 0)), slice(max(left, 0), max(right, 0))
    apart = after.pixels[rows, columns].astype(np.int16) - before.pixels[rows, columns]
    if not apart.size:
        return None, False
    apart -= np.median(apart, axis=(0, 1)).astype(np.int16)
    changed = np.abs(apart).max(axis=2) > CHANGED
    y, x = np.ogrid[: changed.shape[0], : changed.shape[1]]
    near = np.zeros(changed.shape, bool)
    for hand_x, hand_y in at:
        # the floor below a hand that a load hides from the model, and that seems higher
        floor_y = max(hand_y, ankle_y - AT_FLOOR * height)
        off_x, off_y = x + columns.start - hand_x, y + rows.start - floor_y
        near |= off_x**2 + off_y**2 < (NARROW * height) ** 2
    part = float(changed[near].mean()) if near.any() else 0.0
    area = float(changed.sum()) / height**2
    if part > MUCH_PART or area > MUCH_AREA:
        return True, False
    some = part > NARROW_PART or area > WIDE_AREA
    doubtful = some and part < CLEAR_PART and area < CLEAR_AREA
    return None if some and moved > SHIFTED else some, doubtful
