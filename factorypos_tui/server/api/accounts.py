"""People: register, log in, log out, and a new password for a forgotten one."""

import uuid
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Request
from peewee import Database, Expression
from pydantic import BaseModel, StringConstraints

from factorypos_tui.server.api.calls import Cloud, IdempotencyKey, ThisCloud, UserCall, audit
from factorypos_tui.server.api.problems import FieldProblem, Problem, invalid, refusals
from factorypos_tui.server.domain.forms import (
    Email,
    Form,
    GivenPassword,
    Language,
    LongText,
    Name,
    NewPassword,
    email_key,
)
from factorypos_tui.server.domain.idempotency import create_once, key_reused
from factorypos_tui.server.mail import letters
from factorypos_tui.server.security import passwords
from factorypos_tui.server.security.throttle import Throttle, caller_network
from factorypos_tui.server.security.tokens import new_code, new_token, token_hash, typed_code
from factorypos_tui.server.storage.tables import Account, PasswordReset, Session
from factorypos_tui.server.words import told

SESSION = timedelta(hours=8)
RESET = timedelta(minutes=letters.RESET_MINUTES)
CODE_TRIES = 5

router = APIRouter(tags=["accounts"])


class Registration(Form):
    email: Email
    password: NewPassword
    name: Name
    language: Language = "en"


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


def shown(account: Account) -> User:
    return User(
        id=account.id,
        email=account.email,
        name=account.name,
        language=account.language,
        created_at=account.created_at,
    )


def account_of(database: Database, email: str) -> Account | None:
    return Account.select().where(Account.email_key == email_key(email)).get_or_none(database)


def add_account(database: Database, now: str, form: Registration, password_hash: str, actor: str) -> User:
    """Store a new account inside the caller's transaction; raises 409 `email_taken`."""
    account = Account(
        id=str(uuid.uuid4()), email=form.email, name=form.name, language=form.language, created_at=now
    )
    insert = Account.insert(
        **account.__data__, email_key=email_key(form.email), password_hash=password_hash
    ).on_conflict_ignore()
    if not insert.as_rowcount().execute(database):
        raise Problem(
            409, told("There is an account with this e-mail. Log in, or recover its password."), "email_taken"
        )
    audit(database, now, actor, "account.created", account.id)
    return shown(account)


@router.post("/users", status_code=201, responses=refusals(409))
def register(form: Registration, cloud: ThisCloud, idempotency_key: IdempotencyKey = None) -> User:
    """Make an account."""
    password_hash = passwords.hash_password(form.password)
    database, scope = cloud.database, f"register {email_key(form.email)}"
    with database.connection_context():
        user = create_once(
            cloud, scope, idempotency_key, form, User, lambda: _registered(cloud, form, password_hash)
        )
        stored = account_of(database, form.email)
    # A fast hash of a password must rest nowhere: the key's fingerprint leaves it out, so compare it here.
    made_now = stored is not None and stored.password_hash == password_hash
    if not made_now and not passwords.matches(stored.password_hash if stored else None, form.password):
        raise key_reused()
    return user


def _registered(cloud: Cloud, form: Registration, password_hash: str) -> User:
    return add_account(cloud.database, cloud.now(), form, password_hash, "registration")


def _hold_back(throttle: Throttle, key: tuple[str, str]) -> None:
    if wait := throttle.take(key):
        detail = told("Too many attempts. Wait a little, then try again.")
        raise Problem(429, detail, "too_many_attempts", headers={"Retry-After": str(wait)})


def _caller(request: Request, email: str) -> tuple[str, str]:
    return email_key(email), caller_network(request.client.host if request.client else "")


@router.post("/sessions", status_code=201, responses=refusals(401, 429))
def log_in(form: Credentials, cloud: ThisCloud, request: Request) -> LogIn:
    """Trade an e-mail and a password for a user token."""
    caller = _caller(request, form.email)
    _hold_back(cloud.log_ins, caller)
    database = cloud.database
    with database.connection_context():
        account = account_of(database, form.email)
        right = passwords.matches(account.password_hash if account else None, form.password)
        if account is None or not right or account.disabled_at is not None:
            if account is not None:
                audit(database, cloud.now(), caller[1], "log_in.refused", account.id)
            raise Problem(401, told("The e-mail or the password is not right."), "invalid_credentials")
        cloud.log_ins.forget(caller)
        token, now, expires_at = new_token(), cloud.now(), cloud.now(SESSION)
        with database.atomic():
            Session.delete().where(Session.expires_at <= now).execute(database)
            Session.insert(
                token_hash=token_hash(token), account_id=account.id, created_at=now, expires_at=expires_at
            ).execute(database)
            audit(database, now, caller[1], "log_in", account.id)
    return LogIn(token=token, expires_at=expires_at, user=shown(account))


@router.get("/sessions/current", responses=refusals(401))
def who_am_i(call: UserCall) -> User:
    """The account behind the user token."""
    with call.as_user() as account:
        return shown(account)


@router.delete("/sessions/current", status_code=204, responses=refusals(401))
def log_out(call: UserCall) -> None:
    """End the user token."""
    with call.as_user() as account, call.database.atomic():
        Session.delete().where(Session.token_hash == call.token_hash).execute(call.database)
        audit(call.database, call.cloud.now(), account.id, "log_out", account.id)


@router.post("/password-resets", status_code=202, responses=refusals(429))
def ask_for_reset(
    form: ResetRequest, cloud: ThisCloud, request: Request, later: BackgroundTasks
) -> dict[str, str]:
    """Send a link and a code by mail, if there is such an account; the answer never tells."""
    _hold_back(cloud.resets, _caller(request, form.email))
    later.add_task(_send_reset, cloud, form.email)
    return {"detail": told("If there is an account with this e-mail, a code is on its way.")}


def _send_reset(cloud: Cloud, email: str) -> None:
    database = cloud.database
    with database.connection_context():
        account = account_of(database, email)
        if account is None or account.disabled_at is not None or cloud.resets.take(("letters", account.id)):
            return
        token, code, now = new_token(), new_code(), cloud.now()
        code_hash = passwords.hash_password(code)
        with database.atomic():
            PasswordReset.delete().where(PasswordReset.expires_at <= now).execute(database)
            PasswordReset.insert(
                token_hash=token_hash(token),
                account_id=account.id,
                expires_at=cloud.now(RESET),
                code_hash=code_hash,
            ).execute(database)
    link = f"{cloud.public_url}/reset#{token}" if cloud.public_url else None
    cloud.postman.post(letters.password_reset(account.email, account.name, account.language, code, link))


@router.post("/password-resets/confirm", status_code=204, responses=refusals(400))
def confirm_reset(form: ResetConfirmation, cloud: ThisCloud, request: Request) -> None:
    """Set a new password with what came by mail, and end every session of the account."""
    database = cloud.database
    refused = Problem(
        400, told("This code is used up, too old or mistyped. Ask for a new one."), "reset_token_invalid"
    )
    with database.connection_context():
        reset = _reset_meant(cloud, form, request)
        if reset is None:
            raise refused
        password_hash = passwords.hash_password(form.password)
        with database.atomic():
            if not PasswordReset.delete().where(_still_good(cloud, reset.token_hash)).execute(database):
                raise refused
            mine = Account.id == reset.account_id
            Account.update(password_hash=password_hash).where(mine).execute(database)
            PasswordReset.delete().where(PasswordReset.account_id == reset.account_id).execute(database)
            Session.delete().where(Session.account_id == reset.account_id).execute(database)
            audit(database, cloud.now(), reset.account_id, "password.changed", reset.account_id)
        account = Account.select().where(mine).get(database)
    cloud.postman.post(letters.password_changed(account.email, account.name, account.language))


def _still_good(cloud: Cloud, hashed: str) -> Expression:
    return (PasswordReset.token_hash == hashed) & (PasswordReset.expires_at > cloud.now())


def _reset_meant(cloud: Cloud, form: ResetConfirmation, request: Request) -> PasswordReset | None:
    """The mail that the link or the code is of; raises 422 where the form names neither."""
    if form.token is not None:
        query = PasswordReset.select().where(_still_good(cloud, token_hash(form.token)))
        return query.get_or_none(cloud.database)
    missing = [name for name in ("email", "code") if getattr(form, name) is None]
    if missing:
        raise invalid(
            [FieldProblem(field=name, code="required", message=told("It is needed.")) for name in missing]
        )
    return _reset_by_code(cloud, form.email or "", typed_code(form.code or ""), request)


def _reset_by_code(cloud: Cloud, email: str, code: str, request: Request) -> PasswordReset | None:
    """The newest mail to this address, if the code is its; a try counts before it is looked at, so that many
    at once have no more. An address without account or mail takes the same time."""
    database = cloud.database
    newest = (
        PasswordReset.select()
        .join(Account, on=(PasswordReset.account_id == Account.id))
        .where(Account.email_key == email_key(email), Account.disabled_at.is_null())
        .where(PasswordReset.expires_at > cloud.now())
        .order_by(PasswordReset.expires_at.desc(), PasswordReset.token_hash)
        .limit(1)
        .get_or_none(database)
    )
    counts = False
    if newest is not None:
        try_it = PasswordReset.update(tries=PasswordReset.tries + 1)
        left = (PasswordReset.token_hash == newest.token_hash) & (PasswordReset.tries < CODE_TRIES)
        counts = bool(try_it.where(left).execute(database))
    right = passwords.matches(newest.code_hash if newest and counts else None, code)
    if newest is not None and not right:
        caller = caller_network(request.client.host if request.client else "")
        audit(database, cloud.now(), caller, "password_reset.refused", newest.account_id)
    return newest if right else None
