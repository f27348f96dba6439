"""`kiosk models`: lists the model files or downloads them."""

from argparse import Namespace

from kiosk.errors import ModelError
from kiosk.vision.models import download


def run(arguments: Namespace) -> int:
    """Prints the list, or the path of each file that was obtained."""
    if arguments.list:
        print(download.table())
        return 0
    print(download.obtain_default(print, arguments.variant))
    try:
        print(download.obtain_mask(print))
    except ModelError as error:
        print(f"{error}\nwithout it the back is judged by the empty room alone")
    return 0
