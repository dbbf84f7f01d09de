"""What every call gets: this server, the caller, and the page of a list."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from peewee import Database
from pydantic import BaseModel
from starlette.requests import cookie_parser

from factorypos_tui.server.domain.callers import (
    account_behind,
    account_or_terminal_behind,
    no_account,
    no_terminal,
    terminal_behind,
    visitor_behind,
)
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.errors import NotKnown
from factorypos_tui.server.http.bodies import Arrived
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.storage.paging import MAX_PAGE, Page
from factorypos_tui.server.storage.tables import Account, Terminal

Item = TypeVar("Item")


async def cloud_of(request: Request) -> Cloud:
    cloud: Cloud = request.app.state.cloud
    return cloud


async def arrived_body(request: Request) -> Arrived:
    """The body of a route that takes documents, as the gate received it."""
    body: Arrived = request.state.body
    return body


async def hashing() -> None:
    """Marks the routes for which a password or a code is hashed: the gate lets few of them in at once."""


async def by_cookie() -> None:
    """Marks the pages that take a large file: the gate looks up who is logged in before it receives one."""


async def address_of(request: Request) -> str:
    """The address of the caller, as the proxies that are trusted tell it."""
    return request.client.host if request.client else ""


async def device_of(request: Request) -> str:
    """What the caller's program calls itself, without control characters."""
    agent = request.headers.get("user-agent", "")
    return "".join(character for character in agent if character.isprintable())


SESSION_COOKIE = "session"
"""Holds the token of the person who is logged in with a browser."""
ThisCloud = Annotated[Cloud, Depends(cloud_of)]
Body = Annotated[Arrived, Depends(arrived_body)]
HASHES = Depends(hashing)
BY_COOKIE = Depends(by_cookie)
Address = Annotated[str, Depends(address_of)]
Device = Annotated[str, Depends(device_of)]
StoreName = Annotated[str | None, Header(alias="FactoryPOS-Store")]
"""The id of the store that the reports were made for; if left out, the store of the token."""
IfMatch = Annotated[str | None, Header()]
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
        """The account behind a user token, with the database open; raises `NotKnown`."""
        with self.database.connection_context():
            yield account_behind(self.database, self.token_hash, self.cloud.now())

    @contextmanager
    def as_visitor(self) -> Iterator[Account]:
        """The account behind the cookie of a browser, with the database open; raises `NotKnown`."""
        with self.database.connection_context():
            yield visitor_behind(self.database, self.token_hash, self.cloud.now())

    @contextmanager
    def as_terminal(self) -> Iterator[Terminal]:
        """The terminal behind a terminal token, with the database open; raises `NotKnown`."""
        with self.database.connection_context():
            yield terminal_behind(self.database, self.token_hash)

    def terminal(self) -> Terminal:
        """The terminal behind a terminal token, for work that opens the database itself; raises
        `NotKnown`."""
        with self.as_terminal() as terminal:
            return terminal

    @contextmanager
    def as_owner_or_terminal(self) -> Iterator[Account | Terminal]:
        """The account or the terminal that may decide about a terminal's reports, with the database open;
        raises `NotKnown`."""
        with self.database.connection_context():
            yield account_or_terminal_behind(self.database, self.token_hash, self.cloud.now())


Bearer = HTTPAuthorizationCredentials | None


async def _user(cloud: ThisCloud, bearer: Annotated[Bearer, Depends(_user_token)]) -> Caller:
    if bearer is None:
        raise no_account()
    return Caller(cloud, token_hash(bearer.credentials))


async def _terminal(cloud: ThisCloud, bearer: Annotated[Bearer, Depends(_terminal_token)]) -> Caller:
    if bearer is None:
        raise no_terminal()
    return Caller(cloud, token_hash(bearer.credentials))


async def _either(
    cloud: ThisCloud,
    user: Annotated[Bearer, Depends(_user_token)],
    terminal: Annotated[Bearer, Depends(_terminal_token)],
) -> Caller:
    bearer = user or terminal
    if bearer is None:
        raise no_account()
    return Caller(cloud, token_hash(bearer.credentials))


WHO: dict[object, Callable[[Caller], AbstractContextManager[object]]] = {
    _user: Caller.as_user,
    _terminal: Caller.as_terminal,
    _either: Caller.as_owner_or_terminal,
    by_cookie: Caller.as_visitor,
}
"""How a route's caller is found out."""
NOBODY: dict[object, Callable[[], NotKnown]] = {
    _user: no_account,
    _terminal: no_terminal,
    _either: no_account,
    by_cookie: no_account,
}
"""The refusal of a call that has no token."""


def token_hash_of(authorization: str | None) -> str:
    """The hash under which a header's token is kept, however the header spells it; that of an empty text
    where it has none."""
    scheme, _, token = (authorization or "").partition(" ")
    return token_hash(token.strip() if scheme.lower() == "bearer" else "")


def cookie_name(cloud: Cloud, name: str) -> str:
    """The name of a cookie. Over https no other host and no path of this one can set it (RFC 6265bis)."""
    return f"__Host-{name}" if cloud.is_https else name


def caller_hash(path: str, headers: Mapping[str, str], cloud: Cloud) -> str:
    """The hash under which the token of a call is kept: programs send it in a header, browsers in a cookie.
    That of an empty text where there is none."""
    if path.startswith("/v1/"):
        return token_hash_of(headers.get("authorization"))
    return token_hash(cookie_parser(headers.get("cookie", "")).get(cookie_name(cloud, SESSION_COOKIE), ""))


UserCall = Annotated[Caller, Depends(_user)]
TerminalCall = Annotated[Caller, Depends(_terminal)]
EitherCall = Annotated[Caller, Depends(_either)]


async def _page(
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
) -> Page:
    return Page(cursor, limit)


Paging = Annotated[Page, Depends(_page)]


class Listing(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` asks for the next, null at the end."""

    items: list[Item]
    next_cursor: str | None
