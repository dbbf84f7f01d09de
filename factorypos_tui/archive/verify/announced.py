"""export.json: what the export says that it holds."""

from dataclasses import dataclass

from factorypos_tui.archive.verify.faults import N_, Kind, found
from factorypos_tui.archive.verify.reading import Fields, parse

FORMATS = ("json", "csv", "journal", "saft-cash-register")


@dataclass(frozen=True, slots=True)
class NotHere:
    """A Z that is of a store or a day that nobody asked for, as the export says itself; it tells its hash,
    which the Z above it names."""

    z_number: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class AnnouncedTerminal:
    """A terminal, and how many Zs of it the export says that it holds."""

    terminal_id: str
    name: str
    first_z_number: int
    last_z_number: int
    count: int
    not_here: tuple[NotHere, ...]
    """Between its first and its last Z, by number."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What was exported, when, and by what program."""

    format: str
    made_at: str
    made_by: str
    first_date: str | None
    last_date: str | None
    store_ids: frozenset[str]
    terminals: tuple[AnnouncedTerminal, ...]

    def covers(self, first_date: str, last_date: str) -> bool:
        """Whether all days between are within what was asked for."""
        return (self.first_date or "") <= first_date and last_date <= (self.last_date or "9999")


def read_announced(raw: bytes, path: str) -> Announced:
    """The facts in export.json; raises `FaultFound` where it says nothing of the kind."""
    fields = Fields(parse(raw, path), path)
    if fields.whole("schema_version", 1) != 1:
        raise found(Kind.UNREADABLE, path, N_("A newer program made this export: check it with a newer one."))
    terminals = tuple(_terminal(row) for row in fields.rows("terminals"))
    if len({it.terminal_id for it in terminals}) != len(terminals):
        raise found(Kind.UNREADABLE, path, N_("It names a terminal twice."))
    return Announced(
        fields.one_of("format", *FORMATS),
        fields.instant("made_at"),
        fields.text("made_by"),
        None if fields.is_null("from") else fields.day("from"),
        None if fields.is_null("to") else fields.day("to"),
        frozenset(row.uuid("id") for row in fields.rows("stores")),
        terminals,
    )


def _terminal(row: Fields) -> AnnouncedTerminal:
    first, last = row.whole("first_z_number", 1), row.whole("last_z_number", 1)
    not_here = tuple(_not_here(it) for it in row.rows("not_here")) if row.has("not_here") else ()
    numbers = [first, *(it.z_number for it in not_here), last]
    if not_here and numbers != sorted(set(numbers)):
        words = N_("The Zs of a terminal that it says are not here are not in their order.")
        raise found(Kind.UNREADABLE, row.path, words)
    return AnnouncedTerminal(row.uuid("id"), row.text("name"), first, last, row.whole("count", 1), not_here)


def _not_here(row: Fields) -> NotHere:
    row.one_of("why", "store", "day")
    return NotHere(row.whole("z_number", 1), row.sha256("content_hash"))
