"""People: register, log in, log out, and a new password for a forgotten one."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks
from pydantic import BaseModel, StringConstraints

from factorypos_tui.server import errors
from factorypos_tui.server.api.calls import IdempotencyKey, Network, ThisCloud, UserCall
from factorypos_tui.server.api.idempotency import create_once, key_reused
from factorypos_tui.server.api.problems import refusals
from factorypos_tui.server.domain import accounts, resets
from factorypos_tui.server.domain.accounts import Registration
from factorypos_tui.server.domain.forms import Email, Form, GivenPassword, LongText, NewPassword, email_key
from factorypos_tui.server.security import passwords
from factorypos_tui.server.storage.tables import Account
from factorypos_tui.server.words import told

router = APIRouter(tags=["accounts"])


class Credentials(Form):
    email: LongText
    password: GivenPassword


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


class LogIn(BaseModel):
    token: str
    expires_at: str
    user: User


def _shown(account: Account) -> User:
    return User.model_validate(account.__data__)


@router.post("/users", status_code=201, responses=refusals(409))
def register(form: Registration, cloud: ThisCloud, idempotency_key: IdempotencyKey = None) -> User:
    """Make an account."""
    database, scope = cloud.database, f"register {email_key(form.email)}"
    password_hash = passwords.hash_password(form.password)

    def add() -> User:
        return _shown(accounts.add_account(database, cloud.now(), form, password_hash, "registration"))

    with database.connection_context():
        user = create_once(cloud, scope, idempotency_key, form, User, add)
        stored = accounts.account_of(database, form.email)
    # No fast hash of a password may be stored, so the key's fingerprint leaves it out. Compare it here.
    made_now = stored is not None and stored.password_hash == password_hash
    if not made_now and not passwords.matches(stored.password_hash if stored else None, form.password):
        raise key_reused()
    return user


@router.post("/sessions", status_code=201, responses=refusals(401, 429))
def log_in(form: Credentials, cloud: ThisCloud, network: Network) -> LogIn:
    """Trade an e-mail and a password for a user token."""
    token, expires_at, account = accounts.log_in(cloud, form.email, form.password, network)
    return LogIn(token=token, expires_at=expires_at, user=_shown(account))


@router.get("/sessions/current", responses=refusals(401))
def who_am_i(call: UserCall) -> User:
    """The account behind the user token."""
    with call.as_user() as account:
        return _shown(account)


@router.delete("/sessions/current", status_code=204, responses=refusals(401))
def log_out(call: UserCall) -> None:
    """End the user token."""
    with call.as_user() as account:
        accounts.log_out(call.cloud, account, call.token_hash)


@router.post("/password-resets", status_code=202, responses=refusals(429))
def ask_for_reset(
    form: ResetRequest, cloud: ThisCloud, network: Network, later: BackgroundTasks
) -> dict[str, str]:
    """Send a link and a code by mail, if there is such an account; the answer never tells."""
    accounts.hold_back(cloud.resets, form.email, network)
    later.add_task(resets.send_reset, cloud, form.email)
    return {"detail": told("If there is an account with this e-mail, a code is on its way.")}


@router.post("/password-resets/confirm", status_code=204, responses=refusals(400))
def confirm_reset(form: ResetConfirmation, cloud: ThisCloud, network: Network) -> None:
    """Set a new password with what came by mail, and end every session of the account."""
    with cloud.database.connection_context():
        if form.token is not None:
            reset = resets.reset_of_link(cloud, form.token)
        elif form.email is None or form.code is None:
            missing = [name for name in ("email", "code") if getattr(form, name) is None]
            needed = told("It is needed.")
            raise errors.Invalid([errors.FieldProblem(name, "required", needed) for name in missing])
        else:
            reset = resets.reset_of_code(cloud, form.email, form.code, network)
        resets.set_password(cloud, reset, form.password)
