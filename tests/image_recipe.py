"""The card image's recipe, read without a YAML library, and what its generator's format allows.

The recipe keeps to a part of YAML that these few lines read as any YAML reader does: mappings by an
indentation of two, lists, and scalars without quotes. tests/platform/card_image.sh compares this
with a whole reader.

The format is that of rpi-image-gen, github.com/raspberrypi/rpi-image-gen, as its master had it in
September 2026:

- fields of a layer's header: docs/layer/index.adoc at 02b5aab, site/metadata_parser.py at 2cc53ca;
- rules that values are checked by: site/validators.py at 07872e8;
- sections of a configuration: docs/config/index.adoc at 06413bf;
- hooks and overlays beside a layer: docs/execution/index.adoc at 093ffc1;
- partitions: image/gpt/ab_userdata, the layer image-rota 5.2.0 at 0c543d8, its genimage.cfg.in.ext4
  at 62dfbf6 and hooks/preimage10-slots at 1b63912;
- kernel arguments: image.d/for/linux-base/cmdline.d/50-slot at e2cead0, and
  layer/base/linux-base.adoc at 784ffc5, which names the folder of before, cmdline.d.
"""

import re
from pathlib import Path

from paths import ROOT

RECIPE = ROOT / "hardware/image"

LAYER_FIELDS = frozenset(
    f"X-Env-Layer-{name}"
    for name in (
        *("Name", "Desc", "Description", "Category", "Version", "Type", "Generator", "Sets"),
        *("Requires", "Provides", "RequiresProvider", "AfterProvider", "Conflicts"),
    )
)
LAYER_NEEDS = frozenset(f"X-Env-Layer-{name}" for name in ("Name", "Desc", "Version"))
VARIABLE_FIELDS = frozenset({"X-Env-VarPrefix", "X-Env-VarRequires", "X-Env-VarRequires-Valid"})
VARIABLE_ATTRIBUTES = frozenset(
    {"Desc", "Description", "Required", "Valid", "Set", "Anchor", "Conflicts", "Triggers"}
)
POLICIES = frozenset({"immediate", "y", "lazy", "force", "skip", "n"})
RULES = frozenset(
    {"string", "string-or-empty", "string-or-unset", "bool", "int", "size", "file-nzero"}
)
MMDEBSTRAP_KEYS = frozenset(
    {
        *("architectures", "aptopts", "components", "dpkgopts", "format", "hostname", "keyrings"),
        *("mirrors", "mode", "packages", "suite", "target", "variant"),
        *("setup-hooks", "extract-hooks", "essential-hooks", "customize-hooks", "cleanup-hooks"),
    }
)
"""Of bdebstrap, which reads the part below a layer's header."""
PHASES = ("prebuild", "setup", "extract", "essential", "customize", "cleanup", "postbuild", "sbom")
PHASES += ("preimage", "postimage", "finalize", "deploy")
BUILT_IN = frozenset(
    {
        *("debian-trixie-arm64", "rpi-debian-trixie", "rpi-misc-skel", "image-rota"),
        *("rpi4", "rpi5"),
        *("device-user-admin", "systemd-net-min", "systemd-timesyncd", "openssh-server", "iwd"),
    }
)
"""Layers of the generator that the recipe and its page name."""
ROTA_SIZES = ("boot_part_size", "system_part_size", "data_part_size")
ROTA_KEYS = frozenset({"layer", "name", "rootfs_type", *ROTA_SIZES})
BOOTCONFIG_BYTES = 32 << 20
"""The layout's first partition, which tells the firmware which slot to start."""

Node = str | list[str] | dict[str, "Node"]
_PLAIN = re.compile(r"[A-Za-z0-9./_][\w./+-]*")
"""Scalars that no YAML reader takes for anything else."""


def read_yaml(text: str) -> dict[str, Node]:
    """Reads a mapping, or nothing.

    Raises:
        ValueError: a line is not of the part of YAML that is kept to.
    """
    lines = [line for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#"]
    found, left = _mapping([line for line in lines if line != "---"], 0)
    if left:
        raise ValueError(f"not understood: {left[0]!r}")
    return found


def header(layer: Path) -> dict[str, str]:
    """The fields between METABEGIN and METAEND; a line that begins with two blanks goes on."""
    text = layer.read_text("utf-8")
    (inside,) = re.findall(r"\A# METABEGIN\n(.*?)^# METAEND$", text, re.MULTILINE | re.DOTALL)
    lines = [line.removeprefix("#").removeprefix(" ") for line in inside.splitlines()]
    fields: dict[str, str] = {}
    name = ""
    for line in filter(None, lines):
        if line[0] == " ":
            fields[name] += line
        else:
            name, colon, value = line.partition(":")
            if not colon or name in fields:
                raise ValueError(f"no field, or one a second time: {line!r}")
            fields[name] = value.strip()
    return fields


def size_bytes(size: str) -> int:
    """Of a partition, as the generator writes it: 128M, 3G."""
    number, unit = re.fullmatch(r"(\d+)([kKMG]?)", size).groups()
    return int(number) << {"": 0, "k": 10, "K": 10, "M": 20, "G": 30}[unit]


def shared_places(recipe: Path = RECIPE) -> list[str]:
    """The places that both slots share, in the order of the file."""
    (file,) = recipe.glob("layer/*.d/customize.overlay/etc/rpi-image-gen/slot-shared.d/*.conf")
    return re.findall(r"^Path=(.+)$", file.read_text("utf-8"), re.MULTILINE)


def packages(recipe: Path = RECIPE) -> list[str]:
    """What the layer has apt install."""
    section = read_yaml((recipe / "layer/gym-mirror.yaml").read_text("utf-8"))["mmdebstrap"]
    return section["packages"]


def partitions(recipe: Path = RECIPE) -> list[tuple[str, int]]:
    """Label and size in bytes of each partition, in the layout's order."""
    image = read_yaml((recipe / "config/gym-mirror.yaml").read_text("utf-8"))["image"]
    boot, system, data = (size_bytes(image[key]) for key in ROTA_SIZES)
    plan = [("bootconfig", BOOTCONFIG_BYTES), ("boot_a", boot), ("boot_b", boot)]
    return [*plan, ("system_a", system), ("system_b", system), ("persistent", data)]


def _mapping(lines: list[str], depth: int) -> tuple[dict[str, Node], list[str]]:
    found: dict[str, Node] = {}
    indent = "  " * depth
    while lines and (entry := re.fullmatch(rf"{indent}([\w-]+):(?: (\S+))?", lines[0])):
        key, value = entry.groups()
        if key in found:
            raise ValueError(f"a second time: {lines[0]!r}")
        if value is not None:
            found[key], lines = _scalar(value), lines[1:]
        elif len(lines) > 1 and lines[1].startswith(f"{indent}  - "):
            found[key], lines = _list(lines[1:], depth + 1)
        else:
            found[key], lines = _mapping(lines[1:], depth + 1)
            if not found[key]:
                raise ValueError(f"nothing below {key!r}")
    return found, lines


def _list(lines: list[str], depth: int) -> tuple[list[str], list[str]]:
    found: list[str] = []
    while lines and (entry := re.fullmatch(rf"{'  ' * depth}- (\S+)", lines[0])):
        found.append(_scalar(entry[1]))
        lines = lines[1:]
    return found, lines


def _scalar(text: str) -> str:
    if not _PLAIN.fullmatch(text) or text.lower() in {"true", "false", "yes", "no", "on", "off"}:
        raise ValueError(f"needs quotes, or is no plain word: {text!r}")
    return text
