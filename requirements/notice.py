"""Writes NOTICE from what the pinned packages say of themselves: run it after compile.sh.

``.venv/bin/python requirements/notice.py`` reads the metadata of the packages in its own
environment, which has to hold what a test-*.txt pins.
"""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

from kiosk.vision.models.manifest import load_manifest

FOLDER = Path(__file__).resolve().parent
NOTICE = FOLDER.parent / "NOTICE"

# the spellings that are met, as SPDX has them
SPDX = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",  # segno, whose licence file has three clauses
    "BSD-3-Clause": "BSD-3-Clause",
    "LGPL v2.1": "LGPL-2.1",
    "MIT": "MIT",
    "MIT License": "MIT",
    "MPL-2.0 AND MIT": "MPL-2.0 AND MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "SIL OFL 1.1": "OFL-1.1",
}
# packages whose metadata say too little; read in their own licence files
READ = {"segno": "BSD-3-Clause"}
# shared libraries that wheels carry along, of which their metadata do not speak
CARRIED = {
    "FLAC": "BSD-3-Clause",
    "SDL2-2": "Zlib",
    "SDL2_image-2": "Zlib",
    "SDL2_mixer-2": "Zlib",
    "SDL2_ttf-2": "Zlib",
    "SvtAv1Enc": "BSD-3-Clause-Clear",
    "Xau": "MIT",
    "asound": "LGPL-2.1-or-later",
    "avcodec": "LGPL-3.0-or-later",
    "avdevice": "LGPL-3.0-or-later",
    "avfilter": "LGPL-3.0-or-later",
    "avformat": "LGPL-3.0-or-later",
    "avutil": "LGPL-3.0-or-later",
    "brotlicommon": "MIT",
    "brotlidec": "MIT",
    "com_err": "MIT",
    "crypt": "LGPL-2.1-or-later",
    "crypto": "Apache-2.0",
    "dav1d": "BSD-2-Clause",
    "drm": "MIT",
    "fluidsynth": "LGPL-2.1-or-later",
    "freetype": "FTL",
    "gfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "gmp": "LGPL-3.0-or-later",
    "gnutls": "LGPL-2.1-or-later",
    "gssapi_krb5": "MIT",
    "harfbuzz": "MIT-Modern-Variant",
    "hogweed": "LGPL-3.0-or-later",
    "jpeg": "IJG AND BSD-3-Clause AND Zlib",
    "k5crypto": "MIT",
    "keyutils": "LGPL-2.1-or-later",
    "krb5": "MIT",
    "krb5support": "MIT",
    "lber": "OLDAP-2.8",
    "ldap": "OLDAP-2.8",
    "mp3lame": "LGPL-2.0-or-later",
    "mpg123": "LGPL-2.1-or-later",
    "nettle": "LGPL-3.0-or-later",
    "ogg": "BSD-3-Clause",
    "opencore-amrnb": "Apache-2.0",
    "opencore-amrwb": "Apache-2.0",
    "opus": "BSD-3-Clause",
    "opusfile": "BSD-3-Clause",
    "png16": "libpng-2.0",
    "portmidi": "MIT",
    "pq": "PostgreSQL",
    "quadmath": "LGPL-2.1-or-later",
    "sasl2": "BSD-Attribution-HPND-disclaimer",
    "scipy_openblas64_": "BSD-3-Clause",
    "sharpyuv": "BSD-3-Clause",
    "sndfile": "LGPL-2.1-or-later",
    "ssl": "Apache-2.0",
    "swresample": "LGPL-3.0-or-later",
    "swscale": "LGPL-3.0-or-later",
    "tiff": "libtiff",
    "unistring": "LGPL-3.0-or-later",
    "vmaf": "BSD-2-Clause-Patent",
    "vorbis": "BSD-3-Clause",
    "vorbisenc": "BSD-3-Clause",
    "vorbisfile": "BSD-3-Clause",
    "vpl": "MIT",
    "vpx": "BSD-3-Clause",
    "wavpack": "BSD-3-Clause",
    "webp": "BSD-3-Clause",
    "webpdemux": "BSD-3-Clause",
    "webpmux": "BSD-3-Clause",
    "x264": "GPL-2.0-or-later",
    "x265": "GPL-2.0-or-later",
    "xcb": "MIT",
    "xcb-shape": "MIT",
    "xcb-shm": "MIT",
    "xcb-xfixes": "MIT",
    "xmp": "MIT",
}
# what comes from the system's own packages
FROM_APT = {
    "espeak-ng": ("GPL-3.0-or-later", "https://github.com/espeak-ng/espeak-ng"),
    "libcamera": ("LGPL-2.1-or-later", "https://libcamera.org"),
    "libttspico-utils, if enabled": (
        "Apache-2.0",
        "https://android.googlesource.com/platform/external/svox",
    ),
    "python3": ("PSF-2.0", "https://www.python.org"),
    "python3-lgpio": ("Unlicense", "https://abyz.me.uk/lg"),
    "python3-numpy": ("BSD-3-Clause", "https://numpy.org"),
    "python3-picamera2": ("BSD-2-Clause", "https://github.com/raspberrypi/picamera2"),
}
HEAD = """\
NOTICE

The mirror's own code is MIT: see LICENSE. It holds none of what follows; the setup fetches it, and
each has a licence of its own. A Debian package that ./setup.sh package builds holds the Python
packages and the models, whose licences allow it. Whoever hands on such a package, or a card with
all of it installed, hands on these too, and has to keep to their terms: the source of what is
under the GPL and LGPL above all.
Written by requirements/notice.py.
"""
# measured on av 18.1.0, x86_64 and aarch64: `readelf -d` of its libavcodec, and av.library_meta
GPL = """\
GPL inside av's wheel
---------------------
The wheel of av carries FFmpeg built with the encoders x264 and x265, which are under the GPL (2.0
or later; their owners also sell other licences). Its libavcodec is linked against both and does
not load without them. FFmpeg in it reports "LGPL version 3 or later", because the wheel's makers
build it from a changed configure script that no longer counts the two as GPL; a licence does not
change by that (https://github.com/PyAV-Org/PyAV/issues/2408). Taken together, that FFmpeg is
under the GPL, version 3 or later, since it is also built with --enable-version3.

The mirror never encodes a film: it decodes films and USB cameras, and calls neither encoder.

- To install the mirror on your own machines, and to use it in a gym: nothing follows. The GPL
  asks nothing of whoever only runs a program. setup.sh fetches the wheel from the registry; this
  repository holds none of it, and its own code stays MIT, which the GPL allows beside it.
- To hand out a Debian package, a card, an image or a mirror with it: you convey GPL binaries.
  Hand out with them the texts of GPL and LGPL, these notices, and the complete source of FFmpeg,
  x264 and x265 in the versions of the wheel with the scripts and patches that build them
  (https://github.com/PyAV-Org/pyav-ffmpeg), or a written offer of it, valid for three years. In a
  mirror that is sold to consumers, the owner must be able to install a changed version: no locked
  boot. You may not forbid them to copy or change these parts.
- Patents on H.264 and H.265 are another matter, on which no licence of a program decides.

Why it is not built without them: Debian's own FFmpeg has both too and is older than av needs, so
it would mean compiling FFmpeg on every Pi, in place of one wheel that is pinned by hash and is
what the tests ran on. It would not make the card free of the GPL either: espeak-ng below is under
it, as are many parts of Debian.
"""


def pinned(pattern: str = "*.txt") -> list[str]:
    """The names of the packages that the files of requirements/ pin."""
    names: set[str] = set()
    for file in FOLDER.glob(pattern):
        names |= set(re.findall(r"^([a-z0-9._-]+)==", file.read_text("utf-8"), re.MULTILINE))
    return sorted(names)


def licence_of(name: str) -> str:
    """A package's licence as SPDX has it.

    Raises:
        KeyError: it is spelt in a way not met before; add it to `SPDX`.
    """
    metadata = distribution(name).metadata
    if name in READ:
        return READ[name]
    if expression := metadata.get("License-Expression"):
        return expression
    classifiers = metadata.get_all("Classifier") or []
    said = [metadata.get("License") or ""]
    said += [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License")]
    return SPDX[next(word for word in said if word and "\n" not in word)]


def home_of(name: str) -> str:
    """Where a package is at home."""
    metadata = distribution(name).metadata
    urls = dict(url.split(", ", 1) for url in metadata.get_all("Project-URL") or [])
    known = {label.lower(): url for label, url in urls.items()}
    home = metadata.get("Home-page", "UNKNOWN")
    places = ("homepage", "home", "repository", "source", "source code", "documentation")
    return home if home != "UNKNOWN" else next(known[p] for p in places if p in known)


def carried_by(package: Distribution) -> list[str]:
    """The names of the shared libraries in a wheel, such as "avcodec" for libavcodec-….so.62."""
    files = [file.name for file in package.files or [] if ".libs/" in str(file)]
    return sorted({re.sub(r"^lib|-[0-9a-f]{8}.*$", "", name) for name in files})


def notice() -> str:
    """The text of NOTICE.

    Raises:
        KeyError: a licence or a library in a wheel that is not known here yet.
    """
    parts = [HEAD]
    on_a_pi = pinned("pi-*.txt")
    elsewhere = [name for name in pinned() if name not in on_a_pi]
    for title, names in (
        ("Python packages of the mirror, from the Python registry", on_a_pi),
        ("More of them on a PC, for the tests", elsewhere),
    ):
        rows = [(name, licence_of(name), home_of(name)) for name in names]
        parts.append(_table(title, rows))
    rows = [
        (name, CARRIED[name], f"in {package}")
        for package in pinned()
        for name in carried_by(distribution(package))
    ]
    parts.append(_table("Libraries inside their wheels", sorted(rows)))
    parts.append(GPL)
    system = [(name, *told) for name, told in FROM_APT.items()]
    parts.append(_table("From the system's own packages", system))
    manifest = load_manifest()
    models = [*manifest.models.values(), *manifest.masks.values()]
    rows = [(model.file, model.licence, model.title) for model in models]
    parts.append(_table("Models", rows))
    return "\n".join(parts)


def _table(title: str, rows: list[tuple[str, ...]]) -> str:
    lines = [f"{name:<30} {licence:<52} {rest}".rstrip() for name, licence, rest in rows]
    return "\n".join([title, "-" * len(title), *lines]) + "\n"


if __name__ == "__main__":
    NOTICE.write_text(notice(), encoding="utf-8")
