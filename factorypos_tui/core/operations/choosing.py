"""Finds the company and the store that a person means: by id, by name, or since there is only one."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import Assignment, load_assignment, terminal_token
from factorypos_tui.core.errors import NotConnected, TokenRefused, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.language.text import one_line
from factorypos_tui.core.models import Company, Store, Terminal
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.facts import fact, keep_fact

_MOST_LISTED = 20
_CODE = "enrolled_with"
"""The fact that says which enrolment code was used last: its `_fingerprint`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Ids of a company and of a store of it."""

    company_id: str
    store_id: str


def find_place(station: Station, company: str | None, store: str | None) -> Place:
    """The one store that fits; each is an id or a name, and None leaves it open.

    Raises `UsageError` with what there is where none or several fit."""
    if company and store and _is_an_id(company) and _is_an_id(store):
        return Place(company, store)
    there = list(_all(station, company))
    found = [(of, one) for of, one in there if _fits(one, store)]
    if len(found) == 1:
        return Place(found[0][0].id, found[0][1].id)
    if not there:
        words = _("There is no store yet. Nothing was changed. Create one: {command}")
        wanted, name = _("ID|NAME"), _("NAME")
        raise UsageError(words.format(command=command(f"stores create --company {wanted} --name {name}")))
    if found:
        words = _("More than one store fits. Nothing was changed. Say which by its id:")
    else:
        words = _("There is no such store. Nothing was changed. There are:")
    raise UsageError("\n".join([words, *_listed(found or there)]))


def find_company(station: Station, company: str) -> str:
    """The id of the one company that fits an id or a name. Raises `UsageError` where none or several fit."""
    if _is_an_id(company):
        return company
    there = accounts.companies(station)
    return _only(there, [one for one in there if _fits(one, company)], company).id


def named_already(there: Sequence[Company] | Sequence[Store], name: str) -> Company | Store | None:
    """The one that has this name; None where none has. Raises `UsageError` where several have."""
    found = [one for one in there if _fits(one, name)]
    return _only(there, found, name) if found else None


def assigned_already(station: Station, company: str | None, store: str | None) -> Assignment | None:
    """The assignment in force if it is what a person asks for, of this till and with a token that
    FactoryCLOUD takes; else None. Raises `CloudUnreachable` where it cannot tell."""
    current = load_assignment(station.database)
    if current is None or not (_fits(current.company, company) and _fits(current.store, store)):
        return None
    if accounts.account(station) not in (None, current.assigned_by):
        return None
    return _good(station, current)


def enrolled_already(station: Station, code: str) -> Assignment | None:
    """The assignment in force if this code has brought this till to its store, with a token that FactoryCLOUD
    takes; else None. Raises `CloudUnreachable` where it cannot tell."""
    current = load_assignment(station.database)
    if current is None or fact(station.database, _CODE) != _fingerprint(current.store, code):
        return None
    return _good(station, current)


def note_code(station: Station, store: Store, code: str) -> None:
    """Note which code has brought this terminal to its store."""
    keep_fact(station.database, _CODE, _fingerprint(store, code))


def _fingerprint(store: Store, code: str) -> str:
    """A hash by which a code is known again, however it is typed; the code itself is kept nowhere."""
    typed = "".join(letter for letter in code.upper() if letter.isalnum())
    return sha256(f"{store.id} {typed}".encode(errors="replace")).hexdigest()


def _good(station: Station, current: Assignment) -> Assignment | None:
    """The assignment, if it is of this till and FactoryCLOUD takes its token."""
    till = station.till.terminal()
    if current.terminal != Terminal(till.id, station.terminal_name or till.name):
        return None
    with suppress(NotConnected, TokenRefused):
        bound = station.cloud().binding(terminal_token(station, current))
        return current if bound.store.id == current.store.id else None
    return None


def _all(station: Station, company: str | None) -> Iterator[tuple[Company, Store]]:
    named = [Company(find_company(station, company), "")] if company else None
    for one in named or accounts.companies(station):
        for store in accounts.stores(station, one.id):
            yield one, store


def _only(
    there: Sequence[Company] | Sequence[Store], found: Sequence[Company | Store], wanted: str
) -> Company | Store:
    if len(found) == 1:
        return found[0]
    if not there:
        words = _("There is no company yet. Nothing was changed. Create one: {command}")
        name = _("NAME")
        raise UsageError(words.format(command=command(f"companies create --name {name}")))
    if found:
        words = _("More than one is called {name}. Nothing was changed. Say which by its id:")
    else:
        words = _("Nothing is called {name}. Nothing was changed. There are:")
    listed = [f"  {one.id}  {one_line(one.name)}" for one in (found or there)[:_MOST_LISTED]]
    raise UsageError("\n".join([words.format(name=one_line(wanted)), *listed]))


def _listed(pairs: Sequence[tuple[Company, Store]]) -> list[str]:
    return [
        f"  {store.id}  {one_line(store.name)}" + (f" ({one_line(company.name)})" if company.name else "")
        for company, store in pairs[:_MOST_LISTED]
    ]


def _fits(one: Company | Store, wanted: str | None) -> bool:
    return wanted is None or wanted == one.id or wanted.strip().casefold() == one.name.strip().casefold()


def _is_an_id(text: str) -> bool:
    with suppress(ValueError):
        return str(UUID(text)) == text.lower()
    return False
