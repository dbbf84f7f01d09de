"""Each route of the API by each kind of caller: whoever may not is refused, and no route is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from peewee import SqliteDatabase

from factorypos_tui.server.app import build_app
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.ops import users
from tests.server.premises import CHART, Premises, premises
from tests.server.shop import PASSWORD, Owner, Shop, Till, canonical
from tests.server.test_configuration import document
from tests.server.web.browser import Browser

FORM = {"name": "Bar Ana", "country": "ES", "currency": "EUR", "timezone": "Europe/Madrid"}
TILL = {"name": "Till 1", "software": "a till"}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is well-formed, and what becomes of it."""

    who: Literal["anybody", "owner", "till", "either"]
    """Who may make it."""
    right: int
    """How it is answered to who may."""
    other: int | None = None
    """How to an owner or a till of another account; None: as to who may, about what is its own."""
    body: Callable[[Premises], Any] | None = None
    headers: Callable[[Premises], dict[str, str]] = field(default=lambda _: {})
    query: str = ""
    least: Role | None = None
    """The lowest role in a company with which a person may make it; None: anybody, about what is theirs."""
    contested: bool = False
    """Whether the report that it names is one that another contradicts."""


def seen(its: Premises) -> dict[str, str]:
    return {"If-Match": its.etag}


def whatever(_: Premises) -> dict[str, str]:
    return {"If-Match": "*"}


CALLS = {
    "GET /events": Call("owner", 200, 404, query="?store={store_id}", least=Role.VIEWER),
    "GET /v1/openapi.json": Call("anybody", 200),
    "GET /v1/health": Call("anybody", 200),
    "GET /v1/keys": Call("anybody", 200),
    "POST /v1/users": Call(
        "anybody", 409, body=lambda its: {"email": its.owner.email, "password": PASSWORD, "name": "Eva"}
    ),
    "POST /v1/sessions": Call(
        "anybody", 201, body=lambda its: {"email": its.owner.email, "password": PASSWORD}
    ),
    "POST /v1/password-resets": Call("anybody", 202, body=lambda _: {"email": "nobody@example.com"}),
    "POST /v1/password-resets/confirm": Call(
        "anybody", 400, body=lambda _: {"token": "none", "password": PASSWORD}
    ),
    "GET /v1/sessions": Call("owner", 200),
    "GET /v1/sessions/current": Call("owner", 200),
    "DELETE /v1/sessions": Call("owner", 204),
    "DELETE /v1/sessions/current": Call("owner", 204),
    "DELETE /v1/sessions/{session_id}": Call("owner", 204, 404),
    "PUT /v1/users/current/password": Call(
        "owner", 204, body=lambda _: {"current_password": PASSWORD, "password": f"{PASSWORD} again"}
    ),
    "POST /v1/users/current/confirmation": Call("owner", 409),
    "GET /v1/companies": Call("owner", 200),
    "POST /v1/companies": Call("owner", 201, body=lambda _: FORM),
    "GET /v1/companies/{company_id}": Call("owner", 200, 404, least=Role.VIEWER),
    "PUT /v1/companies/{company_id}": Call("owner", 200, 404, lambda _: FORM, whatever, least=Role.OWNER),
    "GET /v1/companies/{company_id}/members": Call("owner", 200, 404, least=Role.OWNER),
    "PUT /v1/companies/{company_id}/members/{account_id}": Call(
        "owner", 200, 404, lambda _: {"role": "viewer"}, least=Role.OWNER
    ),
    "DELETE /v1/companies/{company_id}/members/{account_id}": Call("owner", 204, 404, least=Role.OWNER),
    "POST /v1/companies/{company_id}/invitations": Call(
        "owner", 201, 404, lambda _: {"email": "new@example.com", "role": "viewer"}, least=Role.OWNER
    ),
    "GET /v1/companies/{company_id}/invitations": Call("owner", 200, 404, least=Role.OWNER),
    "DELETE /v1/companies/{company_id}/invitations/{invitation_id}": Call(
        "owner", 204, 404, least=Role.OWNER
    ),
    "POST /v1/invitations/accept": Call("owner", 400, body=lambda _: {"token": "none"}),
    "PUT /v1/companies/{company_id}/owner": Call(
        "owner", 204, 404, lambda its: {"account_id": its.member}, least=Role.OWNER
    ),
    "PUT /v1/companies/{company_id}/closed": Call(
        "owner", 204, 404, lambda _: {"name": "Bar Ana"}, least=Role.OWNER
    ),
    "DELETE /v1/companies/{company_id}/closed": Call("owner", 409, 404, least=Role.OWNER),
    "GET /v1/stores/{store_id}": Call("owner", 200, 404, least=Role.VIEWER),
    "PUT /v1/stores/{store_id}": Call("owner", 200, 404, lambda _: FORM, whatever, least=Role.MANAGER),
    "GET /v1/companies/{company_id}/stores": Call("owner", 200, 404, least=Role.VIEWER),
    "POST /v1/companies/{company_id}/stores": Call("owner", 201, 404, lambda _: FORM, least=Role.MANAGER),
    "GET /v1/stores/{store_id}/terminals": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/stores/{store_id}/terminals/{terminal_id}": Call("owner", 200, 404, least=Role.MANAGER),
    "PUT /v1/stores/{store_id}/terminals/{terminal_id}": Call(
        "owner", 200, 404, lambda _: TILL, least=Role.MANAGER
    ),
    "PATCH /v1/terminals/{terminal_id}": Call(
        "owner", 200, 404, lambda _: {"upload_allowed": True}, least=Role.MANAGER
    ),
    "DELETE /v1/terminals/{terminal_id}": Call("owner", 204, 404, least=Role.MANAGER),
    "POST /v1/stores/{store_id}/enrolment-codes": Call("owner", 201, 404, lambda _: {}, least=Role.MANAGER),
    "GET /v1/stores/{store_id}/enrolment-codes": Call("owner", 200, 404, least=Role.MANAGER),
    "DELETE /v1/stores/{store_id}/enrolment-codes/{code_id}": Call("owner", 204, 404, least=Role.MANAGER),
    "GET /v1/stores/{store_id}/archive": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/companies/{company_id}/archive": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/companies/{company_id}/chart": Call("owner", 200, 404, least=Role.VIEWER),
    "PUT /v1/companies/{company_id}/chart": Call(
        "owner", 200, 404, lambda _: {"document": CHART}, whatever, least=Role.MANAGER
    ),
    "GET /v1/stores/{store_id}/closings": Call("owner", 200, 404, query="?period=month", least=Role.VIEWER),
    "GET /v1/companies/{company_id}/closings": Call(
        "owner", 200, 404, query="?period=year", least=Role.VIEWER
    ),
    "POST /v1/stores/{store_id}/closings": Call(
        "owner", 409, 404, lambda _: {"period": "month", "name": "2026-03"}, least=Role.MANAGER
    ),
    "POST /v1/enrolments": Call(
        "anybody", 400, body=lambda its: {"code": "none", "terminal_id": its.till.id, **TILL}
    ),
    "POST /v1/device-authorizations": Call(
        "anybody", 200, body=lambda its: {"terminal_id": its.till.id, **TILL}
    ),
    "POST /v1/device-tokens": Call("anybody", 400, body=lambda _: {"device_code": "none"}),
    "GET /v1/companies/{company_id}/audit": Call("owner", 200, 404, least=Role.OWNER),
    "GET /v1/companies/{company_id}/figures": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/stores/{store_id}/figures": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/stores/{store_id}/reports": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/stores/{store_id}/alarms": Call("owner", 200, 404, least=Role.VIEWER),
    "GET /v1/stores/{store_id}/configuration": Call("owner", 200, 404, least=Role.MANAGER),
    "PUT /v1/stores/{store_id}/configuration": Call(
        "owner", 200, 404, lambda _: document(), seen, least=Role.MANAGER
    ),
    "GET /v1/stores/{store_id}/configuration/versions": Call("owner", 200, 404, least=Role.MANAGER),
    "GET /v1/stores/{store_id}/configuration/versions/{version}": Call("owner", 200, 404, least=Role.MANAGER),
    "POST /v1/stores/{store_id}/configuration/versions/{version}/restore": Call(
        "owner", 200, 404, headers=seen, least=Role.MANAGER
    ),
    "GET /v1/terminals/current": Call("till", 200),
    "DELETE /v1/terminals/current": Call("till", 204),
    "PUT /v1/terminals/current/state": Call("till", 204, body=lambda _: {"queue": {"pending": 3}}),
    "GET /v1/reports": Call("till", 200),
    "GET /v1/reports/{report_id}": Call("till", 200, 404),
    "PUT /v1/reports/{report_id}": Call("till", 200, 422, lambda its: its.report),
    "POST /v1/reports/batch": Call("till", 200, body=lambda its: {"reports": [its.report]}),
    "GET /v1/configuration": Call("till", 200),
    "PUT /v1/configuration": Call("till", 200, None, lambda _: document(), seen),
    "PUT /v1/reports/{report_id}/settlement": Call(
        "either",
        200,
        404,
        lambda its: {"content_hash": its.contested["content_hash"]},
        contested=True,
        least=Role.OWNER,
    ),
    "DELETE /v1/reports/{report_id}/settlement": Call("either", 200, 404, contested=True, least=Role.OWNER),
}


def routes() -> list[str]:
    """All that the real app answers to programs; the pages have a test of their own."""
    app = build_app(Cloud(SqliteDatabase(None), Postman(lambda _: None, "")))
    found = {
        f"{method} {route.path}"
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or set()) - {"HEAD"}
        if str(route.path).startswith(("/v1/", "/events"))
    }
    return sorted(found)


@dataclass(frozen=True, slots=True)
class Gone:
    """Callers whose time is over, or whose token is for pages: they are refused everywhere."""

    owner: Owner
    """Of a disabled account."""
    till: Till
    """Revoked."""
    page: Owner
    """With the token of a browser that is logged in: it opens pages alone, and those ask for proofs."""


@pytest.fixture(scope="session")
def lasting(running_shop: Shop) -> tuple[Premises, Premises]:
    """Two accounts for calls that change nothing of them."""
    return premises(running_shop), premises(running_shop)


@pytest.fixture(scope="session")
def gone(running_shop: Shop) -> Gone:
    owner, disabled = running_shop.owner(), running_shop.owner()
    till = owner.assign(owner.store())
    assert owner.call("DELETE", f"/terminals/{till.id}").status_code == 204
    users.disable_user(running_shop.cloud.database, disabled.email)
    return Gone(disabled, till, browsing(running_shop.owner()))


def browsing(owner: Owner) -> Owner:
    """The owner with the token of a browser that is logged in."""
    browser = Browser(owner.shop, "en")
    with browser.http:
        browser.log_in(owner)
        return replace(owner, token=browser.token)


def ask(
    route: str, call: Call, its: Premises, caller: Owner | Till | None, *, broken: bool = False
) -> httpx.Response:
    method, path = route.split()
    ids = {**its.ids, **({"report_id": its.contested["report_id"]} if call.contested else {})}
    headers = call.headers(its)
    if caller is not None:
        headers = {**headers, "Authorization": f"Bearer {caller.token}"}
    content = b"{" if broken else canonical(call.body(its)) if call.body else None
    address = f"{path}{call.query}".format(**ids)
    with its.owner.shop.http.stream(method, address, headers=headers, content=content) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):
            answer.read()
    return answer


def test_each_call_here_is_a_route() -> None:
    assert sorted(CALLS) == routes()


@pytest.mark.parametrize("route", routes())
def test_a_route_is_for_those_that_it_is_for(
    shop: Shop, lasting: tuple[Premises, Premises], gone: Gone, route: str
) -> None:
    assert route in CALLS, "say in CALLS who may call it"
    call, (its, others) = CALLS[route], lasting
    if call.who == "anybody":
        for caller in (None, gone.owner, gone.till, its.owner, its.till):
            assert ask(route, call, its, caller).status_code == call.right
        return
    if not route.startswith("GET"):
        its, others = premises(shop), premises(shop) if call.other is None else others
    refuse_who_is_nobody(route, call, its, gone)
    for right, stranger in ((its.owner, others.owner), (its.till, others.till)):
        if call.who in ("either", right.kind):
            answer = ask(route, call, its, stranger)
            assert answer.status_code == (call.other or call.right), "another account"
            assert not [name for name in its.ids.values() if len(name) >= 32 and name in answer.text]
        else:
            assert ask(route, call, its, right).status_code == 401, "another kind of token"
    if call.who != "owner":
        answer = ask(route, call, its, its.sister)
        assert its.till.id not in answer.text, "another till of the same account"
        assert call.other is None or answer.status_code == call.other
    for right in (its.owner, its.till):
        if call.who in ("either", right.kind):
            assert ask(route, call, its, right).status_code == call.right


def refuse_who_is_nobody(route: str, call: Call, its: Premises, gone: Gone) -> None:
    for caller in (None, Owner(its.owner.shop, "", "forged"), gone.owner, gone.page, gone.till):
        answer = ask(route, call, its, caller)
        assert answer.status_code == 401
    for caller in (None, Owner(its.owner.shop, "", "forged")):
        answer_to_nobody = ask(route, call, its, caller, broken=True)
        assert answer_to_nobody.json()["code"] == "unauthorized", "whatever the body"
    revoked = "unauthorized" if call.who == "owner" else "terminal_revoked"
    assert answer.json()["code"] == revoked


def test_the_tills_of_a_disabled_account_go_on(shop: Shop) -> None:
    its = premises(shop)
    users.disable_user(shop.cloud.database, its.owner.email)
    assert its.till.send(its.till.z(3)).status_code == 201
    assert its.till.call("GET", "/terminals/current").status_code == 200
    answer = its.till.call("DELETE", f"/reports/{its.contested['report_id']}/settlement")
    assert answer.status_code == 200
