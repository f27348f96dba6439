"""`kiosk home`: tells Home Assistant how the mirror is, over MQTT."""

import logging
import signal
import threading
from argparse import Namespace

from kiosk.errors import SettingsError
from kiosk.outbox.home import run_home, try_broker
from kiosk.settings import load

END_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run(arguments: Namespace) -> int:
    """Sends until a signal comes, or tries the broker once."""
    settings = load(arguments.settings)
    if not settings.home.broker:
        raise SettingsError("home.broker is empty; name the MQTT broker of Home Assistant")
    if arguments.what == "check":
        print(try_broker(settings))
        return 0
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in END_SIGNALS}
    for number in END_SIGNALS:
        signal.signal(number, lambda *_: stop.set())
    try:
        run_home(settings, stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0
