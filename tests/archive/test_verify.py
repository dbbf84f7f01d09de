"""`verify` on an export that was made by hand, and on what a forger who makes all hashes again does to it."""

from pathlib import Path

import pytest

from factorypos_tui.archive.verify.checking import verify
from factorypos_tui.archive.verify.faults import MEANINGS, Fault, Kind
from tests.archive import by_hand
from tests.archive.a_shop import LATE, LEFT_OUT, a_shop, without_signatures
from tests.archive.by_hand import BAR, KIOSK, ByHand, Document
from tests.archive.conftest import Judge


def z_of(shop: ByHand, z_number: int) -> Document:
    return next(it for it in shop.reports if it["z_number"] == z_number)


def answer_to(shop: ByHand, z_number: int) -> Document:
    return shop.acknowledgements[shop.reports.index(z_of(shop, z_number))]


def replace(shop: ByHand, z_number: int, **changes: object) -> None:
    """Change a Z as a forger does, who makes its hash and its acknowledgement again."""
    index = shop.reports.index(z_of(shop, z_number))
    changed = by_hand.with_hash(shop.reports[index] | changes)
    shop.reports[index] = changed
    shop.acknowledgements[index]["content_hash"] = changed["content_hash"]


def test_an_export_that_is_well_tells_what_it_holds(tmp_path: Path) -> None:
    verdict = verify(by_hand.written(tmp_path, a_shop().files()))
    assert verdict.fault is None
    bar, kiosk = verdict.terminals
    assert (bar.terminal_id, bar.count, bar.first.z_number, bar.last.z_number) == (BAR, 10, 1, 11)
    assert (bar.signed, bar.beside, bar.left_out) == (10, (LATE,), ((LEFT_OUT, LEFT_OUT),))
    assert (kiosk.terminal_id, kiosk.count, kiosk.acknowledged, kiosk.signed) == (KIOSK, 3, 3, 0)
    assert (verdict.closings, verdict.signed_closings, verdict.closings_without_all_days) == (6, 6, 0)
    assert [(key.key_id, n) for key, n in verdict.keys] == [("new", 9), ("old", 7)]


def test_an_export_without_signatures_is_well_and_signed_by_nobody(tmp_path: Path) -> None:
    verdict = verify(by_hand.written(tmp_path, without_signatures(a_shop()).files()))
    assert verdict.fault is None
    assert (verdict.signed, verdict.keys, verdict.signed_closings) == (0, (), 0)


def test_an_export_without_acknowledgements_and_closings_is_well(judge: Judge) -> None:
    assert judge(ByHand(a_shop().reports)) is None


def test_every_kind_of_fault_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Kind)


def found_in(judge: Judge, shop: ByHand) -> Fault:
    fault = judge(shop)
    assert fault
    return fault


def test_a_day_that_was_taken_out_is_named(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    shop.acknowledgements.clear()
    shop.reports.remove(z_of(shop, 3))
    fault = found_in(judge, shop)
    assert (fault.kind, fault.terminal_id, fault.z_number) == (Kind.CHAIN_BROKEN, BAR, 4)
    assert fault.what.values == {"missing": 3}


def test_days_that_were_taken_out_are_named(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    shop.acknowledgements.clear()
    shop.reports = [it for it in shop.reports if it["z_number"] not in (2, 3)]
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number, fault.what.values) == (Kind.CHAIN_BROKEN, 4, {"first": 2, "last": 3})


def test_a_figure_that_was_changed_with_its_hash_breaks_the_chain_above(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    replace(shop, 3, terminal_name="Other")
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.CHAIN_BROKEN, 4)


def test_a_figure_that_was_changed_with_its_hash_does_not_fit_its_signature(judge: Judge) -> None:
    shop = a_shop()
    replace(shop, 11, terminal_name="Other")
    fault = found_in(judge, shop)
    assert (fault.kind, fault.path) == (Kind.FORGED, f"acknowledgements/{BAR}/Z00000011.json")


def test_a_chain_that_was_made_again_whole_still_fits_no_closing(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    replace(shop, 11, terminal_name="Other")
    assert (
        judge(shop) is None
    )  # the newest day, which nothing names, in no closing: only a signature shows it
    shop = without_signatures(a_shop())
    previous = None
    for number in (1, 2, 3, 4):
        replace(shop, number, terminal_name="Other", previous_hash=previous)
        previous = z_of(shop, number)["content_hash"]
    for number in (5, 6):
        replace(shop, number, previous_hash=previous)
    previous = z_of(shop, 6)["content_hash"]
    for number in (7, 8, 10, 11):
        replace(shop, number, previous_hash=previous)
        previous = z_of(shop, number)["content_hash"]
    fault = found_in(judge, shop)
    assert (fault.kind, fault.path) == (Kind.CLOSING_WRONG, next(iter(sorted(closing_paths(shop)))))


def closing_paths(shop: ByHand) -> list[str]:
    return [by_hand.path_of_closing(it) for it in shop.closings]


@pytest.mark.parametrize(
    ("group", "field"),
    [("totals", "net"), ("totals", "tax"), ("totals", "rounding"), ("totals", "gross"), ("perpetual", "net")],
)
def test_a_figure_that_contradicts_the_others_is_found(judge: Judge, group: str, field: str) -> None:
    shop = without_signatures(a_shop())
    z = z_of(shop, 11)
    replace(shop, 11, **{group: z[group] | {field: z[group][field] + 1}})
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.DOES_NOT_ADD_UP, 11)


@pytest.mark.parametrize("table", ["departments", "hours", "taxes", "payments"])
def test_a_row_that_was_taken_out_of_a_table_is_found(judge: Judge, table: str) -> None:
    shop = without_signatures(a_shop())
    replace(shop, 11, **{table: z_of(shop, 11)[table][1:]})
    assert found_in(judge, shop).kind is Kind.DOES_NOT_ADD_UP


def test_a_total_since_the_first_sale_that_grows_by_more_than_the_day_is_found(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    since = z_of(shop, 11)["perpetual"]
    grown = since | {"sales": since["sales"] + 100, "net": since["net"] + 100}
    replace(shop, 11, perpetual=grown)
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.DOES_NOT_ADD_UP, 11)


def test_a_late_day_counts_once_in_the_total_since_the_first_sale(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    late, since = z_of(shop, LATE)["perpetual"], z_of(shop, 8)["perpetual"]
    before = z_of(shop, 4)["perpetual"]
    twice = {name: since[name] + late[name] - before[name] for name in since}
    replace(shop, 8, perpetual=twice)
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.DOES_NOT_ADD_UP, 8)


def test_a_forged_signature_is_found(judge: Judge) -> None:
    shop = a_shop()
    index = shop.reports.index(z_of(shop, 2))
    shop.acknowledgements[index] = by_hand.signed(shop.acknowledgements[index], by_hand.FORGERS_KEY, "old")
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.FORGED, 2)


def test_an_acknowledgement_of_another_report_is_found(judge: Judge) -> None:
    shop = a_shop()
    shop.acknowledgements[0], shop.acknowledgements[1] = shop.acknowledgements[1], shop.acknowledgements[0]
    assert found_in(judge, shop).kind is Kind.FORGED


def test_an_acknowledgement_for_a_day_that_is_not_here_is_found(tmp_path: Path) -> None:
    files = a_shop().files()
    last = f"reports/{BAR}/Z00000011.json"
    del files[last]
    fault = verify(by_hand.written(tmp_path, files)).fault
    assert fault
    assert fault.kind is Kind.NOT_AS_ANNOUNCED


def test_a_signature_with_a_key_that_nobody_knows_is_a_fault(judge: Judge) -> None:
    shop = a_shop()
    shop.keys = shop.keys[1:]
    fault = found_in(judge, shop)
    assert (fault.kind, fault.what.values) == (Kind.KEY_UNKNOWN, {"key_id": "old"})
    shop.keys = []
    assert found_in(judge, shop).kind is Kind.KEY_UNKNOWN


def test_what_was_signed_after_the_key_was_lost_proves_nothing(judge: Judge) -> None:
    shop = a_shop()
    shop.keys[1]["lost_at"] = "2026-02-02T00:00:00Z"
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.KEY_LOST, 11)
    shop.keys[1]["lost_at"] = "2026-03-01T00:00:00Z"
    assert judge(shop) is None


def test_a_first_z_that_names_one_before_it_is_found(judge: Judge) -> None:
    shop = without_signatures(a_shop())
    shop.closings.clear()
    previous = "cd" * 32
    for number in (1, 2, 3, 4):
        replace(shop, number, previous_hash=previous)
        previous = z_of(shop, number)["content_hash"]
    fault = found_in(judge, shop)
    assert (fault.kind, fault.z_number) == (Kind.CHAIN_BROKEN, 1)


def test_what_the_export_says_of_itself_must_be_so(tmp_path: Path) -> None:
    shop = a_shop()
    told = shop.announcement()
    for change in (
        {"terminals": told["terminals"][:1]},
        {"terminals": [told["terminals"][0] | {"count": 11}, told["terminals"][1]]},
        {"from": "2025-12-30"},
        {"to": "2026-02-02"},
        {"terminals": [*told["terminals"], told["terminals"][0] | {"id": by_hand.STORE}]},
    ):
        files = shop.files() | {"export.json": by_hand.canonical(told | change)}
        fault = verify(by_hand.written(tmp_path, files)).fault
        assert fault, change
        assert fault.kind is Kind.NOT_AS_ANNOUNCED
    newer = shop.files() | {"export.json": by_hand.canonical(told | {"schema_version": 2})}
    fault = verify(by_hand.written(tmp_path, newer)).fault
    assert fault
    assert fault.kind is Kind.UNREADABLE


def test_an_export_that_begins_later_may_name_a_day_that_is_not_in_it(tmp_path: Path) -> None:
    shop = a_shop()
    kept = [n for n, it in enumerate(shop.reports) if it["business_date"] >= "2026-01-01"]
    shop.reports, shop.acknowledgements = (
        [some[n] for n in kept] for some in (shop.reports, shop.acknowledgements)
    )
    shop.closings = [it for it in shop.closings if it["name"] == "2026-01"]
    files = shop.files()
    files["export.json"] = by_hand.canonical(shop.announcement() | {"from": "2026-01-01"})
    assert verify(by_hand.written(tmp_path, files)).fault is None
