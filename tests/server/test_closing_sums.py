"""A closing is the sum of its days, and a year that of its months."""

from hypothesis import given
from hypothesis import strategies as st

from factorypos_tui.server.domain.closings.periods import Kind, Period, is_over, periods_with
from factorypos_tui.server.domain.closings.summing import Sums
from tests.server.closing_days import at
from tests.server.shop import Json

DAYS = st.dates(min_value=at("2026-01-01").date(), max_value=at("2026-12-31").date()).map(str)
NETS = st.integers(-(10**9), 10**9)
NAMES = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")


@st.composite
def zs(draw: st.DrawFn) -> list[Json]:
    return [_z(n, draw(DAYS), draw(NETS), draw(st.sampled_from(["7", "21"]))) for n in range(1, 20)]


def _z(number: int, day: str, net: int, rate: str) -> Json:
    counts = {"sales_count": 1, "sales_amount": net, "refund_count": 0, "refund_amount": 0}
    return {
        "terminal_id": "t",
        "z_number": number,
        "business_date": day,
        "report_id": "r",
        "content_hash": "h",
        "receipts": {"count": number},
        "totals": dict.fromkeys(NAMES, net),
        "taxes": [{"code": rate, "name": "IVA", "rate": rate, "base": net, "tax": 0, "gross": net}],
        "payments": [{"code": "cash", "name": "Cash", "type": "cash", **counts, "tips": 0, "amount": net}],
    }


def summed(days: list[Json], period: Period) -> Json:
    sums = Sums()
    for z in days:
        if period in periods_with(z["business_date"]):
            sums.add(z)
    return sums.figures()


@given(zs())
def test_a_month_is_the_sum_of_its_days_and_a_year_that_of_its_months(days: list[Json]) -> None:
    months = [summed(days, Period(Kind.MONTH, f"2026-{month:02}")) for month in range(1, 13)]
    year = summed(days, Period(Kind.YEAR, "2026"))
    for month, figures in enumerate(months, 1):
        own = [z for z in days if int(z["business_date"][5:7]) == month]
        assert figures["totals"]["net"] == sum(z["totals"]["net"] for z in own)
        assert figures["receipts"] == sum(z["receipts"]["count"] for z in own)
        assert [z["z_number"] for z in figures["zs"]] == [z["z_number"] for z in own]
    assert year["totals"] == {name: sum(it["totals"][name] for it in months) for name in NAMES}
    for row in year["taxes"]:
        rows = [it for month in months for it in month["taxes"] if it["code"] == row["code"]]
        assert row["gross"] == sum(it["gross"] for it in rows)
    assert sum(row["amount"] for row in year["payments"]) == year["totals"]["net"]


def test_a_month_is_over_once_it_is_over_everywhere() -> None:
    february = Period(Kind.MONTH, "2028-02")
    assert february.last_date == "2028-02-29"
    assert not is_over(february, at("2028-02-29"))
    assert is_over(february, at("2028-03-01"))
