"""Where something is: its country, its currency and its time zone, each picked from a list."""

from typing import TypeVar

from factorypos_tui.core.account.countries import countries, currency_names, zones
from factorypos_tui.core.account.place import Place, currency_of, timezone_of
from factorypos_tui.core.language import _
from factorypos_tui.tui.screens.base.form import FormScreen, Question
from factorypos_tui.tui.widgets.pick_field import PickField

R = TypeVar("R")


def country_question(place: Place, purpose: str) -> Question:
    """The country. The screen that asks for it calls `bring_what_follows` once another one is picked."""
    return Question(
        "country",
        _("Country"),
        purpose,
        place.country,
        missing=_("Pick the country."),
        choices={code: f"{country.name} ({code})" for code, country in countries().items()},
    )


def currency_question(place: Place, purpose: str) -> Question:
    """The currency."""
    return Question(
        "currency",
        _("Currency"),
        purpose,
        place.currency,
        missing=_("Pick the currency."),
        choices={code: f"{code} {name}" for code, name in currency_names().items()},
    )


def zone_question(place: Place, purpose: str) -> Question:
    """The time zone. What is proposed is in the list, also where it belongs to no country."""
    choices = _zones_with_those_first_of(place.country)
    choices.setdefault(place.timezone, place.timezone)
    return Question(
        "timezone",
        _("Time zone"),
        purpose,
        place.timezone,
        missing=_("Pick the time zone."),
        choices=choices,
    )


def bring_what_follows(form: FormScreen[R]) -> None:
    """Propose the currency and the time zone of the country that was picked, as far as the form asks for
    them."""
    country = form.typed("country")
    for field in form.query("#currency").results(PickField):
        field.choose(currency_of(country))
    for field in form.query("#timezone").results(PickField):
        field.choices = _zones_with_those_first_of(country)
        if zones().get(field.answer) != country:
            field.choose(timezone_of(country))


def _zones_with_those_first_of(country: str) -> dict[str, str]:
    """Every time zone with the name of its country."""
    named, of = countries(), zones()
    labels = {zone: f"{zone} {named[at].name}" if at in named else zone for zone, at in of.items()}
    return dict(sorted({**labels, "UTC": "UTC"}.items(), key=lambda entry: of.get(entry[0]) != country))
