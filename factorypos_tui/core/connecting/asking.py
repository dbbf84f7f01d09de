"""What is asked of a person who connects a till, in which order, and what is proposed. Pure."""

from collections.abc import Mapping

from factorypos_tui.core.account.place import Place, currency_of, timezone_of
from factorypos_tui.core.connecting.facts import DAY_STARTS_AT, IN_A_DATABASE, TillFacts, checked
from factorypos_tui.core.connecting.found import Access, FoundHost

OF_THE_SHOP = ("company", "country", "currency", "timezone", "day_starts_at")
"""What is asked once the till is found, in this order: an answer proposes the ones below it."""


def proposed(name: str, said: Mapping[str, str], till: FoundHost, machine: Place) -> str:
    """The answer to propose for one of `OF_THE_SHOP`: what the till's data say of it, else what follows from
    the country that was said, else where this machine is. Empty where nothing tells it."""
    if known := till.facts.get(name):
        return known
    if name == "country":
        return machine.country
    country = said.get("country", machine.country)
    if name == "currency":
        return currency_of(country)
    if name == "timezone":
        return machine.timezone if country == machine.country else timezone_of(country)
    return DAY_STARTS_AT if name == "day_starts_at" else ""


def facts_of(
    access: Access, till: FoundHost, shop: Mapping[str, str], terminal_id: str, scope: str, password_file: str
) -> TillFacts:
    """All that is known of a till once everything is answered; `shop` answers `OF_THE_SHOP`. Raises
    `UsageError`."""
    host = till.host if access.kind == IN_A_DATABASE else ""
    return TillFacts(
        kind=access.kind,
        address=access.address,
        host=host,
        **{name: checked(name, shop[name]) for name in OF_THE_SHOP},
        terminal_id=terminal_id,
        scope=scope,
        password_file=password_file,
    )


def is_decided(name: str, till: FoundHost) -> bool:
    """Whether the till's own data answer this for good, so that nobody is asked."""
    return bool(till.facts.get(name))
