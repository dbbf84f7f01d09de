"""Whether a Z follows the Z before it."""

from collections.abc import Collection

from peewee import Database

from factorypos_tui.server.storage.tables import Conflict


def follows(previous_hash: str | None, hash_before: str, refused: Collection[str]) -> bool:
    """A till whose Z was refused goes on from its own Z, which is kept beside ours."""
    return previous_hash == hash_before or previous_hash in refused


def refused_hashes(database: Database, terminal_id: str) -> set[str]:
    """The hashes of reports that were refused because another report has their place."""
    query = Conflict.select(Conflict.content_hash).where(Conflict.terminal_id == terminal_id)
    return {conflict.content_hash for conflict in query.bind(database)}
