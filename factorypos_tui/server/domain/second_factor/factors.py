"""What an account has of a second factor, and whether one was shown that is right: each code counts once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.domain.second_factor import codes, passkeys
from factorypos_tui.server.domain.second_factor.passkeys import Signed
from factorypos_tui.server.domain.second_factor.telling import tell
from factorypos_tui.server.domain.strangers import Taken, hold_back, note_refusal
from factorypos_tui.server.security.tokens import token_hash, typed_code
from factorypos_tui.server.storage.factor_tables import AuthenticatorApp, Passkey, RecoveryCode
from factorypos_tui.server.storage.tables import Account
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class Typed:
    """A code that a person typed: of the app, or a recovery code."""

    code: str


Shown: TypeAlias = Typed | Signed
"""What somebody shows as a second factor."""


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has."""

    app_since: str | None
    """When the authenticator app was set up; none without one."""
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def are_on(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


class SecondFactorNeeded(errors.NotKnown):
    """The password is right, and a second factor is needed that was not shown, or is not right."""

    code = "second_factor_required"

    def __init__(self, words: str, account: Account | None = None) -> None:
        super().__init__(words)
        self.account = account
        """Whose password was given, where nothing else was."""


def factors_of(database: Database, account_id: str) -> Factors:
    app = AuthenticatorApp.select().where(AuthenticatorApp.account_id == account_id).get_or_none(database)
    left = RecoveryCode.select().where(RecoveryCode.account_id == account_id).count(database)
    return Factors(app.added_at if app else None, passkeys.passkeys_of(database, account_id), int(left))


def are_on(database: Database, account_id: str) -> bool:
    """Whether the account asks for a second factor."""
    has_app = AuthenticatorApp.select().where(AuthenticatorApp.account_id == account_id).exists(database)
    return bool(has_app or Passkey.select().where(Passkey.account_id == account_id).exists(database))


def count_try(cloud: Cloud, account: Account, shown: Shown, address: str) -> Taken:
    """Count one more try to show a second factor; raises `TooOften`.

    Only six digits can be guessed, so only they have a bound for the account. Somebody who knows the password
    and has used it up stops nobody who has a passkey or a recovery code."""
    if isinstance(shown, Typed) and codes.is_of_app(shown.code):
        return hold_back(cloud, "second_factor", cloud.limits.app_codes, account.email, address)
    return hold_back(cloud, "second_factor", cloud.limits.codes, None, address)


def use(cloud: Cloud, account: Account, shown: Shown, address: str) -> None:
    """Use a second factor up, in the caller's transaction; raises `SecondFactorNeeded` where it is not
    right."""
    if isinstance(shown, Signed):
        if not passkeys.use(cloud, account.id, shown):
            words = told(
                "The passkey did not fit, or its answer came too late. Nothing was changed. Try again."
            )
            raise SecondFactorNeeded(words)
    elif not (
        _use_app(cloud, account.id, shown.code) or _use_recovery_code(cloud, account, shown.code, address)
    ):
        words = told(
            "This code is not right, too old, or was used already: each works once. Wait for the next one."
        )
        raise SecondFactorNeeded(words)


def note_wrong(cloud: Cloud, account: Account, address: str) -> None:
    note_refusal(cloud, "second_factor", account.email, account.id, address)


def _use_app(cloud: Cloud, account_id: str, typed: str) -> bool:
    """Whether an app shows this code now, and neither it nor a later one was used."""
    mine = AuthenticatorApp.account_id == account_id
    app = AuthenticatorApp.select().where(mine).get_or_none(cloud.database)
    if app is None:
        return False
    this = mine & (AuthenticatorApp.secret == app.secret)
    return any(
        AuthenticatorApp.update(last_step=step)
        .where(this, AuthenticatorApp.last_step < step)
        .execute(cloud.database)
        for step in codes.steps_of(app.secret, typed, cloud.now_ms() // 1000)
    )


def _use_recovery_code(cloud: Cloud, account: Account, typed: str, address: str) -> bool:
    mine = RecoveryCode.account_id == account.id
    this = RecoveryCode.code_hash == token_hash(typed_code(typed))
    if not RecoveryCode.delete().where(mine, this).execute(cloud.database):
        return False
    left = RecoveryCode.select().where(mine).count(cloud.database)
    tell(cloud.database, cloud.now(), account, "code_used", address=address, codes=left)
    return True
