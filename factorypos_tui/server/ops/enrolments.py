"""What an administrator does with enrolment codes while the server may be running."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from peewee import Database

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.domain.enrolments import CodeForm, add_code, maker_may, revoke_code, state_of
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.security.tokens import enrolment_code, new_token
from factorypos_tui.server.storage.enrolment_tables import EnrolmentCode
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class ListedCode:
    """An enrolment code and its store; the code itself is kept nowhere."""

    id: str
    name: str
    company: str
    store: str
    uses: int
    used: int
    created_at: str
    expires_at: str
    state: str
    """`good`, `used_up`, `expired`, `revoked`, or `maker_gone` where who made it may not do so now."""


@dataclass(frozen=True, slots=True)
class MadeCode:
    """A new code, told this once."""

    id: str
    code: str
    expires_at: str


def create_code(database: Database, store_id: str, uses: int, days: int, name: str) -> MadeCode:
    """Make a code for a store that there is. Raises `AdministrationError`."""
    now, secret = utc_now(), new_token()
    form = CodeForm(expires_in_s=int(timedelta(days=days).total_seconds()), uses=uses, name=name)
    with database.connection_context(), database.atomic():
        store = Store.select().where(Store.id == store_id).get(database)
        until = instant(now + timedelta(seconds=form.expires_in_s))
        try:
            made = add_code(database, instant(now), until, ACTOR, store, form, secret)
        except Refused as refused:
            raise AdministrationError(str(refused)) from refused
    return MadeCode(made.id, enrolment_code(secret, made.id), until)


def list_codes(database: Database) -> list[ListedCode]:
    """All codes by company and store, the newest first."""
    with database.connection_context():
        query = (
            EnrolmentCode.select(
                EnrolmentCode,
                Company.name.alias("company"),
                Store.name.alias("store"),
                maker_may().alias("its_maker_may"),
            )
            .join(Store, on=(EnrolmentCode.store_id == Store.id))
            .join(Company, on=(Store.company_id == Company.id))
            .order_by(Company.name, Store.name, EnrolmentCode.created_at.desc(), EnrolmentCode.id)
        )
        now = instant(utc_now())
        return [_listed(row, now) for row in query.objects().bind(database)]


def end_code(database: Database, code_id: str) -> None:
    """Let a code bring no more terminals. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        code = EnrolmentCode.select().where(EnrolmentCode.id == code_id.lower()).get_or_none(database)
        if code is None:
            words = told("There is no enrolment code {code}. Run: cloud enrol-code list")
            raise AdministrationError(words.format(code=code_id))
        revoke_code(database, instant(utc_now()), ACTOR, code)


def _listed(row: Any, now: str) -> ListedCode:
    return ListedCode(
        id=row.id,
        name=row.name,
        company=row.company,
        store=row.store,
        uses=row.uses,
        used=row.used,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=state_of(row, now, its_maker_may=bool(row.its_maker_may)),
    )
