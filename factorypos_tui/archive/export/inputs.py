"""What an export is made of: frozen bytes, and what is known of where they come from.

Money is in minor units of the report's currency."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal


class Format(StrEnum):
    """What an export is."""

    CSV = "csv"
    JSON = "json"
    JOURNAL = "journal"
    SAFT_CASH_REGISTER = "saft-cash-register"


@dataclass(frozen=True, slots=True)
class Company:
    """Who sells; what is not known is None."""

    id: str
    name: str
    tax_id: str | None = None
    country: str | None = None
    """ISO 3166-1, two letters."""
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Store:
    """Where it was sold; what is not known is None."""

    id: str
    name: str
    timezone: str | None
    company: Company | None


@dataclass(frozen=True, slots=True)
class ExportedReport:
    """One report as it was frozen."""

    document: bytes
    """The very bytes that were frozen."""
    acknowledgement: bytes | None
    """Canonical JSON of the cloud's signed answer, where one is kept."""
    store: Store


@dataclass(frozen=True, slots=True)
class NotAskedFor:
    """A Z of a terminal that is kept, but is of a store or a day that nobody asked for."""

    terminal_id: str
    z_number: int
    content_hash: str
    why: Literal["store", "day"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and by which program it is answered."""

    form: Format
    made_at: str
    """RFC 3339, UTC."""
    made_by: str
    first: str | None
    """The first business date, None for all from the first one on."""
    last: str | None
    keys: bytes | None = None
    """`keys.json`: the keys that signed; None where none is known."""


@dataclass(frozen=True, slots=True)
class Read:
    """One report with its document read."""

    source: ExportedReport
    document: Mapping[str, Any]

    @property
    def is_z(self) -> bool:
        """Whether a day was closed with it."""
        return bool(self.document["kind"] == "Z")

    @property
    def store(self) -> Store:
        """Where it was sold."""
        return self.source.store

    def __getitem__(self, name: str) -> Any:
        return self.document[name]


def read(source: ExportedReport) -> Read:
    """The report with its document; raises `ValueError` where the bytes are no report."""
    document = json.loads(source.document)
    if not isinstance(document, dict):
        raise ValueError("a report is a JSON object")
    return Read(source, document)


def canonical(document: Any) -> bytes:
    """Keys sorted by code point, no white space, UTF-8."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode()
