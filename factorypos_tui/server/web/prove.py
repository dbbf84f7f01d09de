"""The step before what cannot be taken back: who is logged in proves once more who it is."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import StringConstraints

from factorypos_tui.server.domain import proofs
from factorypos_tui.server.domain.forms import Form, GivenPassword
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.http.calls import HASHES
from factorypos_tui.server.web.visits import LoggedIn, OwnersVisit
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)


class Code(Form):
    code: Annotated[str, StringConstraints(max_length=200)]


class Password(Form):
    password: GivenPassword


@router.get("/prove")
def prove_page(visit: LoggedIn, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """`next` is the page that needs the proof."""
    return _page(visit, next)


def _page(visit: OwnersVisit, wanted: str, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        has_code = proofs.has_code(visit.cloud, visit.token_hash)
    by_mail = proofs.is_by_mail(visit.cloud, visit.account)
    return visit.page("prove.html", refused, next=wanted, by_mail=by_mail, has_code=has_code)


@router.post("/prove/code", dependencies=[HASHES])
def mail_code(visit: LoggedIn) -> Response:
    wanted = visit.form.get("next", "/")
    try:
        proofs.send_code(visit.cloud, visit.account, visit.token_hash, visit.address)
    except Refused as refused:
        return _page(visit, wanted, refused)
    return visit.go("/prove", told("A code is on its way to your e-mail."), next=wanted)


@router.post("/prove", dependencies=[HASHES])
def prove(visit: LoggedIn) -> Response:
    wanted, who = visit.form.get("next", "/"), (visit.cloud, visit.account, visit.token_hash)
    try:
        if proofs.is_by_mail(visit.cloud, visit.account):
            proofs.prove_with_code(*who, visit.read(Code).code, visit.address)
        else:
            proofs.prove_with_password(*who, visit.read(Password).password, visit.address)
    except Refused as refused:
        return _page(visit, wanted, refused)
    return visit.go(wanted)
