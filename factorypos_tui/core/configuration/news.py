"""What this terminal knows of the configuration that FactoryCLOUD holds, and whether that is news to its
operator. Functions raise `StorageError`.

FactoryCLOUD tells its version whenever the terminal keeps in touch. A version that is new is compared with
the till once, so that the home screen can say how much it would change."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from factorypos_tui.core.configuration.accepted import Accepted, load_accepted
from factorypos_tui.core.configuration.exchange import Connection, load_connection
from factorypos_tui.core.language.instants import instant_of, rfc3339
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import drop_fact, fact, keep_fact

_FACT = "configuration_offer"


@dataclass(frozen=True, slots=True)
class Offer:
    """The version that FactoryCLOUD held when it was asked last."""

    store_id: str
    etag: str
    seen_at: datetime
    """When this terminal heard of it first."""
    compared_with: str | None = None
    """The digest of what the till held when the two were compared; None before that."""
    changes: int = 0
    """How many records of the till it would change; 0 also where the till cannot take it."""
    refusal: str | None = None
    """Why the till cannot take it, in words, where that was found."""
    declined: bool = False
    """Whether a person looked at it and left the till as it is."""


@dataclass(frozen=True, slots=True)
class News:
    """What an operator should know of the configuration without asking."""

    offer: Offer | None = None
    """What would change this till, or cannot be taken by it, and nobody has decided on."""
    accepted: Accepted | None = None
    """What was accepted for after the close."""


def read_news(database: Database, store_id: str) -> News:
    """What is known now of this store's configuration."""
    accepted = load_accepted(database, store_id)
    offer = undecided(load_offer(database, store_id), load_connection(database, store_id), accepted)
    return News(offer if offer and (offer.changes or offer.refusal) else None, accepted)


def undecided(offer: Offer | None, connection: Connection | None, accepted: Accepted | None) -> Offer | None:
    """The offer, unless the till has exchanged that version, or a person has accepted or declined it."""
    if offer is None or offer.declined:
        return None
    decided = {known.etag for known in (connection, accepted) if known}
    return None if offer.etag in decided else offer


def load_offer(database: Database, store_id: str) -> Offer | None:
    """What FactoryCLOUD held for this store when it was asked last."""
    offer = _load(database)
    return offer if offer and offer.store_id == store_id else None


def note_version(database: Database, store_id: str, etag: str | None, now: datetime) -> Offer | None:
    """Note which version FactoryCLOUD holds, None for none. Nothing is written where it is the same."""
    with database.transaction():
        offer = load_offer(database, store_id)
        if etag is None:
            if offer:
                drop_fact(database, _FACT)
            return None
        if offer is None or offer.etag != etag:
            offer = Offer(store_id, etag, now)
            _save(database, offer)
        return offer


def note_comparison(
    database: Database, store_id: str, etag: str, now: datetime, compared_with: str, found: int | str | None
) -> None:
    """Note how much a version would change on a till that holds what `compared_with` is the digest of; or why
    the till cannot take it; None where there is nothing to take."""
    with database.transaction():
        offer = note_version(database, store_id, etag, now)
        changes, refusal = (0, found) if isinstance(found, str) else (found or 0, None)
        if offer:
            compared = replace(offer, compared_with=compared_with, changes=changes, refusal=refusal)
            if compared != offer:
                _save(database, compared)


def note_declined(database: Database, store_id: str, etag: str, now: datetime) -> None:
    """Note that a person looked at a version and left the till as it is."""
    with database.transaction():
        if offer := note_version(database, store_id, etag, now):
            _save(database, replace(offer, declined=True))


def compare_again(database: Database) -> None:
    """Say nothing of an offer until it is compared with what the till holds now."""
    with database.transaction():
        offer = _load(database)
        if offer and offer.compared_with is not None:
            _save(database, replace(offer, compared_with=None, changes=0, refusal=None))


def _load(database: Database) -> Offer | None:
    try:
        values = json.loads(fact(database, _FACT) or "{}")
        return Offer(**values | {"seen_at": instant_of(values["seen_at"])}) if values else None
    except (ValueError, TypeError, KeyError, AttributeError):  # damaged on the disk: it is asked for again
        return None


def _save(database: Database, offer: Offer) -> None:
    keep_fact(database, _FACT, json.dumps(asdict(offer) | {"seen_at": rfc3339(offer.seen_at)}))
