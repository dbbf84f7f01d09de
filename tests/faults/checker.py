"""Compares what a till, its queue and its cloud hold, with nothing but SQL, JSON and SHA-256.

    python tests/faults/checker.py HOME CLOUD_DATABASE under-way|at-peace

It shares no code with the program, so that no mistake hides on both sides. Prints a line for each thing that
is wrong, and one that says what was compared; exit 1 if anything is wrong. `under-way` is what must hold at
any moment at which no day is being closed, `at-peace` what must hold once all is sent.
"""

import hashlib
import json
import sqlite3
import sys
import uuid
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Close:
    """A closed period of the till."""

    z_number: int
    period_id: str
    closed_at: str
    business_date: str
    receipts: int
    net: int
    """Minor units, from its receipts' lines."""


@dataclass(frozen=True)
class Queued:
    """A Z in the queue."""

    row: int
    z_number: int
    report_id: str
    content_hash: str
    state: str
    attempts: int
    ends: int
    """How many of its tries have an end: in its history or, for the last delivery, in its state."""
    delivered_at: str | None
    body: bytes | None


@dataclass(frozen=True)
class Held:
    """A Z in the cloud."""

    z_number: int
    report_id: str
    content_hash: str
    received_at: str
    body: bytes


@dataclass(frozen=True)
class Places:
    """What till, queue and cloud hold of one terminal."""

    terminal: str
    till: Sequence[Close]
    queue: Sequence[Queued]
    cloud: Sequence[Held]
    faults: Sequence[str]
    """What is wrong with a whole file."""


_TILL = """
    SELECT z_number, id, closed_at, business_date, count(DISTINCT seq),
           coalesce(sum((gross - discount) * (1 - 2 * is_refund)), 0)
    FROM periods LEFT JOIN receipts ON period_id = id LEFT JOIN receipt_lines ON receipt = seq
    WHERE z_number IS NOT NULL GROUP BY periods.id ORDER BY z_number
"""
_QUEUE = """
    SELECT id, z_number, report_id, content_hash, state, attempts,
           (SELECT coalesce(sum(times), 0) FROM event
            WHERE shipment_id = shipment.id AND kind IN ('failed', 'refused', 'delivered'))
               + (state = 'delivered'),
           delivered_at, (SELECT unpacked(bytes) FROM body WHERE shipment_id = shipment.id)
    FROM shipment WHERE kind = 'Z' AND terminal_id = ? ORDER BY id
"""
_CLOUD = """
    SELECT z_number, id, content_hash, received_at, document FROM z_report
    JOIN z_body ON z_body.report_id = z_report.id AND z_body.business_date = z_report.business_date
    WHERE terminal_id = ? ORDER BY z_number
"""
_TALLY = """
    SELECT state FROM tally WHERE shipments <> (SELECT count(*) FROM shipment WHERE state = tally.state)
"""


def read_places(home: Path, cloud: Path) -> Places:
    """Read them in the order in which a Z counts as arrived, the latest first, so that one that is on its way
    meanwhile is never found in a place but not in the place before."""
    with closing(_open(home / "till.db")) as till:
        (terminal,) = till.execute("SELECT id FROM terminal").fetchone()
    faults = [f"{found.name}: a damaged file was set aside" for found in home.glob("*.damaged-*")]
    with closing(_open(home / "sync.db")) as queue:
        queued = [Queued(*row) for row in queue.execute(_QUEUE, (terminal,))]
        faults += [f"sync.db: the tally of {state} is wrong" for (state,) in queue.execute(_TALLY)]
    with closing(_open(cloud)) as there:
        held = [Held(*row) for row in there.execute(_CLOUD, (terminal,))]
        conflicts = there.execute("SELECT report_id FROM conflict WHERE terminal_id = ?", (terminal,))
        faults += [f"cloud: another content was refused for {report_id}" for (report_id,) in conflicts]
    with closing(_open(home / "till.db")) as till:
        closes = [Close(*row) for row in till.execute(_TILL)]
    return Places(terminal, closes, queued, held, faults)


def _open(path: Path) -> sqlite3.Connection:
    """Open the file to read only: a writer could change what it should see."""
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=30, isolation_level=None)
    database.create_function("unpacked", 1, zlib.decompress)
    database.execute("BEGIN")
    return database


def damaged(*paths: Path) -> Iterator[str]:
    """What SQLite finds wrong in whole files."""
    for path in paths:
        with closing(_open(path)) as database:
            (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            yield f"{path.name}: {found}"


def wrong_under_way(places: Places) -> Iterator[str]:
    """What must never be wrong, whatever is going on."""
    yield from places.faults
    yield from _doubled("till", [close.z_number for close in places.till])
    yield from _doubled("queue", [row.z_number for row in places.queue])
    yield from _doubled("cloud", [held.z_number for held in places.cloud])
    numbers = [row.z_number for row in places.queue]
    for before, after in pairwise(numbers):
        if after < before:
            yield f"queue: Z {after} stands behind Z {before}"
    closed, there = {close.z_number for close in places.till}, {held.z_number: held for held in places.cloud}
    yield from (f"queue: Z {number} was never closed" for number in sorted(set(numbers) - closed))
    yield from (f"cloud: Z {number} was never closed" for number in sorted(set(there) - closed))
    for row in places.queue:
        yield from _wrong_with(row, there.get(row.z_number))


def _doubled(place: str, numbers: list[int]) -> Iterator[str]:
    for number, times in Counter(numbers).items():
        if times > 1:
            yield f"{place}: Z {number} is there {times} times"


def _wrong_with(row: Queued, held: Held | None) -> Iterator[str]:
    """What a row of the queue says that its cloud denies."""
    name = f"Z {row.z_number}"
    if row.ends != row.attempts - (row.state == "sending"):
        yield f"queue: {name} was tried {row.attempts} times, and of {row.ends} the end is known"
    if row.body is None:
        yield f"queue: {name} has no bytes"
    if held is None:
        if row.state == "delivered":
            yield f"queue: {name} counts as delivered, and the cloud does not hold it"
        return
    if (row.report_id, row.content_hash, row.body) != (held.report_id, held.content_hash, held.body):
        yield f"cloud: {name} is another there than in the queue"
    if row.state == "delivered" and (row.delivered_at or "") < held.received_at:
        yield f"queue: {name} was acknowledged before the cloud had it"


def wrong_at_peace(places: Places) -> Iterator[str]:
    """What is wrong when all should have been sent."""
    yield from wrong_under_way(places)
    closed = [close.z_number for close in places.till]
    if closed != list(range(1, len(closed) + 1)):
        yield "till: its Z numbers have gaps"
    for place, numbers in (
        ("queue", {row.z_number for row in places.queue}),
        ("cloud", {held.z_number for held in places.cloud}),
    ):
        yield from (f"{place}: Z {number} is missing" for number in closed if number not in numbers)
    for row in places.queue:
        if row.state != "delivered":
            yield f"queue: Z {row.z_number} is stuck, {row.state}"
        elif row.attempts < 1:
            yield f"queue: Z {row.z_number} counts as delivered and was never sent"
    yield from _broken_chain(places)


def _broken_chain(places: Places) -> Iterator[str]:
    """Each Z in the cloud against the till, against its own hash, and against the Z before it."""
    closes = {close.z_number: close for close in places.till}
    hash_before: str | None = None
    total_before = 0
    for held in places.cloud:
        name, close, document = f"cloud: Z {held.z_number}", closes.get(held.z_number), json.loads(held.body)
        said = (document["z_number"], document["report_id"], document["content_hash"])
        if said != (held.z_number, held.report_id, held.content_hash) or _hash_of(document) != said[2]:
            yield f"{name} is not what its id and hash say"
        if close is not None:
            yield from _unlike_the_till(name, document, close, places.terminal)
        if document["previous_hash"] != hash_before:
            yield f"{name} does not follow the one before it"
        total = document["perpetual"]["net"]
        if total != total_before + document["totals"]["net"]:
            yield f"{name} does not carry on the perpetual total"
        hash_before, total_before = held.content_hash, total


def _hash_of(document: dict[str, object]) -> str:
    content = {key: value for key, value in document.items() if key != "content_hash"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _unlike_the_till(name: str, document: dict[str, object], close: Close, terminal: str) -> Iterator[str]:
    receipts, totals = document["receipts"], document["totals"]
    assert isinstance(receipts, dict)
    assert isinstance(totals, dict)
    said = [document[key] for key in ("terminal_id", "period_id", "closed_at", "business_date")]
    if [*said, receipts["count"], totals["net"]] != [
        terminal, close.period_id, close.closed_at, close.business_date, close.receipts, close.net
    ]:  # fmt: skip
        yield f"{name} says other than the till"
    if document["report_id"] != str(uuid.uuid5(uuid.UUID(terminal), f"Z:{close.period_id}")):
        yield f"{name} has an id that is not that of its period"


def main(home: Path, cloud: Path, moment: str) -> int:
    places = read_places(home, cloud)
    if moment == "at-peace":
        errors = [*wrong_at_peace(places), *damaged(home / "till.db", home / "sync.db", cloud)]
    else:
        errors = list(wrong_under_way(places))
    states = ", ".join(
        f"{count} {state}" for state, count in Counter(row.state for row in places.queue).items()
    )
    counted = f"till {len(places.till)} Z, queue {len(places.queue)} ({states}), cloud {len(places.cloud)}"
    print(*errors, f"{counted}: {len(errors)} wrong", sep="\n")  # noqa: T201
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3]))
