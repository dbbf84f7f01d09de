"""Reads the cash point closings of a DSFinV-K zip, taxonomy 2: what a German till hands to an inspector.

Only tables of the module *Kassenabschluss* are read, each within bounds; no single receipt is looked at."""

import csv
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from factorypos_tui.archive.compare.closings import CARD, CASH, NOT_CASH, OTHER, Close

CLOSINGS, RATES, CASES, PAYMENTS, REGISTERS = (
    "cashpointclosing.csv",
    "vat.csv",
    "businesscases.csv",
    "payment.csv",
    "cashregister.csv",
)
CASH_BY_CURRENCY, PLACES = "cash_per_currency.csv", "location.csv"
"""Tables that a zip may lack."""
NOT_SALES = frozenset(
    (
        *(
            "Anfangsbestand",
            "Auszahlung",
            "DifferenzSollIst",
            "Einzahlung",
            "Forderungsaufloesung",
            "Geldtransit",
        ),
        *("Lohnzahlung", "Privateinlage", "Privatentnahme", "TrinkgeldAG", "TrinkgeldAN", "ZuschussUnecht"),
    )
)
"""Business cases (GV_TYP) that are no sales, so that no rate of a Z has them."""
_KINDS = {"Bar": CASH, "ECKarte": CARD, "Kreditkarte": CARD, "Unbar": NOT_CASH}
_MOST_FILES, _MOST_BYTES, _MOST_ROWS, _LONGEST_ROW = 1000, 256 << 20, 1_000_000, 1 << 16
_AMOUNT = re.compile(r"-?[0-9]{1,13}([.,][0-9]{1,5})?")
_NUMBER = re.compile(r"[0-9]{1,15}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_WITHOUT_CENTS, _WITH_MILLS = frozenset(("CLP", "ISK", "JPY", "KRW")), frozenset(("BHD", "KWD", "TND"))
Row = Mapping[str, str]
Key = tuple[str, str, str]
"""Register, when it was made, and number: what all tables share."""


class UnreadableZipError(ValueError):
    """The file is no DSFinV-K that can be read; `file` is the table at fault, or empty."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}" if file else reason)
        self.file = file


def read_closings(path: Path) -> Mapping[str, Mapping[int, Close]]:
    """The closes in a zip, by register and number. Raises `UnreadableZipError`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _Reader(archive).closings()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, EOFError) as error:
        raise UnreadableZipError("", str(error)) from error


class _Reader:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        entries = archive.infolist()
        if len(entries) > _MOST_FILES:
            raise UnreadableZipError("", "too many files")
        self._entries = {it.filename.lower(): it for it in entries}
        if len(self._entries) < len(entries):
            raise UnreadableZipError("", "a file is there twice")

    def closings(self) -> Mapping[str, Mapping[int, Close]]:
        """All closes, by register and number."""
        currencies = {_key(it): it.get("KASSE_BASISWAEH_CODE", "") for it in self._rows(REGISTERS)}
        by_rate, payments = self._by_rate(), self._payments()
        cash, places = self._cash(), self._places()
        found: dict[str, dict[int, Close]] = defaultdict(dict)
        for row in self._rows(CLOSINGS):
            key, number = _key(row), row.get("Z_NR", "")
            if not _NUMBER.fullmatch(number) or int(number) in found[key[0]]:
                raise UnreadableZipError(CLOSINGS, "Z_NR is no number, or there twice")
            currency = currencies.get(key) or "EUR"
            if not _CURRENCY.fullmatch(currency):
                raise UnreadableZipError(REGISTERS, "KASSE_BASISWAEH_CODE is no currency")
            digits = _digits_of(currency)
            paid = {kind: _minor(it, digits) for kind, it in payments.get(key, {}).items()}
            paid[CASH] = _minor(_amount(row, "Z_SE_BARZAHLUNGEN", CLOSINGS), digits)
            if NOT_CASH in paid:
                paid = {CASH: paid[CASH], NOT_CASH: sum(it for kind, it in paid.items() if kind != CASH)}
            rates = {
                rate: (_minor(gross, digits), _minor(tax, digits))
                for rate, (gross, tax) in by_rate.get(key, {}).items()
            }
            date = row.get("Z_BUCHUNGSTAG") or key[1]
            found[key[0]][int(number)] = Close(
                int(number),
                date[:10],
                currency,
                rates,
                paid,
                None if cash is None else {it: paid for it, paid in cash.get(key, {}).items() if paid},
                places.get(key),
            )
        return found

    def _by_rate(self) -> Mapping[Key, Mapping[Decimal, tuple[Decimal, Decimal]]]:
        rates = {
            (_key(it), it.get("UST_SCHLUESSEL", "")): _amount(it, "UST_SATZ", RATES).normalize()
            for it in self._rows(RATES)
        }
        sums: dict[Key, dict[Decimal, tuple[Decimal, Decimal]]] = defaultdict(dict)
        for row in self._rows(CASES):
            if row.get("GV_TYP") in NOT_SALES:
                continue
            key = _key(row)
            rate = rates.get((key, row.get("UST_SCHLUESSEL", "")))
            if rate is None:
                raise UnreadableZipError(CASES, "a UST_SCHLUESSEL is not in vat.csv")
            gross, tax = sums[key].get(rate, (Decimal(), Decimal()))
            sums[key][rate] = (
                gross + _amount(row, "Z_UMS_BRUTTO", CASES),
                tax + _amount(row, "Z_UST", CASES),
            )
        return sums

    def _payments(self) -> Mapping[Key, Mapping[str, Decimal]]:
        sums: dict[Key, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for row in self._rows(PAYMENTS):
            kind = _KINDS.get(row.get("ZAHLART_TYP", ""), OTHER)
            sums[_key(row)][kind] += _amount(row, "Z_ZAHLART_BETRAG", PAYMENTS)
        return sums

    def _cash(self) -> Mapping[Key, Mapping[str, int]] | None:
        if CASH_BY_CURRENCY not in self._entries:
            return None
        sums: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in self._rows(CASH_BY_CURRENCY):
            currency = row.get("ZAHLART_WAEH", "")
            if not _CURRENCY.fullmatch(currency):
                raise UnreadableZipError(CASH_BY_CURRENCY, "ZAHLART_WAEH is no currency")
            amount = _amount(row, "ZAHLART_BETRAG_WAEH", CASH_BY_CURRENCY)
            sums[_key(row)][currency] += _minor(amount, _digits_of(currency))
        return sums

    def _places(self) -> Mapping[Key, str]:
        if PLACES not in self._entries:
            return {}
        return {_key(it): it["LOC_NAME"] for it in self._rows(PLACES) if it.get("LOC_NAME")}

    def _rows(self, name: str) -> Iterator[Row]:
        entry = self._entries.get(name)
        if entry is None:
            raise UnreadableZipError(name, "it is missing")
        if entry.file_size > _MOST_BYTES:
            raise UnreadableZipError(name, "it is far too large")
        try:
            rows = csv.reader(self._lines(entry), delimiter=";", strict=True)
            heading = [it.strip().upper() for it in next(rows, [])]
            for count, cells in enumerate(rows):
                if count == _MOST_ROWS:
                    raise UnreadableZipError(name, "it has too many rows")
                if cells:
                    yield dict(zip(heading, cells, strict=True))
        except (ValueError, csv.Error) as error:
            if isinstance(error, UnreadableZipError):
                raise
            raise UnreadableZipError(name, "it is no table with semicolons in UTF-8") from error

    def _lines(self, entry: zipfile.ZipInfo) -> Iterator[str]:
        with self._archive.open(entry) as file:
            begins = True
            while line := file.readline(_LONGEST_ROW):
                if len(line) == _LONGEST_ROW:
                    raise ValueError("a row that is too long")
                yield line.decode("utf-8-sig" if begins else "utf-8")
                begins = False


def _key(row: Row) -> Key:
    return row.get("Z_KASSE_ID", ""), row.get("Z_ERSTELLUNG", ""), row.get("Z_NR", "")


def _amount(row: Row, name: str, file: str) -> Decimal:
    text = row.get(name, "")
    if not _AMOUNT.fullmatch(text):
        raise UnreadableZipError(file, f"{name} is no amount")
    return Decimal(text.replace(",", "."))


def _digits_of(currency: str) -> int:
    return 0 if currency in _WITHOUT_CENTS else 3 if currency in _WITH_MILLS else 2


def _minor(amount: Decimal, digits: int) -> int:
    return int(amount.scaleb(digits).to_integral_value())
