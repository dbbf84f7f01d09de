"""The last exchange of a configuration between this till and its store, as `sync.db` remembers it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import fact, keep_fact

_FACT = "configuration"


class Way(StrEnum):
    """Which way a configuration was sent."""

    DOWNLOADED = "downloaded"
    UPLOADED = "uploaded"


@dataclass(frozen=True, slots=True)
class Connection:
    """The last exchange with a store."""

    store_id: str
    way: Way
    at: datetime
    etag: str
    """The cloud's version."""
    digest: str
    """Of what the till held then."""
    uploaded: bool
    """Whether this till has ever given its configuration to that store."""


def load_connection(database: Database, store_id: str) -> Connection | None:
    """The last exchange with this store."""
    try:
        values = json.loads(fact(database, _FACT) or "{}")
        if values.get("store_id") != store_id:
            return None
        return Connection(**values | {"way": Way(values["way"]), "at": instant_of(values["at"])})
    except (ValueError, TypeError, KeyError, AttributeError):  # damaged on the disk: as if never exchanged
        return None


def save_connection(database: Database, connection: Connection) -> None:
    """Remember an exchange."""
    values = asdict(connection) | {"way": connection.way.value, "at": rfc3339(connection.at)}
    keep_fact(database, _FACT, json.dumps(values))
