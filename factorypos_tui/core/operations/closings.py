"""The months and years of the store that FactoryCLOUD has closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from factorypos_tui.core.account.accounts import user_token
from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.core.language import _
from factorypos_tui.core.models import Store
from factorypos_tui.core.station import Station


class Length(StrEnum):
    """How long a closed period is."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class StoreClosings:
    """What was closed of a store."""

    store: Store
    documents: tuple[Mapping[str, object], ...]
    """As they were signed, unchecked; the newest first, a correction before what it corrects."""


def read_closings(station: Station, length: Length) -> StoreClosings:
    """What FactoryCLOUD closed of the store. Raises `NotConnected` where no store is assigned, `NotLoggedIn`
    where one is but nobody is logged in, and what a call raises."""
    store, token = assigned_store(station.database), user_token(station)
    try:
        found = station.cloud().closings(token, store.id, length.value)
    except CloudRefused as refusal:
        if refusal.status != 404:
            raise
        words = _(
            "FactoryCLOUD has no closings of {store} for you: it is an older one, or you see other stores."
        )
        raise CloudRefused(words.format(store=store.name), 404, refusal.code) from refusal
    return StoreClosings(store, tuple(reversed(found)))
