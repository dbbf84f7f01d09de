"""`python -m tests.tills.exchange FILE COUNT` takes two configurations in turn and tells each commit."""

import sys
from dataclasses import replace
from pathlib import Path

from factorypos_tui.core.configuration.change import UNWATCHED, Applied, Change, Why
from factorypos_tui.core.configuration.configuration import Configuration, Item
from factorypos_tui.core.configuration.difference import compare
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.configurations import BAR


def seasons() -> tuple[Configuration, Configuration]:
    """Two configurations of some hundred items that have little in common."""
    summer = [Item(f"S{n:04}", f"Summer {n}", "D1", "T10", {"BAR": n, "TERRACE": n + 1}) for n in range(600)]
    winter = [Item(f"W{n:04}", f"Winter {n}", "D2", "T21", {"BAR": n}, f"84{n}") for n in range(600)]
    both = [Item(f"B{n:04}", f"Both {n}", "D1", "T10", {"BAR": n}) for n in range(600)]
    dearer = [replace(item, name=item.name.upper(), prices={"BAR": 7, "TERRACE": 9}) for item in both]
    return (
        replace(BAR, items=tuple(sorted((*both, *summer), key=lambda item: item.code))),
        replace(
            BAR,
            items=tuple(sorted((*dearer, *winter), key=lambda item: item.code)),
            price_levels=BAR.price_levels[::-1],
        ),
    )


def take(till: BundledTill, wanted: Configuration) -> Applied:
    """Make it the till's configuration."""
    here = till.configuration()
    return till.apply_configuration(Change(here, wanted, compare(here, wanted), (), Why.DOWNLOAD), UNWATCHED)


def main(file: str, count: int) -> None:
    till = BundledTill(Path(file))
    for n in range(count):
        take(till, seasons()[n % 2])
        print("taken", flush=True)  # noqa: T201 - our voice


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
