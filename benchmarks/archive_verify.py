"""Processor seconds of `archive verify` over ten years of one till, beside reading and hashing its files.

    python -m benchmarks.archive_verify

3,653 Zs with their signed acknowledgements, and the signed closings of each month and year. The best of five
looks counts: the machine's noise only adds to it. The goal: at most 5 s.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from factorypos_tui.archive.verify.checking import verify
from tests.archive import by_hand
from tests.archive.by_hand import BAR, NEW_KEY, ByHand, Document
from tests.archive.closing_by_hand import closing

FIRST, LAST = date(2016, 1, 1), date(2025, 12, 31)
LOOKS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        export = by_hand.written(Path(folder) / "export", ten_years().files())
        bare = least_seconds(lambda: hash_all(export))
        taken = least_seconds(lambda: check(export))
    print(f"{taken:.2f} s; reading and hashing alone {bare:.2f} s: {taken / bare:.1f} times as long")


def ten_years() -> ByHand:
    """A day's Z for each day of ten years, and what a cloud signed about them."""
    shop = ByHand(list(_days()))
    shop.acknowledgements = [by_hand.acknowledgement(z, NEW_KEY, "new") for z in shop.reports]
    shop.keys = [by_hand.key_document(NEW_KEY, "new")]
    shop.closings = [*_closings(shop.reports, len("2016-01")), *_closings(shop.reports, len("2016"))]
    return shop


def _closings(zs: list[Document], length: int) -> Iterator[Document]:
    """`length`: that of the name of a month or of a year."""
    previous = None
    for name, of_period in groupby(zs, lambda z: str(z["business_date"])[:length]):
        closed = closing(of_period, ("terminal", BAR), name, previous)
        previous = closed["content_hash"]
        yield by_hand.signed(closed, NEW_KEY, "new")


def _days() -> Iterator[Document]:
    previous, total = None, (0, 0)
    for n in range((LAST - FIRST).days + 1):
        day = (FIRST + timedelta(days=n)).isoformat()
        z = by_hand.report(BAR, n + 1, day, 50_000 + 37 * n % 10_000, previous, total)
        previous, total = z["content_hash"], (z["perpetual"]["sales"], z["perpetual"]["refunds"])
        yield z


def check(export: Path) -> None:
    verdict = verify(export)
    assert verdict.fault is None, verdict.fault
    assert (verdict.signed, verdict.signed_closings) == (3653, 130)


def hash_all(export: Path) -> None:
    for path in sorted(it for it in export.rglob("*") if it.is_file()):
        hashlib.sha256(path.read_bytes()).hexdigest()


def least_seconds(work: Callable[[], None]) -> float:
    least = float("inf")
    for _look in range(LOOKS):
        begun = time.process_time()
        work()
        least = min(least, time.process_time() - begun)
    return least


if __name__ == "__main__":
    main()
