"""What every call is given: this server, who is calling, and how to page through a list."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from peewee import Database, DataError, Expression, Field, Model, ModelSelect
from pydantic import BaseModel

from factorypos_tui.server.api.problems import FieldProblem, Problem, invalid
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security.throttle import Throttle
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.storage.tables import Account, AuditEntry, Session, Terminal, TerminalToken
from factorypos_tui.server.words import told

MAX_PAGE = 200
Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
Key: TypeAlias = "Field[Any]"


def utc_now() -> datetime:
    return datetime.now(UTC)


def instant(moment: datetime) -> str:
    """RFC 3339 UTC with milliseconds, as it is stored and sent."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Cloud:
    """One server: its database, its mail, its clock and its patience."""

    database: Database
    postman: Postman
    log_ins: Throttle
    resets: Throttle
    public_url: str | None = None
    clock: Callable[[], datetime] = utc_now

    def now(self, later: timedelta = timedelta()) -> str:
        return instant(self.clock() + later)


async def cloud_of(request: Request) -> Cloud:
    cloud: Cloud = request.app.state.cloud
    return cloud


async def body_of(request: Request) -> bytes:
    return await request.body()


ThisCloud = Annotated[Cloud, Depends(cloud_of)]
Body = Annotated[bytes, Depends(body_of)]
StoreName = Annotated[str | None, Header(alias="FactoryPOS-Store")]
"""The id of the store that reports were made for; left out, it is the one of the token."""
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=200)]

_user_token = HTTPBearer(
    scheme_name="userToken", description="From POST /sessions; ends by itself.", auto_error=False
)
_terminal_token = HTTPBearer(
    scheme_name="terminalToken",
    description="From PUT /stores/{id}/terminals/{terminal_id}; bound to one store until revoked.",
    auto_error=False,
)


@dataclass(frozen=True, slots=True)
class Caller:
    """A bearer of a token, looked up when the call opens the database in its own thread."""

    cloud: Cloud
    token_hash: str

    @property
    def database(self) -> Database:
        return self.cloud.database

    @contextmanager
    def as_user(self) -> Iterator[Account]:
        """The account behind a user token, with the database open; raises 401."""
        with self.database.connection_context():
            yield self._account()

    @contextmanager
    def as_terminal(self) -> Iterator[Terminal]:
        """The terminal behind a terminal token, with the database open; raises 401."""
        with self.database.connection_context():
            yield self._terminal()

    @contextmanager
    def as_owner_or_terminal(self) -> Iterator[Account | Terminal]:
        """Whoever may decide about a terminal's reports, with the database open; raises 401."""
        of_terminal = TerminalToken.token_hash == self.token_hash
        with self.database.connection_context():
            is_terminal = TerminalToken.select().where(of_terminal).exists(self.database)
            yield self._terminal() if is_terminal else self._account()

    def _account(self) -> Account:
        query = Account.select().join(Session, on=(Session.account_id == Account.id))
        query = query.where(Session.token_hash == self.token_hash, Session.expires_at > self.cloud.now())
        account = query.where(Account.disabled_at.is_null()).get_or_none(self.database)
        if account is None:
            raise Problem(401, told("Log in: there is no valid user token with this call."))
        return account

    def _terminal(self) -> Terminal:
        token = (
            TerminalToken.select()
            .where(TerminalToken.token_hash == self.token_hash)
            .get_or_none(self.database)
        )
        if token is None:
            raise Problem(401, told("Assign a store: there is no valid terminal token with this call."))
        if token.revoked_at is not None:
            raise terminal_revoked()
        return Terminal.select().where(Terminal.id == token.terminal_id).get(self.database)


def terminal_revoked() -> Problem:
    detail = told("This terminal's permission was ended. Nothing at the till is lost: assign a store again.")
    return Problem(401, detail, "terminal_revoked")


Bearer = HTTPAuthorizationCredentials | None


async def _user(cloud: ThisCloud, bearer: Annotated[Bearer, Depends(_user_token)]) -> Caller:
    return Caller(cloud, token_hash(bearer.credentials if bearer else ""))


async def _terminal(cloud: ThisCloud, bearer: Annotated[Bearer, Depends(_terminal_token)]) -> Caller:
    return Caller(cloud, token_hash(bearer.credentials if bearer else ""))


async def _either(
    cloud: ThisCloud,
    user: Annotated[Bearer, Depends(_user_token)],
    terminal: Annotated[Bearer, Depends(_terminal_token)],
) -> Caller:
    bearer = user or terminal
    return Caller(cloud, token_hash(bearer.credentials if bearer else ""))


UserCall = Annotated[Caller, Depends(_user)]
TerminalCall = Annotated[Caller, Depends(_terminal)]
EitherCall = Annotated[Caller, Depends(_either)]


def audit(database: Database, at: str, actor: str, action: str, subject: str) -> None:
    """Note who did what, when; the table only grows."""
    AuditEntry.insert(at=at, actor=actor, action=action, subject=subject).execute(database)


class Listing(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` asks for the next, null at the end."""

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page starts and how long it may be."""

    cursor: Annotated[str | None, Query(max_length=1000)] = None
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50

    def rows(self, database: Database, query: "ModelSelect[Row]", *keys: Key) -> tuple[list[Row], str | None]:
        """The rows of this page in the order of `keys`, which together are unique, and the next cursor."""
        if self.cursor is not None:
            query = query.where(_after(keys, self.values(len(keys))))
        try:
            found = list(query.order_by(*keys).limit(self.limit + 1).bind(database))
        except (DataError, ValueError, OverflowError) as error:
            raise _not_our_cursor() from error
        if len(found) <= self.limit:
            return found, None
        last = found[self.limit - 1]
        return found[: self.limit], _cursor_at([getattr(last, key.name) for key in keys])

    def values(self, length: int) -> list[str | int]:
        """What the cursor holds; raises `Problem` when it is none of ours."""
        try:
            values = json.loads(base64.urlsafe_b64decode((self.cursor or "").encode("ascii")))
        except (ValueError, RecursionError):
            values = None
        if (
            not isinstance(values, list)
            or len(values) != length
            or not all(type(value) in (str, int) for value in values)
        ):
            raise _not_our_cursor()
        return values


Paging = Annotated[Page, Depends()]


def _not_our_cursor() -> Problem:
    return invalid([FieldProblem(field="cursor", code="invalid", message=told("Take it from next_cursor."))])


def _cursor_at(values: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode()


def _after(keys: Sequence[Key], values: Sequence[str | int]) -> Expression:
    key, value = keys[0], values[0]
    if len(keys) == 1:
        return key > value
    return (key > value) | ((key == value) & _after(keys[1:], values[1:]))
