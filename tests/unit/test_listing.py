"""Pages of the queue: whatever the query, walking them gives exactly the sorted list; and searches find what
an operator would say they find."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factorypos_tui.core.language import format_date, use_language
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.queue.pages import (
    Order,
    Query,
    first_window,
    last_window,
    page,
    place_of,
    window_around,
)
from factorypos_tui.core.queue.shipments import Shipment, read_where
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import reason_words, state_name
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.database import Database
from tests.support.queued import every
from tests.support.stations import open_shop

_DAY = date(2026, 11, 22)
_INSERT = """
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,
                          business_date, as_of, currency, net, content_hash, state, attempts, queued_at,
                          changed_at, delivered_at, last_error, accepted_at)
    VALUES (?, 0, ?, 's', 't', ?, ?, ?, '2026-11-22T22:00:00.000Z', ?, ?, 'h', ?, ?,
            '2026-11-22T22:00:00.000Z', '2026-11-22T22:00:00.000Z', ?, ?, ?)
"""

rows = st.tuples(
    st.sampled_from("XZ"),
    st.integers(0, 3),
    st.integers(-300, 300),
    st.sampled_from(State),
    st.integers(0, 3),
    st.sampled_from([None, "connection", "report_conflict", "teapot"]),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
queries = st.builds(
    Query,
    state=st.none() | st.sampled_from(State),
    search=st.sampled_from(["", "z", "2", "nov", "network", "eur", "wait", "2 nov", "teapot"]),
    order=st.sampled_from(Order),
    descending=st.booleans(),
)


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    """A station whose queue each example fills again."""
    with open_shop(tmp_path_factory.mktemp("listing")) as shop:
        yield shop.station


def fill(database: Database, filling: list[tuple[str, int, int, State, int, str | None, str]]) -> None:
    """Put rows of these kinds, days, amounts, states, tries, reasons and currencies in the queue."""
    database.execute("DELETE FROM acknowledgement")
    database.execute("DELETE FROM shipment")
    with database.transaction():
        for number, (kind, days, net, state, attempts, reason, currency) in enumerate(filling, 1):
            day = (_DAY - timedelta(days=days)).isoformat()
            z_number = number if kind == "Z" else None
            delivered = "2026-11-22T22:00:00.000Z" if state is State.DELIVERED else None
            accepted = "2026-11-22T22:00:00.000Z" if state is State.ACCEPTED else None
            values = (kind, f"p{number}", z_number, day, currency, net, state, attempts, delivered, reason)
            database.execute(_INSERT, f"r{number}", *values, accepted)


def in_order(query: Query, shipments: list[Shipment]) -> list[Shipment]:
    """The list as one would sort it by hand."""

    def key(shipment: Shipment) -> tuple[object, ...]:
        place = place_of(query, shipment)
        return (place.value, place.row_id)

    return sorted(shipments, key=key, reverse=query.descending)


def ids(shipments: list[Shipment] | tuple[Shipment, ...]) -> list[int]:
    return [shipment.id for shipment in shipments]


def walk(station: Station, query: Query, step: int, size: int) -> list[Shipment]:
    """All pages from one end to the other."""
    listed: list[Shipment] = []
    while True:
        start = place_of(query, listed[-1 if step > 0 else 0]) if listed else None
        rows = page(station, query, start, step, size)
        if not rows:
            return listed
        listed = [*listed, *rows] if step > 0 else [*rows, *listed]


@example([("Z", 0, 0, State.ACCEPTED, 0, "connection", "EUR")], Query(search="network"), 1)
@given(st.lists(rows, max_size=25), queries, st.integers(1, 9))
def test_walking_the_pages_either_way_gives_exactly_the_sorted_list(
    station: Station,
    filling: list[tuple[str, int, int, State, int, str | None, str]],
    query: Query,
    size: int,
) -> None:
    fill(station.database, filling)
    fits = [shipment for shipment in every(station.database) if says(shipment, query)]
    expected = ids(in_order(query, fits))
    assert ids(walk(station, query, 1, size)) == expected
    assert ids(walk(station, query, -1, size)) == expected


@given(st.lists(rows, min_size=1, max_size=25), queries, st.integers(1, 9), st.data())
def test_a_window_is_the_part_of_the_list_around_its_report(
    station: Station,
    filling: list[tuple[str, int, int, State, int, str | None, str]],
    query: Query,
    room: int,
    data: st.DataObject,
) -> None:
    fill(station.database, filling)
    everything = walk(station, query, 1, 100)
    first, last = first_window(station, query, room), last_window(station, query, room)
    assert list(first.rows) == everything[:room]
    assert list(last.rows) == everything[-room:]
    assert first.found == last.found == len(everything)
    assert (first.ends, last.starts) == (len(everything) <= room, len(everything) <= room)
    if everything:
        here = data.draw(st.integers(0, len(everything) - 1))
        window = window_around(station, query, place_of(query, everything[here]), room)
        assert list(window.rows) == everything[max(0, here - room) : here + room + 1]
        assert (window.starts, window.ends) == (here <= room, here + room + 1 >= len(everything))


def says(shipment: Shipment, query: Query) -> bool:
    """Whether a report, as an operator sees it, answers the query (English, the searches above)."""
    shown = f"{format_date(shipment.business_date)} {format_money(shipment.net, shipment.currency)}".lower()
    if shipment.state.about.says_why and shipment.last_error:
        shown += " " + reason_words(shipment.last_error).lower()
    meanings = {
        "z": shipment.kind == "Z",
        "2": shipment.z_number == 2 or shipment.business_date.day == 2 or is_amount_of_two(shipment),
        "nov": shipment.business_date.month == 11,
        "wait": state_name(shipment.state) == "waiting",
    }
    words = query.search.split()
    in_state = query.state is None or shipment.state is query.state
    return in_state and all(meanings.get(word, word in shown) for word in words)


def is_amount_of_two(shipment: Shipment) -> bool:
    """2, 2.00 to 2.99, or 2.000 to 2.999, by currency."""
    figures = format_money(shipment.net, shipment.currency).split()[0]
    return figures.split(".")[0] == "2"


@pytest.mark.parametrize(
    ("language", "search", "expected"),
    [
        ("en", "412", [1]),
        ("en", "z412", [1]),
        ("en", "Z 412", [1]),
        ("en", "1,204.50", [1]),
        ("en", "1204.5", [1]),
        ("en", "1204", [1]),
        ("en", "-12", [3]),
        ("en", "22 Nov 2026", [1]),
        ("en", "2026-11-22", [1]),
        ("en", "22/11", [1]),
        ("es", "5/10/2026", [2, 3]),
        ("en", "5/10/2025", []),
        ("en", "2026-10", [2, 3]),
        ("en", "october", [2, 3]),
        ("en", "network", [2]),
        ("en", "teapot", [3]),
        ("en", "attention", [3]),
        ("en", "x", [3]),
        ("en", "kwd", [3]),
        ("en", "nonsense", []),
        ("en", "412 network", []),
        ("es", "1.204,50", [1]),
        ("es", "octubre", [2, 3]),
        ("es", "OCT", [2, 3]),
        ("es", "atencion", [3]),
        ("es", "-12,5", [3]),
        ("es", "red", [2]),
        ("en", "'; DROP TABLE shipment; --", []),
        ("en", "%", []),
        ("en", "9" * 50, []),
        ("en", "²", []),
    ],
)
def test_a_search_finds_what_its_words_mean(
    tmp_path: Path, language: str, search: str, expected: list[int]
) -> None:
    with open_shop(tmp_path / "shop") as shop:
        database = shop.station.database
        fill(database, [("Z", 0, 120450, State.DELIVERED, 1, None, "EUR")])
        database.execute("UPDATE shipment SET z_number = 412")
        for number, (kind, net, state, reason, currency) in enumerate(
            [("Z", 777, State.PENDING, "connection", "EUR"), ("X", -12500, State.ATTENTION, "teapot", "KWD")],
            2,
        ):
            values = (kind, f"q{number}", 5, "2026-10-05", currency, net, state, 3, None, reason)
            database.execute(_INSERT, f"q{number}", *values, None)
        first = min(ids(tuple(every(database))))
        use_language(language)
        rows = page(shop.station, Query(search=search, descending=False), None, 1, 10)
        assert [row - first + 1 for row in ids(rows)] == expected


def test_the_order_of_the_queue_is_read_along_its_key(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[tuple[str, tuple[object, ...]]] = []

    def note(database: Database, conditions: str, *values: object) -> list[Shipment]:
        statements.append((conditions, values))
        return read_where(database, conditions, *values)

    monkeypatch.setattr("factorypos_tui.core.queue.pages.read_where", note)
    fill(station.database, [("Z", 0, n, State.DELIVERED, 1, None, "EUR") for n in range(5)])
    newest = page(station, Query(), None, 1, 2)
    page(station, Query(), place_of(Query(), newest[-1]), 1, 2)
    page(station, Query(descending=False), place_of(Query(), newest[-1]), -1, 2)
    for conditions, values in statements:
        plan = station.database.rows(f"EXPLAIN QUERY PLAN SELECT * FROM shipment {conditions}", *values)
        assert len(plan) == 1, plan
        walks = plan[0][3] == "SCAN shipment" or "INTEGER PRIMARY KEY (rowid" in plan[0][3]
        assert walks, plan


def test_a_report_that_changed_its_place_is_followed_there(station: Station) -> None:
    fill(station.database, [("Z", 0, n, State.PENDING, n, None, "EUR") for n in range(6)])
    query = Query(order=Order.TRIES)
    seen = first_window(station, query, 10).rows[-1]
    station.database.execute("UPDATE shipment SET attempts = 9 WHERE id = ?", seen.id)
    assert window_around(station, query, place_of(query, seen), 2).rows[0].id == seen.id


def test_a_report_that_no_longer_fits_leaves_its_neighbours(station: Station) -> None:
    fill(station.database, [("Z", 0, n, State.PENDING, 0, None, "EUR") for n in range(9)])
    query = Query(State.PENDING)
    seen = list(islice(every(station.database), 9))[4]
    station.database.execute("UPDATE shipment SET state = 'delivered' WHERE id = ?", seen.id)
    window = window_around(station, query, place_of(query, seen), 2)
    assert ids(window.rows) == [seen.id + 2, seen.id + 1, seen.id - 1, seen.id - 2]
