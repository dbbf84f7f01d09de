"""The reports that want one place, beside each other."""

from dataclasses import dataclass

from peewee import Database

from factorypos_tui.server.documents.headings import Heading, heading_if_any
from factorypos_tui.server.documents.share import Brief, read_brief, share_if_any
from factorypos_tui.server.storage.days import documents_of
from factorypos_tui.server.storage.tables import Conflict

MOST_SIDES = 6


@dataclass(frozen=True, slots=True)
class Side:
    """One of the reports."""

    counts: bool
    """Whether it is the one that counts at present."""
    heading: Heading
    brief: Brief


def sides_of(database: Database, held_id: str) -> list[Side]:
    """The report that has the place, and those that contradict it, in the order of their arrival; a damaged
    one is left out."""
    held = documents_of(database, [held_id]).get(held_id)
    query = Conflict.select(Conflict.document).where(Conflict.held_id == held_id)
    others = query.order_by(Conflict.received_at, Conflict.content_hash).limit(MOST_SIDES - 1).bind(database)
    documents = [(True, held), *((False, bytes(it.document)) for it in others)]
    return [
        Side(counts, heading, read_brief(share))
        for counts, raw in documents
        if raw is not None
        and (heading := heading_if_any(raw)) is not None
        and (share := share_if_any(raw)) is not None
    ]
