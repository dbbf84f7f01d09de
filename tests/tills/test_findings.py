"""What the till finds in its rows: in the running day, in the newest closes, and in what is held up."""

from factorypos_tui.core.language import use_language
from factorypos_tui.core.models import TillFinding
from factorypos_tui.core.reports.findings import finding_words
from tests.tills.bar import Bar, late_receipt, madrid


def test_a_till_in_order_has_none(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.close("2026-06-12 23:30")
    bar.sell("2026-06-13 12:00")
    assert bar.till.findings() == ()


def test_what_does_not_add_up_is_found_before_and_after_the_close(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.sell("2026-06-12 12:01")
    bar.database.execute("UPDATE receipt_payments SET amount = amount - 1 WHERE receipt = 2")
    assert bar.till.findings() == (TillFinding("does_not_add_up", None, ("000002",)),)
    bar.close("2026-06-12 23:30")
    assert bar.till.findings() == (TillFinding("does_not_add_up", 1, ("000002",)),)


def test_what_was_mended_is_found_no_more(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.database.execute("UPDATE receipts SET rounding = 5")
    bar.close("2026-06-12 23:30")
    assert bar.till.findings()
    bar.database.execute("UPDATE receipts SET rounding = 0")
    assert bar.till.findings() == ()


def test_late_receipts_are_named(bar: Bar) -> None:
    late_receipt(bar, "2026-05-08 12:00")
    bar.sell("2026-06-12 12:00")
    assert bar.till.findings() == (TillFinding("late_sale", None, ("000001",)),)


def test_a_day_that_was_forgotten_and_a_clock_behind_are_told(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.clock = madrid("2026-06-14 00:01")
    assert bar.till.findings() == (TillFinding("day_open", None),)
    bar.close("2026-06-14 00:01")
    bar.clock = madrid("2026-06-13 00:00")
    assert bar.till.findings() == (TillFinding("clock_behind", None),)


def test_totals_that_do_not_follow_are_named_and_the_next_close_sets_them_right(bar: Bar) -> None:
    bar.sell("2026-06-12 12:00")
    bar.close("2026-06-12 23:30")
    bar.database.execute("UPDATE periods SET perpetual_sales = 0 WHERE z_number IS NULL")
    bar.sell("2026-06-13 12:00")
    bar.close("2026-06-13 23:30")
    assert bar.till.findings() == ()
    assert [period.perpetual_before.sales for period in [*bar.closed(), bar.today()]] == [0, 140, 280]


def test_what_is_long_ago_is_told_no_more_but_what_holds_a_day_up(bar: Bar) -> None:
    bar.sell("2026-06-01 12:00")
    bar.database.execute("UPDATE receipts SET rounding = 5")
    bar.close("2026-06-12 23:30")
    bar.database.execute("DROP TRIGGER a_closed_period_stays")
    bar.database.execute("UPDATE periods SET timezone = 'Mars/Olympus' WHERE z_number = 1")
    for day in range(13, 30):
        bar.close(f"2026-06-{day} 23:30")
    assert bar.till.findings() == (TillFinding("unknown_zone", 1),)


def test_every_finding_has_words_in_both_languages() -> None:
    finding = TillFinding("unknown_zone", 7, ("A-1", "A\x1b[2J-2"))
    english = finding_words(finding)
    assert english.startswith("Z 7: its time zone is not known (receipts A-1, A")
    assert english.isprintable()
    use_language("es")
    try:
        assert finding_words(finding) != english
    finally:
        use_language("en")
