"""One Z worked out with pencil and paper, from the rows as they stand in the tables.

A shop in Lisbon whose prices are without tax: 23 % on widgets (2.35 each), 6 % on oranges (1.99 a kilo).

    09:10 Rui  no. 1       3 widgets            3 × 2.35     =  7.05     + 23 % 1.6215   =  8.6715   cash
    09:40 Rui  no. 2       1.250 kg of oranges  1.25 × 1.99  =  2.4875   +  6 % 0.14925  =  2.63675
                           1 widget                             2.35     + 23 % 0.5405   =  2.8905
                                                                         together           5.52725  card
    11:00 Eva  no. 3       2 widgets                            4.70
                           15 % off: 0.3525, kept as 0.35      -0.70
                                                                4.00     + 23 % 0.92     =  4.92     voucher
    12:00 Eva  refund 1    1 widget back                       -2.35     + 23 % -0.5405  = -2.8905   cash
    13:00 Eva  payment 1   a customer pays a debt of 20.00 in cash
    in the drawer: 50.00 paid in, 12.34 paid out

    23 %:  tax   1.6215 + 0.5405 + 0.92 - 0.5405             =  2.5415    printed  2.54
           all   8.6715 + 2.8905 + 4.92 - 2.8905             = 13.5915    printed 13.59
     6 %:  tax   0.14925                                                  printed  0.15
           all   2.63675                                                  printed  2.64
    net          13.59 + 2.64                                = 16.23
    cash         8.6715 + 20                                 = 28.6715    printed 28.67
    paid         28.67 - 2.89 + 5.53 + 4.92 - 20.00          = 16.23      nothing is left to round

    What the sum of the tax of 23 % has grown by, receipt by receipt:
                 8.6715 -> 8.67    11.562 -> +2.89    16.482 -> +4.92    13.5915 -> -2.89
    The 4.92 of no. 3: widgets 4.70 × 1.23 = 5.781 -> 5.78, discount 0.70 × 1.23 = 0.861 -> 0.86
    sold         8.67 + 2.64 + 2.89 + 5.78 = 19.98;  off 0.86;  back 2.89;  19.98 - 0.86 - 2.89 = 16.23
    Rui          8.67 + 2.64 + 2.89 = 14.20;  Eva  4.92 - 2.89 = 2.03
    drawer       28.67 - 2.89 + 50.00 - 12.34 = 63.44
"""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from factorypos_tui.core.reports.adding_up import add_up
from factorypos_tui.core.reports.figures import figures_of
from factorypos_tui.tills.unicenta.figuring import figure
from factorypos_tui.tills.unicenta.rows import (
    CashRow,
    LineRow,
    PaymentRow,
    PeriodRows,
    RateRow,
    TaxRow,
    TicketRow,
)
from tests.tills.unicenta.making import CODES, Day

LISBON = ZoneInfo("Europe/Lisbon")


def at(time: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-02T{time}")


def line(ticket: str, number: int, item: str | None, units: str, price: str, tax: str) -> LineRow:
    row = LineRow(ticket, number, None, Decimal(units), Decimal(price), tax, None)
    if item is None:
        return row
    name, category = {"WID": ("Widget", "tools"), "ORA": ("Oranges", "fruit")}[item]
    return LineRow(*(ticket, number, item, row.units, row.price, tax, None), name, item, category, category)


def tax(ticket: str, code: str, base: str, amount: str) -> TaxRow:
    return TaxRow(ticket, code, Decimal(base), Decimal(amount))


def paid(ticket: str, name: str, total: str) -> PaymentRow:
    return PaymentRow(ticket, name, Decimal(total))


ROWS = PeriodRows(
    cash=CashRow("m", 2, at("08:00"), at("20:00")),
    tickets=[
        TicketRow("in", at("08:30"), None, 0, "", ""),
        TicketRow("a", at("09:10"), 0, 1, "u1", "Rui"),
        TicketRow("b", at("09:40"), 0, 2, "u1", "Rui"),
        TicketRow("c", at("11:00"), 0, 3, "u2", "Eva"),
        TicketRow("d", at("12:00"), 1, 1, "u2", "Eva"),
        TicketRow("e", at("13:00"), 2, 1, "u2", "Eva"),
        TicketRow("out", at("19:00"), None, 0, "", ""),
    ],
    lines=[
        line("a", 0, "WID", "3", "2.35", "t23"),
        line("b", 0, "ORA", "1.25", "1.99", "t06"),
        line("b", 1, "WID", "1", "2.35", "t23"),
        line("c", 0, "WID", "2", "2.35", "t23"),
        line("c", 1, None, "2", "-0.35", "t23"),
        line("d", 0, "WID", "-1", "2.35", "t23"),
    ],
    taxes=[
        tax("a", "t23", "7.050000000000001", "1.6215000000000004"),
        tax("b", "t06", "2.4875", "0.14925"),
        tax("b", "t23", "2.35", "0.5405000000000001"),
        tax("c", "t23", "4.0", "0.92"),
        tax("d", "t23", "-2.35", "-0.5405000000000001"),
    ],
    payments=[
        paid("in", "cashin", "50.0"),
        paid("a", "cash", "8.671500000000002"),
        paid("b", "magcard", "5.52725"),
        paid("c", "paperin", "4.92"),
        paid("d", "cashrefund", "-2.8905"),
        paid("e", "cash", "20.0"),
        paid("e", "debtpaid", "-20.0"),
        paid("out", "cashout", "-12.34"),
    ],
    rates=[RateRow("t23", "IVA 23%", Decimal("0.23"), None), RateRow("t06", "IVA 6%", Decimal("0.06"), None)],
)


def test_a_z_worked_out_by_hand() -> None:
    figured = figure(ROWS, CODES, 2, LISBON, 2)
    period = Day(closed=at("20:00")).period(figured, LISBON)
    figures = figures_of(period, add_up(period, figured.receipts))

    assert figures["receipts"] == {"count": 4, "first": "1", "last": "R1"}
    assert figures["totals"] == {
        "gross": 1998, "discounts": 86, "refunds": 289, "net": 1623, "tax": 269, "rounding": 0, "tips": 0,
    }  # fmt: skip
    assert [tuple(row.values()) for row in figures["taxes"]] == [
        ("t06", "IVA 6%", "6", 249, 15, 264),
        ("t23", "IVA 23%", "23", 1105, 254, 1359),
    ]
    assert {row["code"]: row["amount"] for row in figures["payments"]} == {
        "cash": 2867, "cashrefund": -289, "magcard": 553, "paperin": 492, "debtpaid": -2000,
    }  # fmt: skip
    cash = figures["cash"]
    assert (cash["paid_in"], cash["paid_out"], cash["expected"]) == (5000, 1234, 6344)
    assert {row["name"]: row["amount"] for row in figures["departments"]} == {"fruit": 264, "tools": 1359}
    assert [tuple(row.values()) for row in figures["items"]] == [
        ("ORA", "Oranges", "1.25", 264),
        ("WID", "Widget", "5", 1445),
        ("discount", "discount", "0", -86),
    ]
    assert {row["name"]: row["amount"] for row in figures["users"]} == {"Rui": 1420, "Eva": 203}
    assert [tuple(row.values()) for row in figures["hours"]] == [(9, 2, 1420), (11, 1, 492), (12, 1, -289)]
    assert figures["perpetual"] == {"sales": 1912, "refunds": 289, "net": 1623}
    assert figured.findings == []
