"""Who is logged in: log-in, registration, companies and stores.

Functions raise `CloudUnreachable` and `CloudRefused` as the port does, and `NotLoggedIn` where a person
has to log in first."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from factorypos_tui.core.account.assignment import TERMINAL, load_assignment
from factorypos_tui.core.account.ending import USER, end, end_kept, end_of_kept
from factorypos_tui.core.errors import (
    CloudRefused,
    FactoryPosError,
    LogInFailed,
    NotLoggedIn,
    StorageError,
    TillError,
    TokenMissing,
    UsageError,
)
from factorypos_tui.core.language import _, current_language
from factorypos_tui.core.models import Company, Store
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.facts import drop_fact, fact, keep_fact

MAY_BE_THERE = frozenset({"email_taken", "registration_closed"})
"""Refusals of a registration where there may be the account, made before or by whoever runs FactoryCLOUD."""
NEEDS_CODE = "second_factor_required"
"""The refusal of a log-in whose account has a second factor, without the code of one that is right."""
_A_CODE = re.compile("[0-9A-Z]{8}")


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A log-in that was made just now."""

    account: str
    """Its e-mail."""
    ended_before: bool
    """Whether the log-in of before has ended in FactoryCLOUD, if there was one."""
    is_confirmed: bool
    """Whether the e-mail is confirmed."""


def log_in(station: Station, email: str, password: str, code: str | None = None) -> LoggedIn:
    """Trade e-mail and password for a user token and keep the token, in place of the one of before. `code` is
    that of the second factor; where it is needed and not right, the refusal has the code `NEEDS_CODE`."""
    session = station.cloud().log_in(email, password, _terminal_here(station), code)
    credentials = station.credentials()
    end_before = end_of_kept(station, USER, is_expected=account(station) is not None)
    try:
        credentials.set(USER, session.token)
    except StorageError:
        end(station, USER, session.token)
        raise
    keep_fact(station.database, "account", session.email)
    return LoggedIn(session.email, ended_before=end_before(), is_confirmed=session.is_confirmed)


def _terminal_here(station: Station) -> str | None:
    """The terminal that can be revoked from afar, and this log-in with it; none where no till answers."""
    if current := load_assignment(station.database):
        return current.terminal.id
    with suppress(TillError):
        return station.till.terminal().id
    return None


def log_out(station: Station) -> bool:
    """End the log-in; the terminal's own token stays, so its reports go on. Returns whether FactoryCLOUD was
    told: without a line to it, or to the keyring that has the user token, that is only forgotten here. Raises
    `StorageError`."""
    told = end_kept(station, USER, is_expected=account(station) is not None)
    station.credentials().delete(USER)
    drop_fact(station.database, "account")
    return told


def register(station: Station, email: str, password: str, name: str) -> LoggedIn:
    """Create an account and log in with it."""
    station.cloud().register(email, password, name, current_language())
    words = _("The user was created, but the log-in failed: {why} Go back and log in.")
    return _log_in_after(station, email, password, words)


def why_no_registration(station: Station) -> str:
    """Why nobody can create an account from here, and whom to ask; empty where anybody can."""
    told = station.cloud().registration()
    if told.is_open:
        return ""
    if not told.contact:
        return _("Users are made by invitation here. Ask whoever runs FactoryCLOUD.")
    return _("Users are made by invitation here. Ask {contact}.").format(contact=told.contact)


def recover(station: Station, email: str) -> None:
    """Have FactoryCLOUD send instructions for a new password, if there is such an account."""
    station.cloud().recover(email)


def choose_password(station: Station, email: str, code: str, password: str) -> LoggedIn:
    """Set the account's new password with the code that came by mail, and log in with it.

    Raises `UsageError` for what cannot be a code: a wrong one costs one of its few tries."""
    typed = recovery_code(code)
    if typed is None:
        raise UsageError(
            _("{code} is no code: it has 8 characters, as in the mail. Nothing was sent.").format(code=code)
        )
    station.cloud().choose_password(email, typed, password)
    return _log_in_after(
        station,
        email,
        password,
        _("The password was changed, but the log-in failed: {why} Go back and log in."),
    )


def recovery_code(text: str) -> str | None:
    """The code of a mail as it was made, from any case, spaces and hyphens; None where the text is no
    code."""
    letters = "".join(letter for letter in text.upper() if not letter.isspace() and letter != "-")
    return letters if _A_CODE.fullmatch(letters) else None


def _log_in_after(station: Station, email: str, password: str, message: str) -> LoggedIn:
    """Log in. Where that fails, say in `message` what was done before and need not be repeated."""
    try:
        return log_in(station, email, password)
    except FactoryPosError as error:
        raise LogInFailed(message.format(why=error)) from error


def needs_code(error: BaseException | None) -> bool:
    """Whether a log-in was refused for want of a second factor's code, also one after something else."""
    refused = error.__cause__ if isinstance(error, LogInFailed) else error
    return isinstance(refused, CloudRefused) and refused.code == NEEDS_CODE


def is_newcomer(station: Station) -> bool:
    """Whether no person has logged in here yet. It is True only once, so that the welcome is shown once.

    If `sync.db` was lost, the terminal's token still tells that a person was here. Raises `StorageError`."""
    if account(station) or fact(station.database, "welcomed"):
        return False
    try:
        if station.credentials().get(TERMINAL):
            return False
    except TokenMissing:  # it was here, or the service has it
        return False
    keep_fact(station.database, "welcomed", "yes")
    return True


def account(station: Station) -> str | None:
    """The e-mail of the last person who logged in here, until that person logs out or disconnects."""
    return fact(station.database, "account")


def companies(station: Station) -> Sequence[Company]:
    """The companies of the account."""
    return station.cloud().companies(user_token(station))


def create_company(
    station: Station, name: str, country: str, currency: str, tax_id: str | None = None
) -> Company:
    """Create a company of the account; `country` ISO 3166, `currency` ISO 4217."""
    return station.cloud().create_company(user_token(station), name, country, currency, tax_id)


def stores(station: Station, company_id: str) -> Sequence[Store]:
    """The stores of a company."""
    return station.cloud().stores(user_token(station), company_id)


def create_store(
    station: Station, company_id: str, name: str, timezone: str, address: str | None = None
) -> Store:
    """Create a store; `timezone` is an IANA name."""
    return station.cloud().create_store(user_token(station), company_id, name, timezone, address)


def user_token(station: Station) -> str:
    """The token of the log-in; raises `NotLoggedIn` where there is none."""
    token = station.credentials().get(USER)
    if token is None:
        raise NotLoggedIn(_("Log in first."))
    return token
