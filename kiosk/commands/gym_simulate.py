"""`kiosk gym simulate`: sends made-up sets of many mirrors to a database, and tells the rates."""

from argparse import Namespace

from tqdm import tqdm

from kiosk.gym.simulation import format_rates, simulate


def run(arguments: Namespace) -> int:
    """Simulates the mirrors and prints a table."""
    with tqdm(total=arguments.mirrors, unit="mirror", delay=2) as bar:
        rates = simulate(
            arguments.url,
            arguments.mirrors,
            arguments.days,
            arguments.sets_a_day,
            seed=arguments.seed,
            told=lambda _: bar.update() and None,
        )
    print(format_rates(rates))
    return 0
