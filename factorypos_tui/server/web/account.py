"""A person's account: name, language, password, and where it is logged in."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from factorypos_tui.server.domain import sessions
from factorypos_tui.server.domain.alarms.settings import Wishes, set_wishes, wishes_of
from factorypos_tui.server.domain.profiles import Profile, change_profile
from factorypos_tui.server.domain.second_factor import factors
from factorypos_tui.server.domain.sessions import PasswordChange
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import HASHES, SESSION_COOKIE
from factorypos_tui.server.storage.tables import Session
from factorypos_tui.server.web import cookies
from factorypos_tui.server.web.devices import device_words
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import language_wanted, speak, told

router = APIRouter(include_in_schema=False)

LANGUAGES = (("en", "English"), ("es", "Español"))
"""Each in its own words, for whoever reads no other."""


@router.get("/account")
def account_page(visit: LoggedIn) -> Response:
    return _page(visit)


def _page(visit: OwnersVisit, refused: Refused | None = None) -> Response:
    mine = sessions.sessions_of(visit.account, visit.cloud.now())
    with visit.database.connection_context():
        rows = list(mine.order_by(Session.created_at.desc(), Session.token_hash).bind(visit.database))
        wishes = wishes_of(visit.database, visit.account)
        has_second = factors.are_on(visit.database, visit.account.id)
    shown = [
        {
            "id": sessions.session_id(row),
            "is_this_one": row.token_hash == visit.token_hash,
            "device": device_words(row.device),
            "network": row.network,
            "since": row.created_at,
        }
        for row in rows
    ]
    language = language_wanted(visit.account.language)
    return visit.page(
        "account.html",
        refused,
        sessions=shown,
        languages=LANGUAGES,
        language=language,
        wishes=wishes,
        has_second=has_second,
    )


@router.post("/account")
def change_name_and_language(visit: LoggedIn) -> Response:
    try:
        form = visit.read(Profile)
        change_profile(visit.cloud, visit.account, form)
    except Refused as refused:
        return _page(visit, refused)
    speak(form.language)
    return visit.go("/account", told("Your name and language are saved."))


@router.post("/account/mails")
def choose_mails(visit: LoggedIn) -> Response:
    try:
        wishes = visit.read(Wishes)
    except Refused as refused:
        return _page(visit, refused)
    with visit.database.connection_context(), visit.database.atomic():
        set_wishes(visit.database, visit.cloud.now(), visit.account, wishes)
    return visit.go("/account", told("What is mailed to you is saved."))


@router.post("/account/password", dependencies=[HASHES])
def change_password(visit: LoggedIn) -> Response:
    try:
        form = visit.read(PasswordChange)
        given, new = form.current_password, form.password
        sessions.change_password(visit.cloud, visit.account, given, new, visit.token_hash, visit.address)
    except Refused as refused:
        return _page(visit, refused)
    return visit.go("/account", told("Your new password is set, and every other session was ended."))


@router.post("/account/sessions/end")
def log_out_everywhere(visit: LoggedIn) -> Response:
    with visit.database.connection_context():
        sessions.end_sessions(visit.cloud, visit.account)
    words = told("You are logged out everywhere. Terminals keep sending their reports.")
    response = visit.go("/login", words)
    cookies.end_cookie(response, visit.cloud, SESSION_COOKIE)
    return response


@router.post("/account/sessions/{session_id}/end")
def end_session(visit: LoggedIn, session_id: Annotated[str, Path(max_length=64)]) -> Response:
    try:
        with visit.database.connection_context():
            sessions.end_session(visit.cloud, visit.account, session_id)
    except Refused as refused:
        return _page(visit, refused)
    return visit.go("/account", told("The session was ended."))
