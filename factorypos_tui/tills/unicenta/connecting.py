"""What `till connect` asks of a database before it is this home's till: which tills are in it, and what their
newest papers say. Functions raise `TillError`, and `UsageError` for a url or a file of names that is none."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from factorypos_tui.core.connecting.found import Access, FoundHost, PaperClose
from factorypos_tui.core.language.money import currency_exponent
from factorypos_tui.tills.unicenta.naming import read_names
from factorypos_tui.tills.unicenta.reading import ALL, NO_MASTERS, Reader
from factorypos_tui.tills.unicenta.rows import PeriodRows
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.tables import Tables

_NO_AMOUNT = 10**15
_UTC = ZoneInfo("UTC")


def hosts(access: Access, home: Path) -> Sequence[FoundHost]:
    """The tills that sell into a database. `identity` is the id of the first period of each."""
    with _snapshot(access, home) as tables:
        return [_host(tables, host) for host in Reader(tables, "", _UTC).hosts()]


def last_closes(access: Access, home: Path, host: str, currency: str, n: int) -> Sequence[PaperClose]:
    """The `n` newest closed days of a host as their papers say them, the newest first."""
    with _snapshot(access, home) as tables:
        reader = Reader(tables, host, _UTC)
        newest = reader.closed(0, ALL)[-n:]
        digits = currency_exponent(currency)
        return [_paper(reader.period(cash, NO_MASTERS), digits) for cash in reversed(newest)]


@contextmanager
def _snapshot(access: Access, home: Path) -> Iterator[Tables]:
    names = read_names(home)
    server = Server(access.address, access.password)
    try:
        with server.snapshot():
            yield Tables(server, names)
    finally:
        server.close()


def _host(tables: Tables, host: str) -> FoundHost:
    reader = Reader(tables, host, _UTC)
    closed, first = reader.closed(0, ALL), reader.first()
    last = closed[-1] if closed else None
    return FoundHost(
        host, first.money, len(closed), last.sequence if last else None, last.closed if last else None
    )


def _paper(rows: PeriodRows, digits: int) -> PaperClose:
    """The sums of the program's own paper: each is rounded once, when it is printed."""
    paid: defaultdict[str, Decimal] = defaultdict(Decimal)
    for payment in rows.payments:
        paid[payment.name] += payment.total
    net = _sum(line.units * line.price for line in rows.lines)
    tax = _sum(tax.amount for tax in rows.taxes)
    return PaperClose(
        z_number=rows.cash.sequence,
        closed_at=rows.cash.closed or rows.cash.opened,
        receipts=len({line.ticket for line in rows.lines}),
        net=_printed(net, digits),
        tax=_printed(tax, digits),
        total=_printed(net + tax, digits),
        payments=[(name, _printed(total, digits)) for name, total in sorted(paid.items())],
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal())


def _printed(amount: Decimal, digits: int) -> int:
    """An amount in minor units, 0 where it is no amount. A DOUBLE's noise goes first."""
    if not (amount.is_finite() and abs(amount) < _NO_AMOUNT):
        return 0
    return int(amount.quantize(Decimal("1e-6"), ROUND_HALF_EVEN).scaleb(digits).quantize(1, ROUND_HALF_EVEN))
