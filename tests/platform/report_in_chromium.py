"""Opens a report of made-up mirrors in headless Chromium and checks what a coach would see.

    .venv/bin/python tests/platform/report_in_chromium.py [--keep FOLDER]

Needs Debian's packages chromium and postgresql, and the extras gym and outbox. In both colour
schemes: every chart is drawn, no text of a chart is cut off by the page, the browser complains of
nothing and asks for no other file. A control page with an error, an empty chart and a picture from
the net must fail in all of these.
"""

import argparse
import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from kiosk.commands.cli import main as kiosk
from kiosk.gym.database import connected
from kiosk.gym.page import QUESTIONS
from kiosk.gym.simulation import simulate
from postgres import binaries, server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SCHEMES = ("light", "dark")
ALLOWED = ("file:", "data:", "blob:", "about:")
PATIENCE_S = 60
DRAWN = """
[...document.querySelectorAll('.plotly-graph-div')].map(chart => {
  const marks = chart.querySelectorAll(
    '.scatterlayer .point, .scatterlayer .js-line, .barlayer .point path, .heatmaplayer image');
  const shown = [...marks].filter(mark => {
    const box = mark.getBoundingClientRect();
    return box.width > 0 || box.height > 0;
  });
  const page = document.documentElement.clientWidth;
  const cut = [...chart.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.width > 0 && (box.left < 0 || box.right > page);
  }).map(text => text.textContent);
  const ink = [...chart.querySelectorAll('.xtick text')].map(text => getComputedStyle(text).fill);
  return {id: chart.id, marks: shown.length, cut, ink: ink[0] || '',
    paper: getComputedStyle(document.body).backgroundColor};
})
"""


class Browser:
    """Headless Chromium, spoken to by the DevTools protocol over two pipes."""

    def __init__(self, program: str, profile: Path) -> None:
        to_it, mine_out = os.pipe()
        mine_in, from_it = os.pipe()

        def pipes() -> None:
            # it reads from 3 and writes to 4
            os.dup2(to_it, 13)
            os.dup2(from_it, 14)
            os.dup2(13, 3)
            os.dup2(14, 4)

        self._process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--no-first-run", "--disable-background-networking", "--disable-component-update",
             "--disable-dev-shm-usage", f"--user-data-dir={profile}", "about:blank"],
            close_fds=False,
            preexec_fn=pipes,  # noqa: PLW1509 - no thread has been started yet
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_it)
        os.close(from_it)
        self._out, self._in = mine_out, os.fdopen(mine_in, "rb", buffering=0)
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **values: object) -> dict[str, Any]:
        """Sends a command and returns its answer; what comes before it is kept as events."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": values}
        if session := getattr(self, "_session", None):
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            got = self._read()
            if got.get("id") == self._number:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return dict(got["result"])
            self.events.append(got)

    def open(self, path: Path, scheme: str) -> None:
        """Shows a file, and waits until it is loaded and drawn."""
        self.events.clear()
        self.ask(
            "Emulation.setEmulatedMedia",
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )
        self.ask(
            "Emulation.setDeviceMetricsOverride",
            width=1200, height=900, deviceScaleFactor=1, mobile=False,
        )  # fmt: skip
        self.ask("Page.navigate", url=path.as_uri())
        end_s = time.monotonic() + PATIENCE_S
        while self.value("document.readyState") != "complete":
            if time.monotonic() > end_s:
                raise RuntimeError(f"{path}: not loaded within {PATIENCE_S} s")
            time.sleep(0.2)
        # plotly draws in the next frames
        self.value("new Promise(done => setTimeout(done, 1000))")

    def value(self, expression: str) -> Any:
        """Evaluates JavaScript in the page."""
        got = self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return got["result"].get("value")

    def screenshot(self, path: Path) -> None:
        """Saves the whole page as a picture."""
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        got = self.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(got["data"]))

    def complaints(self) -> list[str]:
        """What the console and the log said since the page was opened."""
        found = []
        for event in self.events:
            values = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    details = values["exceptionDetails"]
                    found.append(str(details.get("exception", details))[:500])
                case "Runtime.consoleAPICalled" if values["type"] in {"error", "warning", "assert"}:
                    found.append(json.dumps(values["args"])[:300])
                case "Log.entryAdded" if values["entry"]["level"] in {"error", "warning"}:
                    found.append(values["entry"]["text"][:300])
        return found

    def fetched(self) -> list[str]:
        """What the page asked for beside itself."""
        urls = [
            str(event["params"]["request"]["url"])
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        pages = [url for url in urls if url.startswith("file:")]
        return [url[:200] for url in urls if not url.startswith(ALLOWED)] + pages[1:]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            chunk = self._in.read(1 << 16)
            if not chunk:
                raise RuntimeError("the browser has ended")
            self._buffer += chunk
        text, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(text))


def faults_of(browser: Browser, page: Path, scheme: str, charts: list[str]) -> list[str]:
    """Opens a page and says what is wrong with it."""
    browser.open(page, scheme)
    drawn = browser.value(DRAWN)
    found = [
        f"chart {name} is not there" for name in charts if name not in {d["id"] for d in drawn}
    ]
    for chart in drawn:
        if chart["marks"] == 0:
            found.append(f"{chart['id']}: nothing is drawn")
        found += [f"{chart['id']}: {text!r} is cut off" for text in chart["cut"]]
        dark_ink = chart["ink"] == "rgb(28, 31, 36)"
        if dark_ink != (scheme == "light"):
            found.append(f"{chart['id']}: ink {chart['ink']} on {chart['paper']} in {scheme}")
    found += [f"complaint: {text}" for text in browser.complaints()]
    found += [f"fetched: {url}" for url in browser.fetched()]
    return found


@contextmanager
def opened(program: str) -> Iterator[Browser]:
    with TemporaryDirectory(prefix="profile", ignore_cleanup_errors=True) as profile:
        browser = Browser(program, Path(profile))
        try:
            yield browser
        finally:
            browser.close()


def write_reports(folder: Path) -> dict[str, Path]:
    """Makes up two weeks of a gym and draws their last one in both languages."""
    programs = binaries()
    if programs is None:
        sys.exit("PostgreSQL's server is missing: apt install postgresql")
    pages = {language: folder / f"week_{language}.html" for language in ("en", "de")}
    with server(programs) as running:
        url = running.url()
        assert kiosk(["gym", "init", url]) == 0
        simulate(url, 8, 17, 24)
        with connected(url) as connection:
            connection.execute(
                "UPDATE gym.mirrors SET last_set_at = now() - interval '5 days' "
                "WHERE name LIKE '%3'"
            )
            connection.execute(
                "UPDATE gym.health SET faults = '{camera}', temperature_c = 84 WHERE mirror = "
                "(SELECT id FROM gym.mirrors ORDER BY name LIMIT 1)"
            )
        for language, page in pages.items():
            settings = folder / f"{language}.toml"
            settings.write_text(f'[screen]\nlanguage = "{language}"\n')
            command = ["gym", "report", url, "--out", str(page), "--settings", str(settings)]
            assert kiosk(command) == 0
    return pages


def write_control(page: Path, folder: Path) -> Path:
    """The page with what must be found: an error, a picture of the net, a chart without marks."""
    text = page.read_text("utf-8")
    text = text.replace("default-src 'none'; ", "").replace("img-src data: blob:", "img-src *")
    text = text.replace(
        "</body>",
        "<img src='http://127.0.0.1:9/x.png'><script>for (const mark of document.querySelectorAll("
        "'#chart-usage .heatmaplayer image')) mark.remove(); nobody.knows();</script></body>",
    )
    control = folder / "control.html"
    control.write_text(text, "utf-8")
    return control


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="folder for the pages and their pictures")
    keep = parser.parse_args().keep
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        sys.exit("Chromium is missing: apt install chromium")
    wrong = 0
    with TemporaryDirectory() as temporary:
        folder = keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        pages = write_reports(folder)
        charts = [f"chart-{question}" for question in QUESTIONS]
        with opened(program) as browser:
            for language, page in pages.items():
                for scheme in SCHEMES:
                    faults = faults_of(browser, page, scheme, charts)
                    browser.screenshot(folder / f"week_{language}_{scheme}.png")
                    wrong += len(faults)
                    print(f"{language} {scheme}: {'; '.join(faults) or 'as it should be'}")
            control = faults_of(browser, write_control(pages["en"], folder), "light", charts)
        for sign in ("chart-usage: nothing is drawn", "nobody", "fetched: http://127.0.0.1:9"):
            if not any(sign in fault for fault in control):
                wrong += 1
                print(f"the control's fault was not found: {sign}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
