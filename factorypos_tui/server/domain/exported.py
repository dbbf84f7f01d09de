"""The reports that a cloud has of some stores, for an export, and the export as one file to be downloaded."""

import os
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO

from peewee import Database

from factorypos_tui import __version__
from factorypos_tui.archive.export import inputs
from factorypos_tui.archive.export.charts import Chart, packaged, read_chart
from factorypos_tui.archive.export.inputs import Asked, ExportedReport, Format, NotAskedFor
from factorypos_tui.archive.export.saft import NoPlaceError
from factorypos_tui.archive.export.writing import Extra, write_export
from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.domain.charts import OWN, accounts_of
from factorypos_tui.server.domain.closings.periods import Kind, Period
from factorypos_tui.server.domain.closings.shown import closings_within
from factorypos_tui.server.domain.held import not_here
from factorypos_tui.server.domain.keys import current_signer, public_keys
from factorypos_tui.server.errors import FieldProblem
from factorypos_tui.server.security.signing import Signer
from factorypos_tui.server.storage.bodies import zs_with_bodies
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.words import told

MOST_ZS = 40_000
"""Of one download: ten years of ten tills."""
DOWNLOADS_AT_ONCE = 2
_AT_ONCE = 50
_PIECE = 64 << 10
_turns = threading.BoundedSemaphore(DOWNLOADS_AT_ONCE)
_ACKNOWLEDGED = (ZReport.id, ZReport.content_hash, ZReport.received_at)
Lost = Callable[[str, str, int], None]
"""Takes store, business date and number of a Z whose document is not here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports an export has."""

    stores: Sequence[Store]
    first: str
    last: str
    with_xs: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person asks for; without an end of the range, all up to there."""

    form: Format
    first: date | None
    last: date | None
    chart: str = "neutral"
    """For a journal: the name of a chart that comes with the program, or `own`."""


@dataclass(frozen=True, slots=True)
class Download:
    """An export in one file."""

    name: str
    size: int
    pieces: Iterator[bytes]


def wanted_of(choice: Choice, stores: Sequence[Store]) -> Wanted:
    """The reports of a choice; raises `Invalid` where it ends before it begins."""
    first, last = choice.first or date.min, choice.last or date.max
    if first > last:
        words = told("The last day is before the first.")
        raise errors.Invalid([FieldProblem("to", "invalid", words)], words)
    with_xs = choice.form is Format.SAFT_CASH_REGISTER
    return Wanted(stores, first.isoformat(), last.isoformat(), with_xs)


def asked_of(choice: Choice, now: str, keys: bytes | None) -> Asked:
    """What `export.json` tells of it."""
    first, last = (day.isoformat() if day else None for day in (choice.first, choice.last))
    return Asked(choice.form, now, f"factorypos-tui {__version__}", first, last, keys)


def exported_reports(database: Database, wanted: Wanted, lost: Lost) -> Iterator[ExportedReport]:
    """The reports by terminal and number, a few at a time, each with what is answered to it, signed where a
    key signs; the newest X of a running day after its Zs."""
    signer = current_signer(database)
    places = _places(database, wanted.stores)
    of_stores = ZReport.store_id.in_(list(places))
    between = ZReport.business_date.between(wanted.first, wanted.last)
    terminals = ZReport.select(ZReport.terminal_id).where(of_stores, between).distinct()
    for (terminal_id,) in sorted(terminals.tuples().execute(database)):
        number = 0
        columns = (ZReport.z_number, ZReport.store_id, ZReport.business_date, *_ACKNOWLEDGED)
        query = zs_with_bodies(*columns).where(ZReport.terminal_id == terminal_id, of_stores, between)
        query = query.order_by(ZReport.z_number).limit(_AT_ONCE)
        while rows := list(query.where(ZReport.z_number > number).tuples().execute(database)):
            for number, store_id, day, *arrival, document in rows:
                if document is None:
                    lost(store_id, day, number)
                else:
                    told = _acknowledgement(signer, store_id, *arrival)
                    yield ExportedReport(bytes(document), told, places[store_id])
    if wanted.with_xs:
        xs = XReport.select(XReport.document, XReport.store_id).order_by(XReport.terminal_id)
        xs = xs.where(XReport.store_id.in_(list(places)))
        xs = xs.where(XReport.business_date.between(wanted.first, wanted.last))
        for document, store_id in xs.tuples().execute(database):
            yield ExportedReport(bytes(document), None, places[store_id])


def zs_not_asked_for(database: Database, wanted: Wanted) -> Iterator[NotAskedFor]:
    """The other Zs of the terminals that these are of, by terminal and number."""
    of_stores = ZReport.store_id.in_([store.id for store in wanted.stores])
    between = ZReport.business_date.between(wanted.first, wanted.last)
    terminals = ZReport.select(ZReport.terminal_id).where(of_stores, between).distinct()
    for (terminal_id,) in sorted(terminals.tuples().execute(database)):
        others = ZReport.select(ZReport.z_number, ZReport.content_hash, ZReport.business_date)
        others = others.where(ZReport.terminal_id == terminal_id, ~(of_stores & between))
        for number, content_hash, day in others.order_by(ZReport.z_number).tuples().execute(database):
            is_of_day = wanted.first <= day <= wanted.last
            yield NotAskedFor(terminal_id, number, content_hash, "store" if is_of_day else "day")


def exported_closings(database: Database, wanted: Wanted) -> Iterator[Extra]:
    """The closings of these stores, of the terminals that sent for no others, and of the companies that have
    no others, whose whole period is asked for."""
    for row in closings_within(database, [store.id for store in wanted.stores]):
        period = Period(Kind(row.period), row.name)
        if wanted.first <= period.first_date and period.last_date <= wanted.last:
            name = f"{row.name}.{row.revision}" if row.revision else row.name
            path = f"closings/{row.scope}/{row.scope_id}/{row.currency}/{name}.json"
            yield Extra(path, row.document.encode())


def _acknowledgement(
    signer: Signer | None, store_id: str, report_id: str, content_hash: str, received_at: str
) -> bytes | None:
    """What this cloud answers whenever the report is sent again; None where no key signs."""
    if signer is None:
        return None
    said = {"report_id": report_id, "content_hash": content_hash, "result": "unchanged"}
    said |= {"received_at": received_at, "store_id": store_id}
    signature = {"key_id": signer.key_id, "value": signer.sign(canonical.encode(said))}
    return canonical.encode({**said, "signature": signature})


def keys_file(database: Database) -> bytes | None:
    """`keys.json`: the keys that ever signed; None where there is none."""
    items = [asdict(key) for key in public_keys(database)]
    return canonical.encode({"items": items}) if items else None


def download(
    database: Database, now: str, choice: Choice, stores: Sequence[Store], company_id: str
) -> Download:
    """The export of stores of a company as a zip of its directory. Few are made at once, since each takes a
    processor and the room of its files on the disk. Raises `Busy`, `Invalid` where it is too large, where
    the format has no place for it or the company no chart of its own, and `Gone` where a document is not
    here."""
    wanted, asked = wanted_of(choice, stores), asked_of(choice, now, keys_file(database))
    chart = _chart_chosen(database, choice, company_id)
    _refuse_too_many(database, wanted)
    if not _turns.acquire(blocking=False):
        raise errors.Busy
    try:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "archive"
            _write(database, folder, asked, wanted, chart)
            return _packed(folder, asked)
    finally:
        _turns.release()


def _chart_chosen(database: Database, choice: Choice, company_id: str) -> Chart | None:
    if choice.form is not Format.JOURNAL:
        return None
    return accounts_of(database, company_id) if choice.chart == OWN else read_chart(packaged(choice.chart))


def _write(database: Database, folder: Path, asked: Asked, wanted: Wanted, chart: Chart | None) -> None:
    def lost(store_id: str, day: str, _number: int) -> None:
        raise not_here(database, store_id, day)

    try:
        write_export(
            folder,
            asked,
            exported_reports(database, wanted, lost),
            chart,
            exported_closings(database, wanted),
            zs_not_asked_for(database, wanted),
        )
    except NoPlaceError as error:
        words = told("Norwegian SAF-T has no place for amounts in {currency}. Choose another format.")
        raise errors.Invalid(words=words.format(currency=error.currency)) from error


def _refuse_too_many(database: Database, wanted: Wanted) -> None:
    query = ZReport.select().where(ZReport.store_id.in_([store.id for store in wanted.stores]))
    count = query.where(ZReport.business_date.between(wanted.first, wanted.last)).count(database)
    if count > MOST_ZS:
        words = told(
            "These are {n} Z reports, and one download has at most {most}. Choose fewer days, or ask the "
            "person who runs this FactoryCLOUD for cloud archive export."
        )
        raise errors.Invalid(words=words.format(n=count, most=MOST_ZS))


def _packed(folder: Path, asked: Asked) -> Download:
    made_at = datetime.fromisoformat(asked.made_at)
    stem = f"factorycloud-{asked.form.value}-{made_at:%Y%m%dT%H%M%SZ}"
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as somebody reads it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(it for it in folder.rglob("*") if it.is_file()):
            name = zipfile.ZipInfo(f"{stem}/{path.relative_to(folder).as_posix()}", made_at.timetuple()[:6])
            name.compress_type, name.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with path.open("rb") as source, packed.open(name, "w") as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
    size = file.seek(0, os.SEEK_END)
    return Download(f"{stem}.zip", size, _pieces(file))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _places(database: Database, stores: Sequence[Store]) -> dict[str, inputs.Store]:
    """Where each store is, by its id."""
    query = Company.select().where(Company.id.in_({store.company_id for store in stores}))
    companies = {
        it.id: inputs.Company(it.id, it.name, it.tax_id, it.country, it.currency)
        for it in query.bind(database)
    }
    return {it.id: inputs.Store(it.id, it.name, it.timezone, companies[it.company_id]) for it in stores}
