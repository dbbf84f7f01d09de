"""What becomes of a till's records: pure rules, before anything is written."""

import re
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factorypos_tui.core.configuration.change import (
    Held,
    References,
    Sold,
    held_today,
    leaving,
    refuse_held,
    target,
)
from factorypos_tui.core.configuration.configuration import (
    RECORD_SECTIONS,
    Configuration,
    Item,
    Section,
    in_use,
)
from factorypos_tui.core.errors import DayOpen, TillError
from tests.support.configurations import BAR, configurations, with_item, without_item

NOTHING = References(frozenset(), frozenset(), frozenset(), frozenset(), frozenset())
NEVER = Sold(frozenset(), frozenset(), ever=False)


def codes(configuration: Configuration, section: Section, *, active: bool) -> set[str]:
    return {r.code for r in getattr(configuration, section.value) if r.active == active}


def everything(configuration: Configuration) -> References:
    """Sales refer to every record that there is."""

    def of(section: Section) -> frozenset[str]:
        return frozenset(record.code for record in getattr(configuration, section.value))

    return References(
        of(Section.DEPARTMENTS),
        of(Section.TAXES),
        of(Section.PAYMENT_METHODS),
        of(Section.USERS),
        of(Section.ITEMS),
    )


@given(configurations(), configurations(), st.booleans())
@settings(max_examples=40)
def test_what_is_wanted_is_in_use_and_what_sales_refer_to_stays(
    here: Configuration, wanted: Configuration, sold: bool
) -> None:
    after = target(here, wanted, everything(here) if sold else NOTHING)
    assert in_use(after) == wanted
    for section in RECORD_SECTIONS:
        left = codes(here, section, active=True) - codes(wanted, section, active=True)
        stays = sold and section is not Section.PRICE_LEVELS
        assert codes(after, section, active=False) == (left if stays else set())
    assert leaving(here, after) == (
        len(codes(here, Section.PRICE_LEVELS, active=True) - codes(wanted, Section.PRICE_LEVELS, active=True))
        if sold
        else leaving(here, wanted)
    )
    _every_reference_resolves(after)


def _every_reference_resolves(after: Configuration) -> None:
    departments, taxes = ({r.code for r in records} for records in (after.departments, after.taxes))
    levels = {level.code for level in after.price_levels}
    barcodes = [item.barcode for item in after.items if item.barcode is not None]
    assert len(barcodes) == len(set(barcodes))
    for item in after.items:
        assert item.department in departments
        assert item.tax in taxes
        assert item.prices.keys() <= levels


def test_an_item_that_stays_keeps_its_department_and_tax_which_nothing_else_refers_to() -> None:
    wanted = replace(without_item(BAR, "BEER"), taxes=BAR.taxes[:1])
    after = target(BAR, wanted, replace(NOTHING, items={"BEER"}))
    assert codes(after, Section.ITEMS, active=False) == {"BEER"}
    assert codes(after, Section.TAXES, active=False) == {"T21"}
    assert codes(target(BAR, wanted, NOTHING), Section.TAXES, active=False) == set()


def test_what_is_out_of_use_stays_out_of_use_until_it_is_wanted_again() -> None:
    here = with_item(BAR, "BEER", active=False)
    assert target(here, without_item(BAR, "BEER"), NOTHING) == here
    assert target(here, BAR, NOTHING) == BAR


def test_a_barcode_goes_to_the_item_that_bears_it_now() -> None:
    here = with_item(BAR, "BEER", active=False, barcode="84")
    new = Item("ALE", "Ale", "D1", "T21", {"BAR": 220}, "84")
    wanted = replace(BAR, items=(new, *without_item(BAR, "BEER").items))
    old = next(item for item in target(here, wanted, NOTHING).items if item.code == "BEER")
    assert old.barcode is None


@pytest.mark.parametrize(
    ("wanted", "held"),
    [
        (BAR, ()),
        (replace(BAR, taxes=(replace(BAR.taxes[0], rate="11"), BAR.taxes[1])), [Held(Section.TAXES, "T10")]),
        (replace(BAR, taxes=(replace(BAR.taxes[0], name="IVA"), BAR.taxes[1])), [Held(Section.TAXES, "T10")]),
        (replace(BAR, taxes=BAR.taxes[1:]), [Held(Section.TAXES, "T10")]),
        (replace(BAR, taxes=BAR.taxes[:1]), ()),
        (replace(BAR, payment_methods=BAR.payment_methods[:1]), [Held(Section.PAYMENT_METHODS, "CASH")]),
        (replace(BAR, payment_methods=BAR.payment_methods[1:]), ()),
        (with_item(BAR, "COFFEE", prices={"BAR": 1}, tax="T21"), ()),
    ],
)
def test_taxes_and_payment_methods_of_todays_sales_hold_a_change_up(
    wanted: Configuration, held: Iterable[Held]
) -> None:
    today = Sold(frozenset({"T10"}), frozenset({"CASH"}), ever=True)
    assert list(held_today(BAR, wanted, today)) == list(held)
    assert not held_today(BAR, wanted, replace(NEVER, ever=True))


def test_what_was_out_of_use_and_stays_so_holds_nothing_up() -> None:
    here = replace(BAR, taxes=(replace(BAR.taxes[0], active=False), BAR.taxes[1]))
    today = Sold(frozenset({"T10"}), frozenset(), ever=True)
    assert not held_today(here, replace(BAR, taxes=BAR.taxes[1:]), today)
    assert list(held_today(here, BAR, today)) == [Held(Section.TAXES, "T10")]


def test_the_refusal_names_what_is_held_and_what_to_do() -> None:
    refuse_held([])
    with pytest.raises(DayOpen, match=re.escape("T1, T2, T3, T4, T5, …. Close the day first")):
        refuse_held([Held(Section.TAXES, f"T{n}") for n in range(1, 9)])


def test_a_till_that_has_sold_keeps_its_currency() -> None:
    wanted = replace(BAR, company=replace(BAR.company, currency="USD"))
    assert not held_today(BAR, wanted, NEVER)
    with pytest.raises(TillError, match=r"in USD.* sold in EUR"):
        held_today(BAR, wanted, replace(NEVER, ever=True))
