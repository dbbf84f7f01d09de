"""What every call gets: this server, the caller, and the page of a list."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from peewee import Database
from pydantic import BaseModel

from factorypos_tui.server.domain.callers import account_behind, account_or_terminal_behind, terminal_behind
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.security.tokens import token_hash
from factorypos_tui.server.storage.paging import MAX_PAGE, Page
from factorypos_tui.server.storage.tables import Account, Terminal

Item = TypeVar("Item")


async def cloud_of(request: Request) -> Cloud:
    cloud: Cloud = request.app.state.cloud
    return cloud


async def body_of(request: Request) -> bytes:
    return await request.body()


async def network_of(request: Request) -> str:
    """The network of the caller; tries are counted per network."""
    return caller_network(request.client.host if request.client else "")


ThisCloud = Annotated[Cloud, Depends(cloud_of)]
Body = Annotated[bytes, Depends(body_of)]
Network = Annotated[str, Depends(network_of)]
StoreName = Annotated[str | None, Header(alias="FactoryPOS-Store")]
"""The id of the store that the reports were made for; if left out, the store of the token."""
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
    def as_terminal(self) -> Iterator[Terminal]:
        """The terminal behind a terminal token, with the database open; raises `NotKnown`."""
        with self.database.connection_context():
            yield terminal_behind(self.database, self.token_hash)

    @contextmanager
    def as_owner_or_terminal(self) -> Iterator[Account | Terminal]:
        """The account or the terminal that may decide about a terminal's reports, with the database open;
        raises `NotKnown`."""
        with self.database.connection_context():
            yield account_or_terminal_behind(self.database, self.token_hash, self.cloud.now())


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
