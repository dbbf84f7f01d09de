"""Connects a till of another program: finds it, shows what it closed last, and names it in `config.toml`."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.connecting.asking import OF_THE_SHOP
from factorypos_tui.core.connecting.facts import TillFacts
from factorypos_tui.core.connecting.found import Access, FoundHost
from factorypos_tui.core.connecting.identity import terminal_id_of
from factorypos_tui.core.errors import TillAbsent, TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command, program
from factorypos_tui.core.queue.hash_chain import terminals_with_closes
from factorypos_tui.core.station import Station


def tills_at(station: Station, access: Access) -> Sequence[FoundHost]:
    """The tills in the data, at least one; raises `TillError`."""
    found = station.connector().hosts(access)
    if not found:
        raise TillAbsent(
            _("The tables of a till are there, but no till has sold into them yet. Start its program once.")
        )
    return found


def terminal_id_for(station: Station, till: FoundHost, said: str | None = None) -> str:
    """The id under which FactoryCLOUD knows this till: what a person said, else what `config.toml` says of
    it, else what follows from the till's own data."""
    named = station.connector().named()
    if said is None and named and named.host in ("", till.host) and named.terminal_id:
        return named.terminal_id
    return said or terminal_id_of(till)


def refuse_another_till(station: Station, facts: TillFacts) -> None:
    """Raise `TillError` where closed days of another till, or in another currency, were taken here: numbers,
    hashes and running totals would mix with those of this one. Raises `UsageError` where a store is assigned
    to another till."""
    closed, named = terminals_with_closes(station.database), station.connector().named()
    moved = named is not None and (named.host, named.scope) != (facts.host, facts.scope)
    if closed - {facts.terminal_id} or (closed and moved):
        raise TillError(
            _(
                "Closed days of another till were taken in this folder, so it stays that till's. Nothing was"
                " changed. Give this till a folder of its own: {command}"
            ).format(command=f"{program(Path('FOLDER'))} till connect")
        )
    if closed and named and named.currency != facts.currency:
        raise TillError(
            _(
                "Days in {currency} were taken in this folder, and its running totals are in that currency."
                " Nothing was changed. A till in another currency needs a folder of its own: {command}"
            ).format(currency=named.currency, command=f"{program(Path('FOLDER'))} till connect")
        )
    assignment = load_assignment(station.database)
    if assignment and assignment.terminal.id != facts.terminal_id:
        raise UsageError(
            _(
                "A store is assigned to the till that stood here. Nothing was changed. First: {command}"
            ).format(command=command("disconnect"))
        )


def connect_till(station: Station, facts: TillFacts, password: str | None) -> None:
    """Name the till in `config.toml`; it is read from the next start on. `password`: of its database; None
    leaves what is kept. Raises what `refuse_another_till` and the connector raise.

    Where the same till gets other facts, such as its time zone, they count from the next close on. As long as
    no day was taken into the queue, they count for all days."""
    refuse_another_till(station, facts)
    named, afresh = station.connector().named(), False
    if named and named.terminal_id == facts.terminal_id and _of_the_shop(named) != _of_the_shop(facts):
        taken = facts.terminal_id in terminals_with_closes(station.database)
        afresh = not (taken or load_assignment(station.database))
        if not afresh:
            _tell_what_is_closed(station)
    station.connector().name(facts, password, afresh=afresh)


def _of_the_shop(facts: TillFacts) -> Sequence[str]:
    return [getattr(facts, name) for name in OF_THE_SHOP]


def _tell_what_is_closed(station: Station) -> None:
    """Let each closed day be told by the facts under which it was closed."""
    with suppress(TillError):  # by facts that cannot be, no day was told
        if number := station.till.status().last_z_number:
            station.till.closed_periods(number - 1, 1)
