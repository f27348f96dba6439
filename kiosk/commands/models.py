"""`kiosk models`: lists the model files or downloads them."""

from argparse import Namespace

from kiosk.errors import ModelError
from kiosk.vision.models import download
from kiosk.vision.models.manifest import MaskSpec, ModelSpec, load_manifest, weights_folder


def run(arguments: Namespace) -> int:
    """Prints the list, or the path of each file that was obtained."""
    if arguments.list:
        print(format_models())
        return 0
    print(download.obtain_default(print, arguments.variant))
    try:
        print(download.obtain_mask(print))
    except ModelError as error:
        print(f"{error}\nwithout it the back is judged by the empty room alone")
    return 0


def format_models() -> str:
    """Formats every model of the manifest with its size, licence and whether its file is here."""
    folder, manifest = weights_folder(), load_manifest()
    rows = [("variant", "input", "bytes", "licence", "here")]
    specs: dict[str, ModelSpec | MaskSpec] = {**manifest.models, **manifest.masks}
    for name, spec in specs.items():
        height, width = spec.input_px if isinstance(spec, MaskSpec) else (spec.input_px,) * 2
        here = download.file_fault(folder / spec.file, spec) or "yes"
        rows.append((name, f"{height}x{width}", f"{spec.size_bytes:,}", spec.licence, here))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
