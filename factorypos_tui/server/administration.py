"""What an administrator does beside the running server."""

from dataclasses import asdict, dataclass

from peewee import Database
from pydantic import ValidationError

from factorypos_tui.server import database as databases
from factorypos_tui.server import passwords
from factorypos_tui.server.accounts import Registration, account_of, add_account
from factorypos_tui.server.calls import audit, instant, utc_now
from factorypos_tui.server.problems import Problem
from factorypos_tui.server.tables import Account, Company, Conflict, Report, Session, Store, Terminal

ACTOR = "administrator"


class AdministrationError(Exception):
    """It could not be done; the message says why in a sentence for people."""


@dataclass(frozen=True, slots=True)
class ListedUser:
    id: str
    email: str
    name: str
    created_at: str
    disabled_at: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """The state of a database; sound when there are no damages."""

    schema_version: int | None
    damages: list[str]
    counts: dict[str, int]

    def as_json(self) -> dict[str, object]:
        return {"ok": not self.damages, **asdict(self)}


def create_user(database: Database, email: str, name: str, password: str) -> str:
    """Make an account; returns its id. Raises `AdministrationError`."""
    try:
        form = Registration(email=email, name=name, password=password)
    except ValidationError as error:
        reasons = (f"{fault['loc'][0]}: {fault['msg']}" for fault in error.errors(include_url=False))
        raise AdministrationError("\n".join(reasons)) from None  # the input holds the password
    password_hash = passwords.hash_password(form.password)
    try:
        with database.connection_context(), database.atomic():
            return add_account(database, instant(utc_now()), form, password_hash, ACTOR).id
    except Problem as problem:
        raise AdministrationError(f"There is an account with the e-mail {form.email} already.") from problem


def disable_user(database: Database, email: str) -> None:
    """End an account's log-ins and sessions; its terminals keep delivering. Raises `AdministrationError`."""
    with database.connection_context(), database.atomic():
        account = account_of(database, email)
        if account is None:
            raise AdministrationError(f"There is no account with the e-mail {email}.")
        now = instant(utc_now())
        Account.update(disabled_at=now).where(Account.id == account.id).execute(database)
        Session.delete().where(Session.account_id == account.id).execute(database)
        audit(database, now, ACTOR, "account.disabled", account.id)


def list_users(database: Database) -> list[ListedUser]:
    with database.connection_context():
        return [
            ListedUser(row.id, row.email, row.name, row.created_at, row.disabled_at)
            for row in Account.select().order_by(Account.email_key).bind(database)
        ]


def check(database: Database) -> Checked:
    """Look for damage and count what is there."""
    tables = {
        "users": Account,
        "companies": Company,
        "stores": Store,
        "terminals": Terminal,
        "reports": Report,
        "conflicts": Conflict,
    }
    with database.connection_context():
        return Checked(
            databases.schema_version(database),
            databases.damages(database),
            {name: databases.count(database, table) for name, table in tables.items()},
        )
