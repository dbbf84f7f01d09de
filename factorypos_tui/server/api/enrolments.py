"""Enrolment codes: the owner of a store makes, lists and revokes them; a terminal enrols with one."""

from collections import defaultdict
from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui.server import errors
from factorypos_tui.server.api.companies import shown_company, shown_store
from factorypos_tui.server.api.idempotency import create_once
from factorypos_tui.server.api.terminals import Assigned
from factorypos_tui.server.domain import enrolments
from factorypos_tui.server.domain.enrolments import CodeForm, EnrolmentForm
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.domain.numbers import last_z_number
from factorypos_tui.server.http.calls import Address, IdempotencyKey, Listing, Paging, ThisCloud, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.security.tokens import enrolment_code, new_token
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.words import told

router = APIRouter(tags=["enrolment"])


class EnrolledTerminal(BaseModel):
    id: str
    name: str
    enrolled_at: str


class ShownCode(BaseModel):
    id: str
    store_id: str
    name: str
    uses: int
    used: int
    created_at: str
    expires_at: str
    revoked_at: str | None
    terminals: list[EnrolledTerminal] = []
    """Those that came with it, the newest first."""


class NewCode(ShownCode):
    code: str
    """Shown this once, and kept nowhere."""


@router.post("/stores/{store_id}/enrolment-codes", status_code=201, responses=refusals(403))
def create_code(
    store_id: UUID, form: CodeForm, call: UserCall, idempotency_key: IdempotencyKey = None
) -> NewCode:
    """Make a code that assigns terminals to this store, each without an account."""
    cloud, secret = call.cloud, idempotency_key or new_token()
    until = cloud.now(timedelta(seconds=form.expires_in_s))
    with call.as_user() as account, call.database.atomic():
        store = store_for(call.database, account, str(store_id), Role.MANAGER)

        def add() -> ShownCode:
            made = enrolments.add_code(call.database, cloud.now(), until, account, store, form, secret)
            return ShownCode.model_validate(made.__data__)

        shown = create_once(cloud, f"{account.id} codes of {store.id}", idempotency_key, form, ShownCode, add)
    return NewCode(**shown.model_dump(), code=enrolment_code(secret, shown.id))


@router.get("/stores/{store_id}/enrolment-codes")
def list_codes(store_id: UUID, call: UserCall, page: Paging) -> Listing[ShownCode]:
    """The codes of a store by age, with the terminals that came with them; the codes themselves are shown
    once, when they are made."""
    database = call.database
    with call.as_user() as account:
        store = store_for(database, account, str(store_id), Role.MANAGER)
        rows, cursor = page.rows(
            database, enrolments.codes_of(store), EnrolmentCode.created_at, EnrolmentCode.id
        )
        came = defaultdict(list)
        for code_id, *terminal in enrolments.terminals_of(database, [row.id for row in rows]):
            came[code_id].append(
                EnrolledTerminal(**dict(zip(EnrolledTerminal.model_fields, terminal, strict=True)))
            )
    items = [ShownCode(**row.__data__, terminals=came[row.id]) for row in rows]
    return Listing(items=items, next_cursor=cursor)


@router.delete("/stores/{store_id}/enrolment-codes/{code_id}", status_code=204)
def revoke_code(store_id: UUID, code_id: UUID, call: UserCall) -> None:
    """Let a code bring no more terminals; those that it brought stay."""
    with call.as_user() as account, call.database.atomic():
        store = store_for(call.database, account, str(store_id), Role.MANAGER)
        code = enrolments.codes_of(store).where(EnrolmentCode.id == str(code_id)).get_or_none(call.database)
        if code is None:
            raise errors.NotYours(told("There is no such enrolment code in your account."))
        enrolments.revoke_code(call.database, call.cloud.now(), account.id, code)


@router.post("/enrolments", status_code=201, responses=refusals(403, 409))
def enrol(form: EnrolmentForm, cloud: ThisCloud, address: Address) -> Assigned:
    """Assign a terminal to the store of its code. The code never takes a terminal from another store."""
    token, company, store, account = enrolments.enrol(cloud, form, address)
    with cloud.database.connection_context():
        last = last_z_number(cloud.database, str(form.terminal_id), account.id)
    return Assigned(
        terminal_token=token, company=shown_company(company), store=shown_store(store), last_z_number=last
    )
