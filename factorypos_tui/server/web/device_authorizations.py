"""A person with a browser compares the code that a till shows, and approves or denies the till."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Response

from factorypos_tui.server.domain import device_approvals
from factorypos_tui.server.domain.companies import stores_by_company
from factorypos_tui.server.domain.device_approvals import Approval
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.errors import NotYours, Refused
from factorypos_tui.server.security.throttle import caller_network
from factorypos_tui.server.security.tokens import in_groups, typed_code
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.web.visits import Anybody, LoggedIn, OwnersVisit, Proved
from factorypos_tui.server.words import marked, told

router = APIRouter(include_in_schema=False)

LONGEST_CODE = 40
"""Of what is typed, so much is looked at."""
HISTORY = {
    "missing": marked("What is still missing here"),
    "all": marked("All of them"),
    "none": marked("None: only from now on"),
}


@router.get("/D")
@router.get("/D/{user_code}")
def in_capitals(visit: Anybody, user_code: str = "") -> Response:
    """The addresses in QR codes are in capitals: these take less room."""
    return visit.go(_path(user_code))


@router.get("/d")
def type_code(visit: LoggedIn) -> Response:
    return visit.page("device_code.html", code="")


@router.post("/d")
def typed(visit: LoggedIn) -> Response:
    return visit.go(_path(visit.form.get("code", "")))


@router.get("/d/{user_code}")
def compare(visit: LoggedIn, user_code: str) -> Response:
    """What is known of the till that shows the code."""
    try:
        asked = _find(visit, user_code)
    except Refused as refused:
        return visit.page("device_code.html", refused, code=in_groups(_typed(user_code)))
    return visit.page("device.html", **_known(visit, user_code, asked))


@router.post("/d/{user_code}/deny")
def deny(visit: LoggedIn, user_code: str) -> Response:
    try:
        asked = _find(visit, user_code)
        device_approvals.deny(visit.cloud, visit.account, asked, visit.address)
    except Refused as refused:
        return visit.page("device_code.html", refused, code=in_groups(_typed(user_code)))
    return visit.go("/d", told("{name} was denied: it gets nothing.").format(name=asked.name))


@router.get("/d/{user_code}/approve")
def choose(visit: Proved, user_code: str) -> Response:
    """Which store the till is for, and what of its closed days it sends."""
    try:
        asked = _find(visit, user_code)
    except Refused as refused:
        return visit.page("device_code.html", refused, code=in_groups(_typed(user_code)))
    return _choices(visit, user_code, asked)


@router.post("/d/{user_code}/approve")
def approve(visit: Proved, user_code: str) -> Response:
    try:
        asked = _find(visit, user_code)
    except Refused as refused:
        return visit.page("device_code.html", refused, code=in_groups(_typed(user_code)))
    try:
        form = visit.read(Approval)
        store = device_approvals.approve(visit.cloud, visit.account, asked, form, visit.address)
    except NotYours:
        raise
    except Refused as refused:
        return _choices(visit, user_code, asked, refused)
    words = told("{name} is approved for {store}. It goes on by itself within a few seconds.")
    return visit.go("/terminals", words.format(name=asked.name, store=store.name))


def _find(visit: OwnersVisit, user_code: str) -> DeviceAuthorization:
    return device_approvals.find(visit.cloud, visit.account, _typed(user_code), visit.address)


def _typed(user_code: str) -> str:
    return typed_code(user_code[:LONGEST_CODE])


def _path(user_code: str) -> str:
    code = quote(_typed(user_code))
    return f"/d/{code}" if code else "/d"


def _choices(
    visit: OwnersVisit, user_code: str, asked: DeviceAuthorization, refused: Refused | None = None
) -> Response:
    with visit.database.connection_context():
        companies = stores_by_company(visit.database, visit.account, Role.MANAGER)
    places = [
        (store.id, f"{company.name}, {store.name}") for company, stores in companies for store in stores
    ]
    history = [(value, told(words)) for value, words in HISTORY.items()]
    known = _known(visit, user_code, asked)
    return visit.page("device_approval.html", refused, places=places, history=history, **known)


def _known(visit: OwnersVisit, user_code: str, asked: DeviceAuthorization) -> dict[str, Any]:
    with visit.database.connection_context():
        present = device_approvals.present_store(visit.database, visit.account, asked.terminal_id)
    passed = visit.cloud.clock() - datetime.fromisoformat(asked.asked_at)
    return {
        "asked": asked,
        "code": in_groups(_typed(user_code)),
        "path": _path(user_code),
        "minutes": int(passed.total_seconds() // 60),
        "is_from_here": caller_network(asked.address) == caller_network(visit.address),
        "present": present,
    }
