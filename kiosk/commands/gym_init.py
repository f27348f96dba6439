"""`kiosk gym init`: creates the database's tables, or brings them up to date."""

from argparse import Namespace

from kiosk.gym.database import connected, migrate, migrations


def run(arguments: Namespace) -> int:
    """Migrates the database and prints what to do next."""
    with connected(arguments.url) as connection:
        done = migrate(connection)
        name = connection.info.dbname
    if not done:
        print(f"{name}: up to date (schema {len(migrations())})")
        return 0
    print(f"{name}: {'created' if done[0].number == 1 else 'upgraded'} (schema {done[-1].number})")
    if done[0].number == 1:
        print(
            "Next, in psql: CREATE ROLE mirrors LOGIN PASSWORD '…' IN ROLE mirror; name it in "
            "[outbox] of each mirror. For those who read: CREATE ROLE … IN ROLE coach"
        )
    return 0
