"""A real MQTT broker in a temporary folder, and somebody who listens to it."""

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PROGRAM = shutil.which("mosquitto", path=PATH)
PATIENCE_S = 30.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(condition: Callable[[], Any], what: str) -> None:
    """Waits for another process or thread; whoever waits for too long is told for what."""
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end_s, what
        time.sleep(0.02)  # the broker is a process of its own, whose time is not ours


class Mosquitto:
    """A broker; `stop` and `start` are a restart, and what it retains is lost then."""

    def __init__(self, folder: Path, *options: str) -> None:
        assert PROGRAM
        self.port = free_port()
        self._file = folder / "mosquitto.conf"
        if not any(option.startswith(("allow_anonymous", "password_file")) for option in options):
            options = (*options, "allow_anonymous true")
        lines = (f"listener {self.port} 127.0.0.1", "persistence false", *options)
        if os.geteuid() == 0:
            lines = ("user root", *lines)
        self._file.write_text("\n".join(lines) + "\n")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert PROGRAM
        self._process = subprocess.Popen(
            [PROGRAM, "-c", self._file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(self._answers, "the broker does not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "the broker has ended"
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0


class Listener:
    """Keeps every message of a broker that allows everybody."""

    def __init__(self, port: int) -> None:
        self.messages: list[tuple[str, str, bool]] = []
        self._subscribed = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, one: self.messages.append(
            (one.topic, one.payload.decode(), one.retain)
        )
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._subscribed.wait(PATIENCE_S)

    @property
    def newest(self) -> dict[str, str]:
        """The last payload of each topic."""
        return {topic: payload for topic, payload, _ in list(self.messages)}

    def ending(self, end: str) -> str | None:
        """The last payload of the topic with that end."""
        return next((p for topic, p in self.newest.items() if topic.endswith(end)), None)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
