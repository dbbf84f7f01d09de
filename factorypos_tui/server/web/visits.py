"""What a page gets: who calls, what was typed, this server; and what it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from peewee import Database
from starlette.concurrency import run_in_threadpool

from factorypos_tui.server import errors
from factorypos_tui.server.domain import proofs
from factorypos_tui.server.domain.alarms.shown import count_open
from factorypos_tui.server.domain.callers import visitor_behind
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.members import Membership, Role, Verdict, decide, memberships_of
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import SESSION_COOKIE, address_of, cloud_of, cookie_name
from factorypos_tui.server.http.problems import problem_of
from factorypos_tui.server.security.tokens import new_token, token_hash
from factorypos_tui.server.storage.tables import Account
from factorypos_tui.server.web import cookies
from factorypos_tui.server.web.forms import Fields, Filled, parsed_form, proof_for, read_form, require_proof
from factorypos_tui.server.web.rendering import Links, render
from factorypos_tui.server.words import speak

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LONGEST_NOTICE = 600
"""Bytes of UTF-8: as a cookie three times as many at most, which browsers and proxies take."""
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


class LogInFirst(Exception):
    """The page is for people who are logged in."""


class ProveFirst(Exception):
    """What the page does cannot be taken back."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One call of a browser."""

    cloud: Cloud
    links: Links
    address: str
    """Of the caller, as the proxies that are trusted tell it."""
    account: Account | None
    """Who is logged in."""
    token: str
    """Of the session; empty where nobody is logged in."""
    visitor: str
    """What the browser's forms are bound to while nobody is logged in; empty where it has none yet."""
    notice: str
    """What was just done, to be said once."""
    form: Fields = field(default_factory=Fields)
    """What was typed; empty where the page was only asked for."""
    open_alarms: int = 0
    """How many alarms wait for who is logged in."""
    memberships: Mapping[str, Membership] = field(default_factory=dict)
    """What who is logged in is in each company."""

    @property
    def database(self) -> Database:
        return self.cloud.database

    def may(self, least: str, company_id: str, store_id: str | None = None) -> bool:
        """Whether a page offers what takes the role `least`, at a store or in the whole company. Whoever does
        it is asked again."""
        return decide(self.memberships.get(company_id), store_id, Role(least)) is Verdict.GRANTED

    def may_somewhere(self, least: str) -> bool:
        """Whether there is anything at all that takes the role `least` and that they may do."""
        return any(it.role.reaches(Role(least)) and not it.lacks_factor for it in self.memberships.values())

    def read(self, kind: type[Filled]) -> Filled:
        """What was typed, as our rules take it; raises `Invalid`."""
        return read_form(kind, self.form)

    def page(
        self, template: str, refused: Refused | None = None, status: int = 200, **values: object
    ) -> Response:
        """The template as a page. With a refusal it says why, beside the fields that are at fault, and keeps
        what was typed."""
        problem = problem_of(refused) if refused else None
        visitor = self.visitor or new_token()
        faults = refused.fields if isinstance(refused, errors.Invalid) else []
        always = {
            "account": self.account,
            "open_alarms": self.open_alarms,
            "may": self.may,
            "notice": self.notice,
            "refused": refused,
            "faults": {fault.field: fault.message for fault in faults},
            "typed": self.form,
            "proof": proof_for(self.token or visitor),
        }
        page = render(template, self.links, {**always, **values})
        response = page_response(page, status_of_page(problem.document.status) if problem else status)
        if problem and "Retry-After" in problem.headers:
            response.headers["Retry-After"] = problem.headers["Retry-After"]
        if not self.token and not self.visitor:
            cookies.set_cookie(response, self.cloud, cookies.VISITOR, visitor)
        if self.notice:
            cookies.end_cookie(response, self.cloud, cookies.NOTICE)
        return response

    def go(self, path: str, notice: str = "", **parameters: object) -> Response:
        """Lead to another page, which says `notice` once: what follows each form that was carried out."""
        response = RedirectResponse(self.links.to(path, **parameters), 303)
        if notice:
            set_notice(response, self.cloud, notice)
        return response


@dataclass(frozen=True, slots=True)
class OwnersVisit(Visit):
    """One call of a browser in which somebody is logged in."""

    account: Account

    @property
    def token_hash(self) -> str:
        """What the session is kept under."""
        return token_hash(self.token)


def set_notice(response: Response, cloud: Cloud, words: str) -> None:
    """Let the page that this leads to say something, once."""
    cookies.set_cookie(response, cloud, cookies.NOTICE, quote(_short(words)), 60)


def _short(notice: str) -> str:
    raw = notice.encode(errors="replace")
    if len(raw) <= LONGEST_NOTICE:
        return notice
    return raw[: LONGEST_NOTICE - 3].decode(errors="ignore") + "…"


def page_response(page: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    own = {"Content-Security-Policy": POLICY, "Referrer-Policy": "same-origin"}
    return HTMLResponse(page.encode(errors="replace"), status, {**(headers or {}), **own})


def status_of_page(status: int) -> int:
    """A browser asks for a password of its own where it reads 401."""
    return 403 if status == 401 else status


def links_of(request: Request) -> Links:
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    return Links(raw.partition(b"?")[0].decode("ascii", "replace"))


async def visit_of(request: Request) -> Visit:
    """Who calls is found out first; then the form is read, and refused where it is none of ours."""
    cloud = await cloud_of(request)

    def cookie(name: str) -> str:
        return request.cookies.get(cookie_name(cloud, name), "")

    token, visitor = cookie(SESSION_COOKIE), cookie(cookies.VISITOR)
    account, open_alarms, memberships = (
        await run_in_threadpool(_account_of, cloud, token) if token else (None, 0, {})
    )
    if account is not None:
        speak(account.language)
    form = Fields()
    if request.method in CHANGING:
        kind = request.headers.get("content-type", "")
        form = await run_in_threadpool(parsed_form, await request.body(), kind)
        require_proof(form, token if account is not None else visitor or new_token())
    notice = _short(unquote(cookie(cookies.NOTICE)))
    address = await address_of(request)
    seen = (cloud, links_of(request), address)
    if account is None:
        return Visit(*seen, None, "", visitor, notice, form)
    return OwnersVisit(*seen, account, token, visitor, notice, form, open_alarms, memberships)


def _account_of(cloud: Cloud, token: str) -> tuple[Account | None, int, Mapping[str, Membership]]:
    """Who is logged in, how many of their alarms are open, and what they are in which company."""
    with cloud.database.connection_context():
        try:
            account = visitor_behind(cloud.database, token_hash(token), cloud.now())
        except errors.NotKnown:
            return None, 0, {}
        return account, count_open(cloud.database, account), memberships_of(cloud.database, account.id)


Anybody = Annotated[Visit, Depends(visit_of)]


async def _owners_visit(visit: Anybody) -> OwnersVisit:
    if not isinstance(visit, OwnersVisit):
        raise LogInFirst
    return visit


LoggedIn = Annotated[OwnersVisit, Depends(_owners_visit)]


async def _proved_visit(visit: LoggedIn) -> OwnersVisit:
    def look() -> bool:
        with visit.database.connection_context():
            return proofs.is_proved(visit.cloud, visit.token_hash)

    if not await run_in_threadpool(look):
        raise ProveFirst
    return visit


Proved = Annotated[OwnersVisit, Depends(_proved_visit)]
"""Of what cannot be taken back: a page of its own that takes this in its GET and in its POST, at one address.
Whoever has not proved lately who it is comes to `/prove` first, and from there to the page."""
