"""Closings of months and years: their sums over the Zs that they name, their chain, their signatures."""

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from factorypos_tui.archive.verify.announced import Announced
from factorypos_tui.archive.verify.directory import Directory
from factorypos_tui.archive.verify.faults import N_, Kind, found
from factorypos_tui.archive.verify.reading import Fields, digest, parse
from factorypos_tui.archive.verify.reports import PAYMENT, TAX, TOTALS, Perpetual, Rows, Z, rows_of
from factorypos_tui.archive.verify.signatures import Signatures

_NAME = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
Figures = tuple[int, tuple[int, ...], dict[tuple[str, ...], list[int]], dict[tuple[str, ...], list[int]]]
"""Receipts, totals, taxes and payments."""
Days = Mapping[tuple[str, int], Z]
"""The Zs of an export, by terminal and number."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A month or a year that a cloud closed."""

    path: str
    scope: str
    scope_id: str
    currency: str
    period: str
    name: str
    first_date: str
    last_date: str
    revision: int
    corrects: str | None
    previous_hash: str | None
    content_hash: str
    made_at: str
    zs: tuple[tuple[str, int, str, str, str], ...]
    """Terminal, number, business date, report id and hash."""
    figures: Figures
    perpetual: Perpetual

    @property
    def line(self) -> tuple[str, str, str, str]:
        """What its chain is of."""
        return self.scope, self.scope_id, self.currency, self.period


class Closings:
    """The closings of an export, checked against its Zs."""

    def __init__(self, directory: Directory, announced: Announced, zs: Days, signatures: Signatures) -> None:
        self._directory, self._announced, self._zs = directory, announced, zs
        self._signatures = signatures
        self._of_terminal: dict[tuple[str, str], list[Z]] = defaultdict(list)
        for z in sorted(zs.values(), key=_date):
            self._of_terminal[z.terminal_id, z.currency].append(z)
        self.count = self.signed = 0
        self.days_in_none: set[str] = set()
        """Days of closed periods that came in after the newest closing."""
        self.without_all_days = 0
        """How many name days that the export does not hold, so their sums were not checked."""

    def check(self) -> None:
        """Raises `FaultFound` at the first closing that is not what its days say."""
        closings = [self._read(path) for path in self._directory.paths("closings/")]
        self.count = len(closings)
        closings.sort(key=lambda it: (it.line, it.name, it.revision))
        for _line, together in groupby(closings, lambda it: it.line):
            self._check_line(list(together))

    def _read(self, path: str) -> Closing:
        document = parse(self._directory.read(path), path)
        fields = Fields(document, path)
        closing = _closing(fields, path)
        if digest(document, "content_hash", "signature") != closing.content_hash:
            raise found(Kind.CONTENT_CHANGED, path, N_("Its content does not fit its hash."))
        if fields.has("signature") and not fields.is_null("signature"):
            self._signatures.check(document, fields, fields.instant("made_at"))
            self.signed += 1
        return closing

    def _check_days(self, closing: Closing, is_newest: bool) -> None:
        """One that was corrected may name a Z otherwise than it is by now: another one was settled on."""
        days = []
        for terminal_id, z_number, business_date, report_id, content_hash in closing.zs:
            z = self._zs.get((terminal_id, z_number))
            if z is None:
                if self._should_hold(terminal_id, z_number, business_date):
                    raise _wrong(closing, N_("It names Z {z_number}, which is missing."), z_number=z_number)
                continue
            said = (business_date, report_id, content_hash, closing.currency)
            if said != (z.business_date, z.report_id, z.content_hash, z.currency):
                if not is_newest:
                    continue
                raise _wrong(closing, N_("It names Z {z_number} otherwise than it is."), z_number=z_number)
            if not closing.first_date <= business_date <= closing.last_date:
                raise _wrong(closing, N_("Z {z_number} is of another period."), z_number=z_number)
            days.append(z)
        if len(days) < len(closing.zs):
            self.without_all_days += 1
        elif closing.figures != _added_up(days):
            raise _wrong(closing, N_("Its sums are not those of its days."))

    def _should_hold(self, terminal_id: str, z_number: int, business_date: str) -> bool:
        held = (it for it in self._announced.terminals if it.terminal_id == terminal_id)
        return self._announced.covers(business_date, business_date) and any(
            it.first_z_number <= z_number <= it.last_z_number for it in held
        )

    def _check_line(self, line: list[Closing]) -> None:
        """`line`: by name and revision."""
        periods: list[list[Closing]] = []
        for _name, together in groupby(line, lambda it: it.name):
            revisions = list(together)
            for n, closing in enumerate(revisions):
                self._check_days(closing, n == len(revisions) - 1)
                self._check_revision(closing, n, revisions)
                self._check_previous(closing, _before(closing, periods))
            self._check_newest(revisions[-1])
            periods.append(revisions)

    def _check_revision(self, closing: Closing, n: int, revisions: list[Closing]) -> None:
        if closing.revision != n:
            raise _wrong(closing, N_("The closing that it corrects is missing."))
        if closing.corrects != (revisions[n - 1].content_hash if n else None):
            raise _wrong(closing, N_("It corrects another closing than the one before it."))

    def _check_previous(self, closing: Closing, before: list[Closing]) -> None:
        if before and closing.previous_hash not in {it.content_hash for it in before}:
            raise _wrong(closing, N_("It names another closing before it than {name}."), name=before[0].name)
        is_later = self._announced.first_date is not None
        if not before and closing.previous_hash is not None and not is_later:
            raise _wrong(closing, N_("The closing before it is missing."))

    def _check_newest(self, closing: Closing) -> None:
        """The newest closing of a terminal's period: its total since the first sale, the days it lacks."""
        if closing.scope != "terminal" or not self._announced.covers(closing.first_date, closing.last_date):
            return
        own = self._of_terminal[closing.scope_id, closing.currency]
        named = {number for _terminal, number, *_rest in closing.zs}
        begins = bisect_left(own, closing.first_date, key=_date)
        ends = bisect_right(own, closing.last_date, key=_date)
        self.days_in_none.update(z.path for z in own[begins:ends] if z.z_number not in named)
        last = max(own[:ends], key=_number, default=None)
        if last and last.z_number in named and last.perpetual != closing.perpetual:
            raise _wrong(closing, N_("Its total since the first sale is not that of its last day."))


def _date(z: Z) -> str:
    return z.business_date


def _before(closing: Closing, periods: Sequence[list[Closing]]) -> list[Closing]:
    """The closings of the period before; one that was closed only later was none yet."""
    there = (it for it in reversed(periods) if it[0].made_at <= closing.made_at)
    return next(there, [])


def _number(z: Z) -> int:
    return z.z_number


def _wrong(closing: Closing, words: str, **values: str | int) -> Exception:
    return found(Kind.CLOSING_WRONG, closing.path, words, **values)


def _closing(fields: Fields, path: str) -> Closing:
    totals, perpetual = fields.group("totals"), fields.group("perpetual")
    closing = Closing(
        path,
        fields.one_of("scope", "terminal", "store", "company"),
        fields.uuid("scope_id"),
        fields.currency("currency"),
        fields.one_of("period", "month", "year"),
        fields.shaped("name", _NAME),
        fields.day("first_date"),
        fields.day("last_date"),
        fields.whole("revision", 0),
        None if fields.is_null("corrects") else fields.sha256("corrects"),
        None if fields.is_null("previous_hash") else fields.sha256("previous_hash"),
        fields.sha256("content_hash"),
        fields.instant("made_at"),
        tuple(_named(row) for row in fields.rows("zs")),
        (
            fields.whole("receipts", 0),
            tuple(totals.whole(name) for name in TOTALS),
            _by_key(rows_of(fields, "taxes", ("code", "rate"), TAX)),
            _by_key(rows_of(fields, "payments", ("code",), PAYMENT)),
        ),
        Perpetual(perpetual.whole("sales"), perpetual.whole("refunds")),
    )
    _check_name(closing)
    if [row[:2] for row in closing.zs] != sorted({row[:2] for row in closing.zs}):
        raise _wrong(closing, N_("Its days are not in their order, or there twice."))
    if closing.perpetual.sales - closing.perpetual.refunds != perpetual.whole("net"):
        raise _wrong(closing, N_("The total since the first sale is not sales less refunds."))
    return closing


def _named(row: Fields) -> tuple[str, int, str, str, str]:
    return (
        row.uuid("terminal_id"),
        row.whole("z_number", 1),
        row.day("business_date"),
        row.uuid("report_id"),
        row.sha256("content_hash"),
    )


def _check_name(closing: Closing) -> None:
    name = f"{closing.name}.{closing.revision}" if closing.revision else closing.name
    path = f"closings/{closing.scope}/{closing.scope_id}/{closing.currency}/{name}.json"
    is_its_period = (len(closing.name) == len("2026-01")) == (closing.period == "month")
    begins = closing.first_date == f"{closing.name}-01-01"[: len("2026-01-01")]
    ends = closing.last_date == _last_day(closing.name)
    if path != closing.path or not (is_its_period and begins and ends):
        raise _wrong(closing, N_("It is another closing than its name says."))


def _last_day(name: str) -> str:
    """The last day of `2026` or `2026-02`; empty where there is no such period."""
    year, month = int(name[:4]), int(name[5:] or 12)
    return f"{year:04}-{month:02}-{monthrange(year, month)[1]}" if year else ""


def _by_key(rows: Rows) -> dict[tuple[str, ...], list[int]]:
    """The sums of the rows of each key; rows of nothing are left away."""
    sums: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for key, figures in rows:
        sums[key] = [have + more for have, more in zip(sums[key] or [0] * len(figures), figures, strict=True)]
    return {key: figures for key, figures in sums.items() if any(figures)}


def _added_up(days: Iterable[Z]) -> Figures:
    receipts, totals = 0, [0] * len(TOTALS)
    taxes: list[tuple[tuple[str, ...], tuple[int, ...]]] = []
    payments: list[tuple[tuple[str, ...], tuple[int, ...]]] = []
    for z in days:
        receipts += z.receipts
        totals = [have + more for have, more in zip(totals, z.totals, strict=True)]
        taxes += z.taxes
        payments += z.payments
    return receipts, tuple(totals), _by_key(tuple(taxes)), _by_key(tuple(payments))
