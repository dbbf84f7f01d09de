"""People: register, log in, log out, and a new password for a forgotten one."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.api.idempotency import create_once, key_reused
from factorypos_tui.server.domain import accounts, confirmations, resets
from factorypos_tui.server.domain.accounts import Registration
from factorypos_tui.server.domain.forms import Email, Form, GivenPassword, LongText, NewPassword, email_key
from factorypos_tui.server.domain.invitations import register_invited
from factorypos_tui.server.domain.strangers import hold_back, hold_back_network
from factorypos_tui.server.http.calls import HASHES, Address, Device, IdempotencyKey, ThisCloud, UserCall
from factorypos_tui.server.http.problems import refusals
from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage.tables import Account
from factorypos_tui.server.words import told

router = APIRouter(tags=["accounts"])


class Credentials(Form):
    email: LongText
    password: GivenPassword
    code: Annotated[str, StringConstraints(max_length=200)] | None = None
    """Of the second factor, where the account has one: what the app shows, or a recovery code."""
    terminal_id: Annotated[UUID, Field(strict=False)] | None = None
    """The terminal on which the person logs in: its owner ends this session by revoking it."""


class InvitedRegistration(Registration):
    invitation: Annotated[str, StringConstraints(max_length=200)] | None = None
    """The token of an invitation's link: it lets its person register also where nobody else may, and join."""


class ResetRequest(Form):
    email: Email


class ResetConfirmation(Form):
    """With the `token` of the link, or with `email` and the `code` that was mailed to it."""

    token: Annotated[str, StringConstraints(max_length=200)] | None = None
    email: LongText | None = None
    code: Annotated[str, StringConstraints(max_length=200)] | None = None
    password: NewPassword


class User(BaseModel):
    id: str
    email: str
    name: str
    language: str
    created_at: str
    confirmed_at: str | None = None
    """When the e-mail was confirmed; until then nothing else is mailed to it."""


class LogIn(BaseModel):
    token: str
    expires_at: str
    user: User


def _shown(account: Account) -> User:
    return User.model_validate(account.__data__)


@router.post("/users", status_code=201, responses=refusals(403, 409), dependencies=[HASHES])
def register(
    form: InvitedRegistration, cloud: ThisCloud, address: Address, idempotency_key: IdempotencyKey = None
) -> User:
    """Make an account, by an invitation where registration is closed to all others."""
    if form.invitation is None:
        accounts.require_open(cloud)
    hold_back_network(cloud, "registration", cloud.limits.registrations, address)
    database, scope = cloud.database, f"register {email_key(form.email)}"
    password_hash = passwords.hash_password(form.password)

    def add() -> User:
        if form.invitation is None:
            return _shown(confirmations.register(cloud, form, password_hash))
        return _shown(register_invited(cloud, form, password_hash, form.invitation, address))

    with database.connection_context():
        user = create_once(cloud, scope, idempotency_key, form, User, add)
        stored = accounts.account_of(database, form.email)
    # No fast hash of a password may be stored, so the key's fingerprint leaves it out. Compare it here.
    made_now = stored is not None and stored.password_hash == password_hash
    if not made_now and not passwords.matches(stored.password_hash if stored else None, form.password):
        raise key_reused()
    cloud.postman.call()
    return user


@router.post("/users/current/confirmation", status_code=202, responses=refusals(409, 429))
def ask_for_confirmation(call: UserCall, address: Address) -> dict[str, str]:
    """Mail one more link that confirms the e-mail."""
    with call.as_user() as account:
        pass
    confirmations.send_confirmation(call.cloud, account, address)
    return {"detail": told("A mail with a link is on its way.")}


@router.post("/sessions", status_code=201, responses=refusals(401), dependencies=[HASHES])
def log_in(form: Credentials, cloud: ThisCloud, address: Address, device: Device) -> LogIn:
    """Trade an e-mail and a password for a user token. An account with a second factor needs its `code`, too:
    without it, and with one that is not right, the refusal is 401 `second_factor_required`."""
    terminal = str(form.terminal_id) if form.terminal_id else None
    place = accounts.Place(address, device, on_page=False, terminal_id=terminal)
    token, expires_at, account = accounts.log_in(cloud, form.email, form.password, place, code=form.code)
    return LogIn(token=token, expires_at=expires_at, user=_shown(account))


@router.get("/sessions/current")
def who_am_i(call: UserCall) -> User:
    """The account behind the user token."""
    with call.as_user() as account:
        return _shown(account)


@router.delete("/sessions/current", status_code=204)
def log_out(call: UserCall) -> None:
    """End the user token."""
    with call.as_user() as account:
        accounts.log_out(call.cloud, account, call.token_hash)


@router.post("/password-resets", status_code=202, dependencies=[HASHES])
def ask_for_reset(form: ResetRequest, cloud: ThisCloud, address: Address) -> dict[str, str]:
    """Send a link and a code by mail, if there is such an account; the answer never tells."""
    hold_back(cloud, "password_reset", cloud.limits.resets, form.email, address)
    resets.send_reset(cloud, form.email, address)
    return {"detail": told("If there is an account with this e-mail, a code is on its way.")}


@router.post("/password-resets/confirm", status_code=204, dependencies=[HASHES])
def confirm_reset(form: ResetConfirmation, cloud: ThisCloud, address: Address) -> None:
    """Set a new password with what came by mail, and end every session of the account."""
    hold_back(cloud, "code", cloud.limits.codes, None if form.token else form.email, address)
    if form.token is not None:
        reset = resets.reset_of_link(cloud, form.token, address)
    elif form.email is None or form.code is None:
        missing = [name for name in ("email", "code") if getattr(form, name) is None]
        needed = told("It is needed.")
        raise errors.Invalid([errors.FieldProblem(name, "required", needed) for name in missing])
    else:
        reset = resets.reset_of_code(cloud, form.email, form.code, address)
    resets.reset_password(cloud, reset, form.password, address)
