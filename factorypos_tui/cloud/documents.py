"""FactoryCLOUD's JSON as models. Every field is checked; `Unusable` is raised where one does not fit."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from factorypos_tui.cloud.problems import Unusable, is_problem, refusal
from factorypos_tui.cloud.signatures import signed_answer
from factorypos_tui.core.answers import (
    Binding,
    CurrentTerminal,
    Enrolment,
    HeldZ,
    KnownTerminal,
    Registration,
    Session,
)
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import Acknowledgement, Company, Report, Store, Terminal
from factorypos_tui.core.reports.takings import AMOUNTS, Takings

T = TypeVar("T")
Document = Mapping[str, Any]

_LONGEST_TOKEN, _LONGEST_CURSOR, _LONGEST_HASH = 4096, 2000, 64
_ETAG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_CURRENCY, _LARGEST_NUMBER = re.compile(r"[A-Z]{3}"), 2**63 - 1
_RESULTS = ("created", "unchanged", "replaced", "stale")


def parse(body: bytes) -> Document:
    """The JSON object in `body`."""
    try:
        document = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Unusable("not_factorycloud", _("its answer is not JSON")) from None
    return _object(document)


def session(document: Document) -> Session:
    """The answer to a log-in."""
    user = _object(document.get("user"))
    token, expires_at = _token(document.get("token")), _instant(document.get("expires_at"))
    is_confirmed = user.get("confirmed_at", "") is not None
    return Session(token, expires_at, plain(_text(user, "email")), is_confirmed)


def registration(document: Document) -> Registration:
    """What FactoryCLOUD's health tells of registering."""
    contact = None if document.get("contact") is None else plain(_text(document, "contact"), 120)
    return Registration(document.get("registration", "open") == "open", contact)


def company(document: Document) -> Company:
    """One company."""
    return Company(_id(document), plain(_text(document, "name")))


def store(document: Document) -> Store:
    """One store."""
    return Store(_id(document), plain(_text(document, "name")))


def enrolment(document: Document) -> Enrolment:
    """The answer to binding a terminal to a store."""
    last = document.get("last_z_number")
    return Enrolment(
        _token(document.get("terminal_token")),
        company(_object(document.get("company"))),
        store(_object(document.get("store"))),
        None if last is None else _number(last),
    )


def known_terminal(document: Document) -> KnownTerminal:
    """What an account knows of a terminal."""
    found, last, same_account = (document.get(name) for name in ("store", "last_z_number", "same_account"))
    if not isinstance(same_account, bool):
        _misfit("same_account")
    return KnownTerminal(
        None if found is None else store(_object(found)),
        None if last is None else _number(last),
        tuple(map(_number, _list(document.get("missing_z_numbers"), "missing_z_numbers"))),
        same_account,
    )


def binding(document: Document) -> Binding:
    """What a terminal token is for."""
    terminal = _object(document.get("terminal"))
    since = terminal.get("assigned_at")
    return Binding(
        company(_object(document.get("company"))),
        store(_object(document.get("store"))),
        Terminal(_id(terminal), plain(_text(terminal, "name"))),
        None if since is None else _instant(since),
        tuple(store(_object(found)) for found in _list(document.get("stores", []), "stores")),
        _version_or_none(document),
    )


def current_terminal(document: Document) -> CurrentTerminal:
    """What the cloud says of the store that a terminal belongs to."""
    allowed = document.get("upload_allowed")
    if not isinstance(allowed, bool):
        _misfit("upload_allowed")
    return CurrentTerminal(_version(document), allowed)


def _version_or_none(document: Document) -> str | None:
    """None also where it makes no sense: reports are sent all the same."""
    try:
        return _version(document)
    except Unusable:
        return None


def _version(document: Document) -> str | None:
    version = document.get("configuration_etag")
    return None if version is None else etag(version)


def etag(value: object) -> str:
    """A version, ready for a header of the next request. A proxy that packs answers marks it as weak; that
    mark is dropped."""
    tag = value.removeprefix("W/") if isinstance(value, str) else ""
    return tag if _ETAG.fullmatch(tag) else _misfit("ETag")


def held_z(document: Document) -> HeldZ:
    """One line of the list of reports that the cloud holds."""
    return HeldZ(
        _uuid(document, "report_id"),
        _number(document.get("z_number")),
        plain(_text(document, "content_hash"), _LONGEST_HASH),
        _instant(document.get("received_at")),
        _conflict(document.get("conflict")),
    )


def takings_between(first: date, last: date) -> Callable[[Document], Takings]:
    """A reader of what was taken on one day from `first` to `last`."""

    def read(document: Document) -> Takings:
        day, currency, is_running = (document.get(name) for name in ("date", "currency", "provisional"))
        if not isinstance(is_running, bool):
            _misfit("provisional")
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            _misfit("currency")
        on = _date(day)
        if not first <= on <= last:
            _misfit("date")
        totals = _object(document.get("totals"))
        return Takings(
            first=on,
            last=on,
            currency=currency,
            is_running=is_running,
            z_reports=_number(document.get("z_reports")),
            receipts=_number(document.get("receipts")),
            **{name: _amount(totals.get(name)) for name in AMOUNTS},
        )

    return read


def _conflict(value: object) -> str | None:
    """How far a conflict is settled; None for no conflict, and for a word of a newer cloud."""
    return value if isinstance(value, str) and value in ("open", "settled") else None


def page(item: Callable[[Document], T]) -> Callable[[Document], tuple[list[T], str | None]]:
    """A reader of one page of a list: its items, and the cursor of the next page."""

    def read(document: Document) -> tuple[list[T], str | None]:
        cursor = document.get("next_cursor")
        fits = isinstance(cursor, str) and cursor.isascii() and cursor.isprintable()
        if cursor is not None and not (fits and 0 < len(cursor) <= _LONGEST_CURSOR):
            _misfit("next_cursor")
        return [item(_object(entry)) for entry in _list(document.get("items"), "items")], cursor

    return read


def receipt(report: Report) -> Callable[[Document], Acknowledgement]:
    """A reader of the receipt for `report`, which must echo its id and hash."""

    def read(document: Document) -> Acknowledgement:
        if document.get("report_id") != report.id or document.get("content_hash") != report.content_hash:
            raise Unusable("wrong_receipt", _("id or hash differ"))
        try:
            if document.get("result") not in _RESULTS:
                _misfit("result")
            missing = _list(document.get("missing_z_numbers", []), "missing_z_numbers")
            return Acknowledgement(
                report.id,
                report.content_hash,
                document["result"],
                _instant(document.get("received_at")),
                tuple(map(_number, missing)),
                _uuid(document, "store_id") if "store_id" in document else None,
                signed_answer(document),
            )
        except Unusable as misfit:
            raise Unusable("wrong_receipt", str(misfit)) from None

    return read


def receipts(reports: Sequence[Report]) -> Callable[[Document], list[Acknowledgement | CloudRefused]]:
    """A reader of the answer to a batch: a receipt or a refusal for each of `reports`, in their order."""

    def read(document: Document) -> list[Acknowledgement | CloudRefused]:
        results = document.get("results")
        if not isinstance(results, list) or len(results) != len(reports):
            raise Unusable("wrong_receipt", _("the number of receipts differs"))
        return [_result(report, _object(entry)) for report, entry in zip(reports, results, strict=True)]

    return read


def _result(report: Report, document: Document) -> Acknowledgement | CloudRefused:
    status = document.get("status")
    if not is_problem(document):
        return receipt(report)(document)
    if not isinstance(status, int) or not 400 <= status < 500 or status in (408, 425, 429):
        raise Unusable("server_error", str(status))
    return refusal(status, document)


def _object(value: object) -> Document:
    return value if isinstance(value, dict) else _misfit("object")


def _list(value: object, name: str) -> list[Any]:
    return value if isinstance(value, list) else _misfit(name)


def _text(document: Document, name: str) -> str:
    value = document.get(name)
    return value if isinstance(value, str) else _misfit(name)


def _id(document: Document) -> str:
    return _uuid(document, "id")


def _uuid(document: Document, name: str) -> str:
    try:
        return str(UUID(_text(document, name)))
    except ValueError:
        _misfit(name)


def _token(value: object) -> str:
    """A token, checked so that it cannot end the header that it travels in."""
    return value if isinstance(value, str) and is_token(value) else _misfit("token")


def is_token(text: str) -> bool:
    """Whether `text` can travel in an `Authorization` header."""
    return 0 < len(text) <= _LONGEST_TOKEN and text.isascii() and text.isprintable() and " " not in text


def _number(value: object) -> int:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST_NUMBER
    return value if fits and isinstance(value, int) else _misfit("number")


def _amount(value: object) -> int:
    """A whole number that may be below zero."""
    return -_number(-value) if isinstance(value, int) and value < 0 else _number(value)


def _date(value: object) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else _misfit("date")
    except ValueError:
        _misfit("date")


def _instant(value: object) -> datetime:
    try:
        return instant_of(value) if isinstance(value, str) else _misfit("time")
    except (ValueError, OverflowError):
        _misfit("time")


def _no_number(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are not JSON")


def _misfit(name: str) -> NoReturn:
    raise Unusable("not_factorycloud", _("its answer has no proper {name}").format(name=name))
