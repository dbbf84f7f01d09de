"""A process at the till: `python -m tests.tills.shift FILE DEED COUNT` does it and tells each commit."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.seeding import sell_one
from factorypos_tui.tills.bundled.till import BundledTill


def main(file: str, deed: str, count: int) -> None:
    till = BundledTill(Path(file))
    for n in range(count):
        if deed == "sell" or (deed == "both" and n % 3):
            receipt = sell_one(till, Random(n), datetime.now(UTC))  # noqa: S311 - a basket, not a secret
            print("sold", receipt.uid, flush=True)  # noqa: T201 - our voice
        else:
            print("closed", close(till.database()), flush=True)  # noqa: T201 - our voice


def close(database: Database) -> int:
    return close_period(database, now=datetime.now(UTC), software="test").z_number


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
