"""An export of one store, of a till that was at two: the days of the other are told, and are no fault."""

from pathlib import Path

import pytest

from factorypos_tui.archive.export.inputs import Format, NotAskedFor
from factorypos_tui.archive.export.writing import write_export
from factorypos_tui.archive.verify.checking import verify
from factorypos_tui.archive.verify.faults import Kind
from tests.archive import by_hand
from tests.archive.a_shop import LATE, LEFT_OUT, a_shop, leave_out, without_signatures
from tests.archive.conftest import Judge
from tests.archive.exports import asked, chained
from tests.support.sales import TERMINAL, period


@pytest.mark.parametrize(
    ("z_numbers", "told"),
    [
        ((2, 3), ((2, 3),)),
        ((LATE - 1,), ((LATE - 1, LATE - 1),)),
        ((LATE,), ((LATE, LATE),)),
        ((LATE - 1, LATE), ((LATE - 1, LATE),)),
        ((LATE, LATE + 1), ((LATE, LATE + 1),)),
        ((3, 8), ((3, 3), (8, LEFT_OUT))),
    ],
)
def test_days_of_another_store_are_told_and_no_fault(
    tmp_path: Path, z_numbers: tuple[int, ...], told: tuple[tuple[int, int], ...]
) -> None:
    verdict = verify(by_hand.written(tmp_path, leave_out(a_shop(), *z_numbers).files()))
    assert verdict.fault is None
    bar, kiosk = verdict.terminals
    assert (bar.not_asked_for, kiosk.not_asked_for) == (told, ())
    assert bar.left_out == (() if 8 in z_numbers else ((LEFT_OUT, LEFT_OUT),))


def test_a_day_that_was_taken_out_beside_them_is_still_found(judge: Judge) -> None:
    shop = leave_out(a_shop(), 2)
    shop.reports = [it for it in shop.reports if it["z_number"] != 3]
    fault = judge(shop)
    assert fault
    assert (fault.kind, fault.z_number) == (Kind.CHAIN_BROKEN, 4)


def test_a_day_that_has_another_hash_than_is_told_is_found(judge: Judge) -> None:
    shop = leave_out(a_shop(), 3)
    shop.not_here[0] = shop.not_here[0] | {"content_hash": "ab" * 32}
    fault = judge(shop)
    assert fault
    assert (fault.kind, fault.z_number) == (Kind.CHAIN_BROKEN, 4)


def test_a_closing_that_names_one_of_them_says_that_it_belongs_here(judge: Judge) -> None:
    shop, whole = leave_out(a_shop(), 2), without_signatures(a_shop())
    shop.closings = [it for it in whole.closings if it["name"] == "2025-12"]
    fault = judge(shop)
    assert fault
    assert (fault.kind, fault.what.values) == (Kind.CLOSING_WRONG, {"z_number": 2})


@pytest.mark.parametrize(
    ("z_numbers", "kind"), [((1,), Kind.UNREADABLE), ((3, 2), Kind.UNREADABLE), ((2,), Kind.NOT_AS_ANNOUNCED)]
)
def test_what_is_told_of_them_must_make_sense(judge: Judge, z_numbers: tuple[int, ...], kind: Kind) -> None:
    shop = a_shop()
    shop.not_here = [shop.reports[number - 1] for number in z_numbers]
    fault = judge(shop)
    assert fault
    assert fault.kind is kind


def test_an_export_names_only_what_is_between_its_own(tmp_path: Path) -> None:
    zs = chained([(period(), [])] * 5)
    others = [NotAskedFor(TERMINAL.id, number, f"{number}" * 64, "store") for number in (1, 2, 3, 4, 5)]
    written = write_export(tmp_path / "out", asked(Format.CSV), [zs[1], zs[3]], not_asked_for=others)
    assert written.not_here == 1
    assert b'"not_here":[{"content_hash":"' + b"3" * 64 in (tmp_path / "out" / "export.json").read_bytes()
    assert verify(tmp_path / "out").fault is None
