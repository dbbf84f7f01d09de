"""A till that is to be made: what a person says of it, and what is taken for what they leave open."""

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from factorypos_tui.core.account.place import (
    Place,
    country_named,
    country_of,
    currency_named,
    currency_of,
    timezone_named,
    timezone_of,
)
from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.document import LARGEST_DOCUMENT, decode, fault_words
from factorypos_tui.core.errors import ConfigurationInvalid, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

_COUNTRY = "ES"
TERMINAL_NAME = "Terminal 01"
"""What a terminal is called where nobody says."""


class Catalogue(StrEnum):
    """A catalogue that every till of ours can begin with."""

    EMPTY = "empty"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class NewTill:
    """What a person says of it; None where they say nothing."""

    terminal_name: str
    catalogue: Catalogue | Path = Catalogue.EMPTY
    """Or the file of a configuration document."""
    shop: str | None = None
    """The name of the company on receipts."""
    country: str | None = None
    """ISO 3166, in any case."""
    currency: str | None = None
    """ISO 4217, in any case."""
    timezone: str | None = None
    """An IANA name, in any case."""


def catalogue_in(file: Path) -> Configuration:
    """The configuration in a document; raises `UsageError`."""
    try:
        with file.open("rb") as document:
            return decode(document.read(LARGEST_DOCUMENT + 1)).configuration
    except OSError as error:
        why = system_words(error.strerror)
    except ConfigurationInvalid as error:
        why = fault_words(error.faults)
    raise UsageError(
        _("{file} has no catalogue that can be used: {why}. No till was made.").format(file=file, why=why)
    )


def completed(new: NewTill, begin: Configuration, machine: Place) -> tuple[Configuration, str]:
    """What the till begins with, its company whole, and its time zone.

    What the person says goes before what the catalogue says of the company, and that before where this
    machine is; where nothing tells the country, it is Spain. Raises `UsageError` for what cannot be."""
    said = begin.company
    timezone = timezone_named(new.timezone) if new.timezone is not None else ""
    country = country_named(new.country) if new.country is not None else said.country
    country = country or country_of(timezone) or machine.country or _COUNTRY
    currency = currency_named(new.currency) if new.currency is not None else said.currency
    if isinstance(new.catalogue, Path) and said.currency and currency != said.currency:
        raise UsageError(
            _("The prices in {file} are in {currency}: a till in {other} cannot have them. No till was made.")
            .format(file=new.catalogue, currency=said.currency, other=currency)
        )  # fmt: skip
    company = replace(
        said,
        name=new.shop if new.shop is not None else said.name or new.terminal_name,
        country=country,
        currency=currency or currency_of(country) or "EUR",
    )
    at_home = machine.timezone if machine.country == country else timezone_of(country)
    return replace(begin, company=company), timezone or at_home
