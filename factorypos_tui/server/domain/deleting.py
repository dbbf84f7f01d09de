"""Deletes what companies have that were closed some time ago: in pieces, each a transaction of its own, so
that reports of others wait for little, and a server that ends meanwhile goes on where it was."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from peewee import Database, SqliteDatabase, fn

from factorypos_tui.server.domain.closed_companies import KEPT
from factorypos_tui.server.domain.closings.making import forget_closings
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.storage.alarm_tables import Alarm, AlarmNotice, DayMail, StoreWatch, TerminalWatch
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.barring_tables import Barred
from factorypos_tui.server.storage.chart_tables import CompanyChart
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.storage.enrolment_tables import Enrolled, EnrolmentCode
from factorypos_tui.server.storage.held_bytes import count_bytes, counted_anew, place_of
from factorypos_tui.server.storage.member_tables import Member, MemberStore
from factorypos_tui.server.storage.people_tables import Invitation, InvitationStore
from factorypos_tui.server.storage.report_tables import XReport, ZBody, ZReport
from factorypos_tui.server.storage.tables import (
    Account,
    Company,
    Configuration,
    Conflict,
    DayShare,
    Placement,
    Store,
    Terminal,
    TerminalState,
    TerminalToken,
)

logger = logging.getLogger(__name__)

PIECE = 200
"""So many reports, alarms or terminals are deleted at once; a document may be megabytes."""
FEW = 20
"""So many versions of configurations: each may be large."""
LONGEST_SECONDS = 20.0
"""For one round."""
RESTS = 3
"""So many times as long as a piece took, the round rests after it."""
ACTOR = "server"

Piece = Callable[[Database, Company, Sequence[str]], int]
"""Deletes the next few rows of one kind from the stores of a company; how many there were."""


def delete_closed(cloud: Cloud, rest: Callable[[float], object] = time.sleep) -> None:
    """Delete what is due, until this round has taken long enough. `rest` waits for so many seconds, and says
    true where the server stops."""
    until = time.monotonic() + LONGEST_SECONDS
    with cloud.database.connection_context():
        due = Company.closed_at <= cloud.now(-KEPT)
        companies = list(
            Company.select().where(due).order_by(Company.closed_at).limit(FEW).bind(cloud.database)
        )
    for company in companies:
        if not _delete(cloud, company, rest, until):
            return


def _delete(cloud: Cloud, company: Company, rest: Callable[[float], object], until: float) -> bool:
    """Whether all of a company is gone now."""
    began = time.monotonic()
    for _piece in _pieces(cloud.database, company, cloud.now()):
        if rest(RESTS * (time.monotonic() - began)) or time.monotonic() > until:
            return False
        began = time.monotonic()
    logger.info("a closed company was deleted", extra={"company_id": company.id})
    return True


def _pieces(database: Database, company: Company, now: str) -> Iterator[None]:
    """Each step deletes one piece."""
    for delete in ORDER:
        gone = 1
        while gone:
            with database.connection_context(), database.atomic():
                stores = _held_stores(database, company)
                gone = delete(database, company, stores)
            yield
    with database.connection_context(), database.atomic():
        _finish(database, company, now)
    yield


def _held_stores(database: Database, company: Company) -> Sequence[str]:
    """The stores of the company, on which no other server works meanwhile."""
    if not isinstance(database, SqliteDatabase):
        list(Company.select().where(Company.id == company.id).for_update().execute(database))
    rows = Store.select(Store.id).where(Store.company_id == company.id).order_by(Store.id)
    return [row.id for row in rows.bind(database)]


def _ids(database: Database, table: Any, condition: Any, most: int = PIECE) -> list[str]:
    rows = table.select(table.id).where(condition).limit(most)
    return [row_id for (row_id,) in rows.tuples().execute(database)]


def _zs(database: Database, company: Company, stores: Sequence[str]) -> int:
    """Zs with their documents and what they add to their days; they are kept no longer."""
    columns = (ZReport.id, ZReport.business_date, ZReport.terminal_id)
    found = ZReport.select(*columns).where(ZReport.store_id.in_(stores)).limit(PIECE)
    rows = list(found.tuples().execute(database))
    ids, dates = [row[0] for row in rows], {row[1] for row in rows}
    bodies = ZBody.business_date.in_(dates) & ZBody.report_id.in_(ids)
    sizes = ZBody.select(ZBody.report_id, fn.LENGTH(ZBody.document)).where(bodies)
    sent_by = {row[0]: row[2] for row in rows}
    sizes_of = [(sent_by[report_id], size) for report_id, size in sizes.tuples().execute(database)]
    _keep_less(database, company, [*sizes_of, *_contradicting(database, ids)])
    ZBody.delete().where(bodies).execute(database)
    DayShare.delete().where(DayShare.report_id.in_(ids)).execute(database)
    ZReport.delete().where(ZReport.id.in_(ids)).execute(database)
    return len(ids)


def _xs(database: Database, company: Company, stores: Sequence[str]) -> int:
    columns = (XReport.id, XReport.terminal_id, fn.LENGTH(XReport.document))
    found = XReport.select(*columns).where(XReport.store_id.in_(stores)).limit(PIECE)
    rows = list(found.tuples().execute(database))
    ids = [row[0] for row in rows]
    sizes = [(row[1], row[2]) for row in rows]
    _keep_less(database, company, [*sizes, *_contradicting(database, ids)])
    DayShare.delete().where(DayShare.report_id.in_(ids)).execute(database)
    XReport.delete().where(XReport.id.in_(ids)).execute(database)
    return len(ids)


def _contradicting(database: Database, report_ids: Sequence[str]) -> list[tuple[str, int]]:
    """Delete what contradicts these reports; of which terminal each was, and how many bytes it had."""
    its = Conflict.held_id.in_(report_ids)
    query = Conflict.select(Conflict.terminal_id, fn.LENGTH(Conflict.document)).where(its)
    found = list(query.tuples().execute(database))
    Conflict.delete().where(its).execute(database)
    return found


def _keep_less(database: Database, company: Company, sizes: Sequence[tuple[str, int]]) -> None:
    """Count so many bytes of each terminal no longer."""
    ids = {terminal_id for terminal_id, _ in sizes}
    accounts = dict(
        Terminal.select(Terminal.id, Terminal.account_id)
        .where(Terminal.id.in_(ids))
        .tuples()
        .execute(database)
    )
    change: Counter[tuple[Any, str]] = Counter()
    for terminal_id, size in sizes:
        change[place_of(terminal_id, accounts[terminal_id], company.account_id)] -= size
    count_bytes(database, change)


def _shares(database: Database, _company: Company, stores: Sequence[str]) -> int:
    """Those of reports that the database has lost."""
    found = DayShare.select(DayShare.report_id).where(DayShare.store_id.in_(stores)).limit(PIECE)
    ids = [report_id for (report_id,) in found.tuples().execute(database)]
    return int(DayShare.delete().where(DayShare.report_id.in_(ids)).execute(database))


def _alarms(database: Database, _company: Company, stores: Sequence[str]) -> int:
    ids = _ids(database, Alarm, Alarm.store_id.in_(stores))
    AlarmNotice.delete().where(AlarmNotice.alarm_id.in_(ids)).execute(database)
    return int(Alarm.delete().where(Alarm.id.in_(ids)).execute(database))


def _configurations(database: Database, company: Company, stores: Sequence[str]) -> int:
    columns = (Configuration.store_id, Configuration.version, fn.LENGTH(Configuration.document))
    found = Configuration.select(*columns).where(Configuration.store_id.in_(stores)).limit(FEW)
    rows = list(found.tuples().execute(database))
    for store_id, version, _size in rows:
        itself = (Configuration.store_id == store_id) & (Configuration.version == version)
        Configuration.delete().where(itself).execute(database)
    size = sum(row[2] for row in rows)
    count_bytes(database, Counter({(Account, company.account_id): -size}))
    return len(rows)


def _codes(database: Database, _company: Company, stores: Sequence[str]) -> int:
    ids = _ids(database, EnrolmentCode, EnrolmentCode.store_id.in_(stores))
    Enrolled.delete().where(Enrolled.code_id.in_(ids)).execute(database)
    return int(EnrolmentCode.delete().where(EnrolmentCode.id.in_(ids)).execute(database))


def _terminals(database: Database, _company: Company, stores: Sequence[str]) -> int:
    """Terminals with all that is known of them; one that was in another company's store before goes back
    there, revoked as it is."""
    ids = _ids(database, Terminal, Terminal.store_id.in_(stores), FEW)
    gone = [it for it in ids if not _goes_back(database, it, stores)]
    contradicting = Conflict.select(Conflict.terminal_id).where(Conflict.terminal_id.in_(gone)).limit(1)
    if contradicting.exists(database):
        return _conflicts(database, gone)
    for table in (TerminalState, TerminalToken, TerminalWatch, Placement, Enrolled, Barred):
        table.delete().where(table.terminal_id.in_(gone)).execute(database)
    forget_closings(database, "terminal", gone)
    Terminal.delete().where(Terminal.id.in_(gone)).execute(database)
    return len(ids)


def _conflicts(database: Database, terminal_ids: Sequence[str]) -> int:
    query = Conflict.select(Conflict.terminal_id, Conflict.content_hash)
    rows = list(query.where(Conflict.terminal_id.in_(terminal_ids)).limit(FEW).tuples().execute(database))
    for terminal_id, content_hash in rows:
        itself = (Conflict.terminal_id == terminal_id) & (Conflict.content_hash == content_hash)
        Conflict.delete().where(itself).execute(database)
    return len(rows)


def _goes_back(database: Database, terminal_id: str, stores: Sequence[str]) -> bool:
    """Whether a terminal was elsewhere before; it is there from now on."""
    before = Placement.select(Placement.store_id, Company.account_id)
    before = before.join(Store, on=(Store.id == Placement.store_id))
    before = before.join(Company, on=(Company.id == Store.company_id))
    before = before.where(Placement.terminal_id == terminal_id, Placement.store_id.not_in(stores))
    found = before.order_by(Placement.assigned_at.desc()).limit(1).tuples().execute(database)
    for store_id, account_id in found:
        with counted_anew(database, [terminal_id]):
            back = Terminal.update(store_id=store_id, account_id=account_id)
            back.where(Terminal.id == terminal_id).execute(database)
        return True
    return False


def _members(database: Database, company: Company, _stores: Sequence[str]) -> int:
    """All of them, and whom they invited; there are not many."""
    invitations = _ids(database, Invitation, Invitation.company_id == company.id)
    InvitationStore.delete().where(InvitationStore.invitation_id.in_(invitations)).execute(database)
    Invitation.delete().where(Invitation.id.in_(invitations)).execute(database)
    MemberStore.delete().where(MemberStore.company_id == company.id).execute(database)
    forget_closings(database, "company", [company.id])
    return int(Member.delete().where(Member.company_id == company.id).execute(database))


def _stores(database: Database, _company: Company, stores: Sequence[str]) -> int:
    """Stores, with what is short of each."""
    some = stores[:FEW]
    for table in (Placement, StoreWatch, DayMail, DeviceAuthorization):
        table.delete().where(table.store_id.in_(some)).execute(database)
    forget_closings(database, "store", some)
    return int(Store.delete().where(Store.id.in_(some)).execute(database))


ORDER: Sequence[Piece] = (
    _alarms,
    _zs,
    _xs,
    _shares,
    _configurations,
    _codes,
    _terminals,
    _members,
    _stores,
)
"""What refers to something goes before that."""


def _finish(database: Database, company: Company, now: str) -> None:
    """The company itself, its chart of accounts, and which terminals it keeps out; that it was deleted is
    noted."""
    CompanyChart.delete().where(CompanyChart.company_id == company.id).execute(database)
    Barred.delete().where(Barred.company_id == company.id).execute(database)
    if Company.delete().where(Company.id == company.id).execute(database):
        audit(database, now, ACTOR, "company.deleted", company.id, company_id=company.id)
