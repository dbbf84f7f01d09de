"""A report as a line of the list, and the text below the list. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.language import N_, _, format_date, format_month, format_number, format_time
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import as_sentence, cut, filled, plain, to_the_right, width
from factorypos_tui.core.queue.months import Month
from factorypos_tui.core.queue.shipments import Shipment
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import (
    OWN_REASONS,
    PERSONS_REASONS,
    reason_words,
    state_name,
    store_words,
)
from factorypos_tui.core.status.status import Status
from factorypos_tui.tui.looks import marked_state, state_look

_GAP = "  "
_LEAST_FOR_REASONS = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: its heading, its width, and whether it is aligned to the right, as figures
    are."""

    heading: str
    width: int
    to_the_right: bool = False
    gives_way: bool = False
    """Whether it is left out where there is no room for all."""


_COLUMNS = (
    Column(N_("Kind"), 4),
    Column(N_("No."), 7, to_the_right=True),
    Column(N_("Date"), 12, to_the_right=True),
    Column(N_("Net"), 16, to_the_right=True),
    Column(N_("State"), 12),
    Column(N_("Tries"), 8, to_the_right=True, gives_way=True),
    Column(N_("Sent"), 8),
)
_ROOM_FOR_ALL = 1 + sum(column.width for column in _COLUMNS) + len(_GAP) * (len(_COLUMNS) - 1)
_STATE = slice(
    1 + sum(column.width + len(_GAP) for column in _COLUMNS[:4]),
    1 + sum(column.width + len(_GAP) for column in _COLUMNS[:4]) + _COLUMNS[4].width,
)
"""Where a row has its state."""


def heading(columns: int) -> str:
    """The line above the rows."""
    return _line([_(column.heading) for column in _COLUMNS], _("Why not"), columns)


def states_line(counts: Mapping[State, int], chosen: State | None, columns: int) -> str:
    """How many reports are in each state, the chosen one in brackets; with little room only the states that
    have reports."""
    entries: dict[State | None, tuple[str, int]] = {None: (_("all"), sum(counts.values()))}
    entries |= {
        state: (state_name(state), counts[state])
        for state in State
        if not state.about.is_rare or counts[state] or state is chosen
    }
    words = {state: f"{name} {format_number(count)}" for state, (name, count) in entries.items()}
    marked = {state: f"[{said}]" if state is chosen else f" {said} " for state, said in words.items()}
    line = " ".join(marked.values())
    if width(line) > columns:
        line = " ".join(said for state, said in marked.items() if state is chosen or entries[state][1])
    return line


def row(shipment: Shipment, now: datetime, columns: int) -> Sequence[tuple[str, str]]:
    """A report on a line so many columns wide, with the reason why it has not arrived if there is room: looks
    and texts."""
    cells = [
        shipment.kind.value,
        str(shipment.z_number) if shipment.z_number is not None else "-",
        format_date(shipment.business_date),
        format_money(shipment.net, shipment.currency),
        marked_state(shipment.state),
        format_number(shipment.attempts),
        _sent(shipment, now),
    ]
    line = _line(cells, _reason(shipment), columns)
    before, state, after = line[: _STATE.start], line[_STATE], line[_STATE.stop :]
    return [("line", before), (state_look(shipment.state), state), ("line", after)]


def month_words(day: date, month: Month) -> str:
    """A month above its reports: `Nov 2026: 29 Z, 38,214.20 EUR`."""
    if not month.zs:
        return format_month(day)
    nets = ", ".join(format_money(net, currency) for currency, net in month.nets.items())
    return _("{month}: {n} Z, {net}").format(month=format_month(day), n=format_number(month.zs), net=nets)


def name_of(shipment: Shipment) -> str:
    """A report's kind, number and day."""
    name = shipment.kind.value
    if shipment.z_number is not None:
        name += f" {shipment.z_number}"
    return f"{name}, {format_date(shipment.business_date)}"


def explained(shipment: Shipment, status: Status) -> str:
    """What the state of a report means, why it has not arrived, and when the next try is."""
    elsewhere, meaning = _waits_for_another_store(shipment, status), ""
    waits_for_a_person = status.link.state is LinkState.HELD or status.link.reason in PERSONS_REASONS
    is_held = shipment.state is State.PENDING and not elsewhere and waits_for_a_person
    if is_held:
        meaning = N_("It waits here, safe, and leaves once what holds the link has been dealt with.")
    if shipment.state is State.ATTENTION and shipment.last_error in OWN_REASONS:
        meaning = N_("Set aside here, safe; it holds up no other. A says what to do.")
    if shipment.state is State.DELIVERED and shipment.result == "elsewhere":
        meaning = N_("FactoryCLOUD keeps it for the account that this terminal belonged to before.")
    sentences = [f"{name_of(shipment)}: " + (elsewhere or _(meaning or shipment.state.about.meaning))]
    if reason := _reason(shipment) or (reason_words(status.link.reason or "") if is_held else ""):
        sentences.append(as_sentence(reason))
    next_try = status.link.next_try_at
    if shipment.state is State.PENDING and next_try and not elsewhere:
        sentences.append(_("Next try {time}.").format(time=format_time(next_try)))
    return " ".join(sentences)


def _sent(shipment: Shipment, now: datetime) -> str:
    """When it arrived. The status line shows the next try, which is the same for all that waits."""
    if shipment.state is State.DELIVERED and shipment.delivered_at:
        return when_words(shipment.delivered_at, now)
    return "-"


def _waits_for_another_store(shipment: Shipment, status: Status) -> str:
    """Which store it waits for, and who can change that; empty where it can be sent."""
    stores = {waiting.store.id: waiting for waiting in status.stranded}
    waits = shipment.state is State.PENDING and shipment.store_id in stores
    return store_words(stores[shipment.store_id]) if waits else ""


def _reason(shipment: Shipment) -> str:
    why = shipment.last_error if shipment.state.about.says_why else None
    return plain(reason_words(why)) if why else ""


def _line(cells: list[str], last: str, columns: int) -> str:
    line = _GAP.join(
        (to_the_right if column.to_the_right else filled)(cell, column.width)
        for column, cell in zip(_COLUMNS, cells, strict=True)
        if columns >= _ROOM_FOR_ALL or not column.gives_way
    )
    room = columns - width(line) - len(_GAP) - 2
    if last and room >= _LEAST_FOR_REASONS:
        line += _GAP + cut(last, room)
    return filled(cut(f" {line}", columns), columns)
