"""Norwegian SAF-T Cash Register 1.00 with the X and Z events of tills: a file for each company and currency,
and `saft-unknown.csv` with what the format demands and the reports lack.

The events of a till wait in a file of their own until those of all tills are known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from factorypos_tui.archive.export import saft_elements as saft
from factorypos_tui.archive.export.amounts import digits_of
from factorypos_tui.archive.export.folders import Folder, Part
from factorypos_tui.archive.export.inputs import Asked, Company, Read
from factorypos_tui.archive.export.saft_elements import element, group
from factorypos_tui.archive.export.saft_events import event_of, identity_of
from factorypos_tui.archive.export.tables import line

UNKNOWN_COLUMNS = ("file", "terminal_id", "report", "report_id", "business_date", "element", "why")
_PIECE = 1 << 20
_NO_NAME = re.compile("[^A-Za-z0-9]")


class NoPlaceError(Exception):
    """The format has no place for amounts in this currency."""

    def __init__(self, currency: str) -> None:
        super().__init__(currency)
        self.currency = currency


@dataclass(slots=True)
class _Register:
    """A till of a store."""

    name: str
    waiting: Path
    """Its events so far."""


@dataclass(slots=True)
class _File:
    """What becomes one file."""

    path: str
    company: Company | None
    currency: str
    first: str
    last: str
    stores: dict[tuple[str, str], dict[str, _Register]] = field(default_factory=dict)
    """(store id, name) -> terminal id -> the till."""
    kinds: set[str] = field(default_factory=set)
    payments: set[str] = field(default_factory=set)


class Saft:
    """Writes the files."""

    def __init__(self, folder: Folder, asked: Asked) -> None:
        self._folder, self._asked = folder, asked
        self._files: dict[tuple[str, str], _File] = {}
        self._unknown: Part | None = None
        self._waiting = 0

    def add(self, report: Read) -> None:
        """The event of an X or a Z; raises `NoPlaceError`."""
        currency = report["currency"]
        if currency not in saft.CURRENCIES or digits_of(currency) > 2:
            raise NoPlaceError(currency)
        file = self._file_of(report, currency)
        event, unknown = event_of(report)
        with self._register_of(file, report).waiting.open("a", encoding="utf-8") as waiting:
            waiting.write(event)
        self._note_facts(file, report)
        number = f"Z{report['z_number']}" if report.is_z else "X"
        of_report = (report["terminal_id"], number, report["report_id"], report["business_date"])
        for it in unknown:
            self._told().write(line((file.path, *of_report, it.element, it.why)))

    def finish(self) -> None:
        """Put the events of each file together."""
        for file in self._files.values():
            with self._folder.part(file.path) as part:
                for piece in self._pieces(file):
                    part.write(piece)
        if self._unknown:
            self._folder.end(self._unknown)

    def _told(self) -> Part:
        if self._unknown is None:
            self._unknown = self._folder.begin("saft-unknown.csv")
            self._unknown.write(line(UNKNOWN_COLUMNS))
        return self._unknown

    def _file_of(self, report: Read, currency: str) -> _File:
        company = report.store.company
        key = (company.id if company else "", currency)
        if key not in self._files:
            ident = _NO_NAME.sub("", identity_of(company)[0]) or "unknown"
            stamp = re.sub("[^0-9]", "", self._asked.made_at)[:14]
            number = f"_{len(self._files) + 1}" if self._files else ""
            path = f"SAF-T Cash Register_{ident}_{stamp}{number}.xml"
            day = report["business_date"]
            self._files[key] = _File(path, company, currency, day, day)
        return self._files[key]

    def _register_of(self, file: _File, report: Read) -> _Register:
        registers = file.stores.setdefault((report.store.id, report.store.name), {})
        terminal_id = report["terminal_id"]
        if terminal_id not in registers:
            self._waiting += 1
            place = self._folder.root / f".events-{self._waiting}"
            place.touch(mode=0o600)
            registers[terminal_id] = _Register(report["terminal_name"], place)
        return registers[terminal_id]

    def _note_facts(self, file: _File, report: Read) -> None:
        file.first = min(file.first, report["business_date"])
        file.last = max(file.last, report["business_date"])
        file.kinds.add(report["kind"])
        file.payments.update([row["type"] for row in report["payments"]] or ["other"])

    def _pieces(self, file: _File) -> Iterator[bytes]:
        yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
        yield f'<auditfile xmlns="{saft.NAMESPACE}">'.encode()
        yield _header(file, self._asked).encode()
        ident, name = identity_of(file.company)
        yield f"<company>{element('companyIdent', ident)}{element('companyName', name)}".encode()
        yield group("basics", _basics(file)).encode()
        for (_store_id, store), registers in file.stores.items():
            yield f"<location>{element('name', saft.text(store, 100))}".encode()
            for terminal_id, register in registers.items():
                yield f"<cashregister>{element('registerID', terminal_id)}".encode()
                yield element("regDesc", saft.text(register.name, 999)).encode()
                yield from _all_of(register.waiting)
                yield b"</cashregister>"
            yield b"</location>"
        yield b"</company></auditfile>\n"


def _header(file: _File, asked: Asked) -> str:
    first, last = asked.first or file.first, asked.last or file.last
    years = sorted({first[:4], last[:4]})
    program, _space, version = asked.made_by.rpartition(" ")
    parts = (
        element("fiscalYear", "-".join(years)),
        element("startDate", min(first, file.first)),
        element("endDate", max(last, file.last)),
        element("curCode", file.currency),
        element("dateCreated", asked.made_at[:10]),
        element("timeCreated", asked.made_at[11:19]),
        element("softwareDesc", saft.text(program, 100)),
        element("softwareVersion", saft.text(version, 20)),
        element("softwareCompanyName", saft.text(program, 100)),
        element("auditfileVersion", "1.00"),
        element("headerComment", "Only X and Z reports. What they lack is in saft-unknown.csv."),
    )
    return group("header", parts)


def _basics(file: _File) -> Iterator[str]:
    """The codes that the events use."""
    for kind in sorted(file.kinds):
        code, name = saft.EVENTS[kind]
        yield _basic("13", code, code, name)
    for kind in sorted(file.payments):
        code, name = saft.PAYMENTS.get(kind, saft.OTHER_PAYMENT)
        yield _basic("12", saft.payment(kind), code, name)


def _basic(kind: str, ident: str, code: str, name: str) -> str:
    parts = (
        element("basicType", kind),
        element("basicID", ident),
        element("predefinedBasicID", code),
        element("basicDesc", name),
    )
    return group("basic", parts)


def _all_of(waiting: Path) -> Iterator[bytes]:
    with waiting.open("rb") as events:
        while piece := events.read(_PIECE):
            yield piece
    waiting.unlink()
