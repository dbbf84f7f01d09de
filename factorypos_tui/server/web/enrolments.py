"""The enrolment codes of a store: made, shown once, listed and revoked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import enrolments
from factorypos_tui.server.domain.enrolments import CodeForm
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.errors import NotYours, Refused, RoleTooLow
from factorypos_tui.server.security.tokens import enrolment_code, new_token
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.tables import Account, Store
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit, Proved
from factorypos_tui.server.words import marked, told

router = APIRouter(prefix="/stores/{store_id}/enrolment-codes", include_in_schema=False)

MOST = 200
"""So many codes the page shows, the newest."""
_DAY = 24 * 60 * 60
_DURATIONS = {
    60 * 60: marked("an hour"),
    _DAY: marked("a day"),
    7 * _DAY: marked("a week"),
    30 * _DAY: marked("30 days"),
    365 * _DAY: marked("a year"),
}
_STATES = {
    "good": marked("good"),
    "used_up": marked("used up"),
    "expired": marked("too old"),
    "revoked": marked("revoked"),
    "maker_gone": marked("not good: {name} made it and may assign no terminals here now"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One code as the page shows it."""

    code: EnrolmentCode
    state: str
    maker: str
    """The name of who made it; empty for the host."""
    came: Sequence[tuple[str, str]]
    """The name of each terminal that came with it, and when."""

    @property
    def may_be_revoked(self) -> bool:
        """Whether it is good, or may be again."""
        return self.state in ("good", "maker_gone")

    @property
    def words(self) -> str:
        return told(_STATES[self.state]).format(name=self.maker)


@router.get("")
def list_codes(visit: LoggedIn, store_id: UUID, new: bool = False) -> Response:
    """`new`: the notice is a code that was just made."""
    with visit.database.connection_context():
        store = store_for(visit.database, visit.account, str(store_id), Role.MANAGER)
        lines = _lines(visit, store)
    return visit.page("enrolment_codes.html", store=store, lines=lines, made=visit.notice if new else "")


@router.get("/new")
def new_code(visit: Proved, store_id: UUID) -> Response:
    return _form(visit, store_id)


@router.post("/new")
def make_code(visit: Proved, store_id: UUID) -> Response:
    """Its page shows it from a cookie, once: so a page that is loaded again makes no second one."""
    secret, cloud = new_token(), visit.cloud
    try:
        form = visit.read(CodeForm)
        until = cloud.now(timedelta(seconds=form.expires_in_s))
        with visit.database.connection_context(), visit.database.atomic():
            store = store_for(visit.database, visit.account, str(store_id), Role.MANAGER)
            made = enrolments.add_code(visit.database, cloud.now(), until, visit.account, store, form, secret)
    except (NotYours, RoleTooLow):
        raise
    except Refused as refused:
        return _form(visit, store_id, refused)
    return visit.go(f"/stores/{store_id}/enrolment-codes", enrolment_code(secret, made.id), new="true")


@router.post("/{code_id}/revoke")
def revoke(visit: LoggedIn, store_id: UUID, code_id: UUID) -> Response:
    database = visit.database
    with database.connection_context(), database.atomic():
        store = store_for(database, visit.account, str(store_id), Role.MANAGER)
        code = enrolments.codes_of(store).where(EnrolmentCode.id == str(code_id)).get_or_none(database)
        if code is None:
            raise NotYours(told("There is no such enrolment code in your account."))
        enrolments.revoke_code(database, visit.cloud.now(), visit.account.id, code)
    words = told("The code brings no more terminals. Those that it brought go on sending.")
    return visit.go(f"/stores/{store_id}/enrolment-codes", words)


def _form(visit: OwnersVisit, store_id: UUID, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        store = store_for(visit.database, visit.account, str(store_id), Role.MANAGER)
    durations = [(str(seconds), told(words)) for seconds, words in _DURATIONS.items()]
    return visit.page("enrolment_code.html", refused, store=store, durations=durations)


def _lines(visit: OwnersVisit, store: Store) -> list[Line]:
    database, now = visit.database, visit.cloud.now()
    newest = enrolments.codes_of(store).order_by(EnrolmentCode.created_at.desc(), EnrolmentCode.id)
    codes: list[EnrolmentCode] = list(newest.limit(MOST).bind(database))
    came = _came(visit, store, [code.id for code in codes])
    backed = {code.id for code in enrolments.codes_of(store).where(enrolments.maker_may()).bind(database)}
    by = Account.select().where(Account.id.in_({code.made_by for code in codes})).bind(database)
    makers = {account.id: account.name for account in by}
    return [
        Line(
            code,
            enrolments.state_of(code, now, its_maker_may=code.id in backed),
            makers.get(code.made_by or "", ""),
            came.get(code.id, ()),
        )
        for code in codes
    ]


def _came(visit: OwnersVisit, store: Store, codes: list[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code_id, _terminal, name, enrolled_at in enrolments.terminals_of(visit.database, codes):
        found[code_id].append((name, w.moment(enrolled_at, store.timezone)))
    return found
