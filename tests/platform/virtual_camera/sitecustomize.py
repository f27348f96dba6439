"""Real picamera2 on real libcamera without a camera: libcamera's virtual one plays pictures.

On the PYTHONPATH of a process it replaces what only a Raspberry Pi has, and nothing else: pykms,
which picamera2 imports for a preview that nobody opens; buffers from the dma heap; the sensor's raw
modes; and what the virtual camera does not do by itself: colours, pace and trouble.
"""

import mmap
import os
import sys
import threading
import time
from types import ModuleType
from typing import Any


class AnyFormat(type):
    """Knows every name, and nothing of any of them."""

    def __getattr__(cls, name: str) -> str:
        return name


pykms = ModuleType("pykms")
pykms.PixelFormat = AnyFormat("PixelFormat", (), {})
sys.modules["pykms"] = pykms

import av  # noqa: E402 - pykms has to be there first
import libcamera  # noqa: E402 - pykms has to be there first
import numpy as np  # noqa: E402 - pykms has to be there first
import picamera2  # noqa: E402 - pykms has to be there first
import picamera2.picamera2  # noqa: E402 - pykms has to be there first
from picamera2.allocators.allocator import Allocator  # noqa: E402 - pykms has to be there first

ROW_BYTES = 64  # as a Pi 4 pads its rows


class Buffers(Allocator):
    """Memory for pictures, in which libcamera finds the two planes of NV12."""

    needs_sync = True

    def __init__(self) -> None:
        super().__init__()
        self.sync = Colours
        self.close()

    def allocate(self, libcamera_config: Any, use_case: str) -> None:
        self.close()
        for stream in libcamera_config:
            width, height = stream.size.width, stream.size.height
            self.frames[stream.stream] = []
            for number in range(stream.buffer_count):
                file = os.memfd_create(f"picture-{number}")
                os.ftruncate(file, width * height * 3 // 2)
                planes = []
                for offset, length in ((0, width * height), (width * height, width * height // 2)):
                    plane = libcamera.FrameBuffer.Plane()
                    plane.fd, plane.offset, plane.length = file, offset, length
                    planes.append(plane)
                frame = libcamera.FrameBuffer(planes)
                self.frames[stream.stream].append(frame)
                memory = mmap.mmap(file, width * height * 3 // 2)
                self.nv12[frame] = np.frombuffer(memory, np.uint8).reshape(height * 3 // 2, width)
                self.files.append(file)

    def buffers(self, stream: Any) -> list[Any]:
        return self.frames[stream]

    def close(self) -> None:
        for file in getattr(self, "files", ()):
            os.close(file)
        self.frames, self.nv12, self.files = {}, {}, []


class Colours:
    """A picture as a Pi gives it: R, G, B and a byte of no meaning in memory, rows padded."""

    def __init__(self, allocator: Buffers, frame: Any, write: bool) -> None:
        # picamera2 asks for every frame as it comes, and to write when somebody wants its array
        self.nv12 = allocator.nv12[frame] if write else None

    def __enter__(self) -> np.ndarray | None:
        if self.nv12 is None:
            return None
        picture = av.VideoFrame.from_ndarray(self.nv12, format="nv12")
        # libcamera leaves the full range of a JPEG as it is
        rgbx = picture.reformat(format="rgba", src_color_range="JPEG").to_ndarray()
        height, width, _ = rgbx.shape
        rows = np.full((height, stride(width)), 0xEE, np.uint8)
        rows[:, : 4 * width] = rgbx.reshape(height, 4 * width)
        return rows.reshape(-1)

    def __exit__(self, *_: object) -> None:
        pass


def stride(width: int) -> int:
    return -(-4 * width // ROW_BYTES) * ROW_BYTES


class Virtual(picamera2.Picamera2):
    """Picamera2 whose frames come at the pace that was asked for, until it is wedged."""

    def __init__(self) -> None:
        self.wedged = False
        self.turn = threading.Lock()
        self.due_s = 0.0
        super().__init__(allocator=Buffers())

    def _get_raw_modes(self) -> list[dict[str, Any]]:
        found = self.camera.generate_configuration([libcamera.StreamRole.Viewfinder]).at(0)
        return [{"format": str(found.pixel_format), "size": (found.size.width, found.size.height)}]

    def configure_(self, camera_config: dict[str, Any]) -> None:
        asked = camera_config["main"]["format"]
        if asked != "XBGR8888":
            raise RuntimeError(f"{asked}: here there are R, G, B, X in memory, XBGR8888 alone")
        super().configure_(camera_config)
        main = self.camera_config["main"]
        main["format"], main["stride"] = asked, stride(main["size"][0])
        self.period_s = camera_config["controls"]["FrameDurationLimits"][0] / 1e6

    def process_requests(self, display: Any) -> None:
        with self.turn:
            if self.wedged:
                return
            time.sleep(max(0.0, self.due_s - time.monotonic()))
            self.due_s = max(time.monotonic(), self.due_s) + self.period_s
            super().process_requests(display)

    def wedge(self) -> None:
        self.wedged = True
        with self.turn:  # a frame that was on its way has come
            pass

    def unwedge(self) -> None:
        self.wedged = False
        self._run_process_requests()


picamera2.picamera2.DmaAllocator = Buffers  # a new one takes its place when the camera is closed
picamera2.Picamera2 = Virtual
