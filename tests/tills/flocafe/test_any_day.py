"""Days that nobody thought of: whatever a café sells, its report holds together, and is what its row says."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.flocafe import FloCafe, Of
from tests.support.flocafe_counter import GST, TEN, TWENTY_ONE
from tests.tills.flocafe.premises import Cafe, holds

LINES = st.builds(
    Of,
    st.sampled_from(["COF", "MEN", "WIN", "CAK"]),
    st.integers(1, 9) | st.sampled_from([0.35, 1.125, 2.5]),
    st.integers(1, 100_000).map(lambda cents: cents / 100) | st.sampled_from([None, 0.0, 3.333]),
    st.sampled_from([TEN, TWENTY_ONE, GST, ()]),
    st.booleans(),
)
METHODS = st.sampled_from(["cash", "card", "upi", "wallet", "Voucher"])
CENTS = st.integers(0, 2_000).map(lambda cents: cents / 100)
CHARGES = st.fixed_dictionaries({}, optional={"delivery": CENTS, "packaging": CENTS, "service": CENTS})
SALES = st.fixed_dictionaries(
    {
        "lines": st.lists(LINES, min_size=1, max_size=4),
        "discount": st.sampled_from([0, 0, 0.1, 0.333, 1]),
        "charges": CHARGES,
        "round_off": st.sampled_from([0.0, 0.0, 0.02, -0.04]),
        "methods": st.lists(METHODS, min_size=1, max_size=3, unique=True),
        "user": st.sampled_from(["u1", "u2"]),
        "after": st.integers(0, 240),
    }
)
BACK = st.fixed_dictionaries(
    {"bill": st.integers(0, 20), "part": st.sampled_from([None, 0.1, 0.5, 1.0]), "method": METHODS}
)
MOVES = st.tuples(
    st.sampled_from(["opening_float", "pay_in", "pay_out", "safe_drop"]), st.integers(1, 50_000)
)
DAYS = st.fixed_dictionaries(
    {
        "sales": st.lists(SALES, max_size=6),
        "back": st.lists(BACK, max_size=3),
        "moves": st.lists(MOVES, max_size=3),
        "counted": st.none() | st.integers(0, 10**6),
    }
)
STARTS = st.sampled_from(
    [
        datetime(2026, 3, 28, 8, 0, tzinfo=UTC),  # the next night is an hour shorter
        datetime(2026, 10, 24, 8, 0, tzinfo=UTC),  # an hour longer
        datetime(2026, 12, 31, 8, 0, tzinfo=UTC),
    ]
)
PLACES = st.sampled_from(
    [("Europe/Madrid", "EUR"), ("Asia/Kolkata", "INR"), ("Asia/Tokyo", "JPY"), ("Asia/Kuwait", "KWD")]
)


def sell(program: FloCafe, sale: dict[str, Any]) -> None:
    """One of those sales, paid by its methods."""
    program.at += timedelta(minutes=sale["after"])
    order = program.order(*sale["lines"], user=sale["user"])
    subtotal = sum(
        row[0] for row in program.db.execute("SELECT subtotal FROM order_items WHERE order_id = ?", (order,))
    )
    discount = program.rounded(subtotal * sale["discount"])
    round_off = program.rounded(sale["round_off"])
    charges: dict[str, Any] = {name: program.rounded(it) for name, it in sale["charges"].items()}
    bill = program.bill(order, discount=discount, round_off=round_off, **charges)
    ((total,),) = program.db.execute("SELECT total FROM bills WHERE id = ?", (bill,)).fetchall()
    whole, methods = program.minor(total), sale["methods"]
    parts = [whole // len(methods)] * (len(methods) - 1)
    amounts = [*parts, whole - sum(parts)]
    details = [
        {"method": method, "amount": amount / program.factor}
        for method, amount in zip(methods, amounts, strict=True)
    ]
    program.run("UPDATE bills SET payment_details = ? WHERE id = ?", json.dumps(details), bill)


def give_back(program: FloCafe, back: dict[str, Any]) -> None:
    """Money back for a bill of any day, as far as there is any left."""
    bills = program.db.execute(
        "SELECT id, order_id, paid_amount, (SELECT COALESCE(SUM(amount_cents), 0) FROM refunds"
        " WHERE bill_id = bills.id) FROM bills ORDER BY id"
    ).fetchall()
    if not bills:
        return
    bill, order, paid, refunded = bills[back["bill"] % len(bills)]
    left = program.minor(paid) - refunded
    if back["part"] is not None:
        cents = int(left * back["part"])
        if cents > 0:
            program.refund(bill, cents=cents, method=back["method"])
        return
    items = program.db.execute(
        "SELECT id, total FROM order_items WHERE order_id = ? AND status = 'served'", (order,)
    ).fetchall()
    if items and 0 < program.minor(items[0][1]) <= left:
        program.refund(bill, item=items[0][0], method=back["method"])


@settings(max_examples=25)
@given(st.lists(DAYS, min_size=1, max_size=3), STARTS, PLACES, st.sampled_from(["00:00", "04:00", "11:59"]))
def test_any_days_hold_together_and_say_what_their_rows_say(
    days: list[dict[str, Any]], start: datetime, place: tuple[str, str], starts_at: str
) -> None:
    zone, currency = place
    facts: dict[str, Any] = {"zone": zone, "currency": currency, "starts_at": starts_at, "at": start}
    with TemporaryDirectory() as folder, Cafe(Path(folder), **facts).open() as cafe:
        perpetual = 0
        for day in days:
            live(cafe, day)
        reports = cafe.reports()
        for report in reports:
            holds(report, cafe.row(report["z_number"]))
            perpetual += report["totals"]["net"]
            assert report["perpetual"]["net"] == perpetual
        assert cafe.reports() == reports
        assert {code for code, _z in cafe.codes()} <= {"in_no_z", "day_open"}


def live(cafe: Cafe, day: dict[str, Any]) -> None:
    """A day; what is sold after the program's midnight is of the next one."""
    for sale in day["sales"]:
        sell(cafe.program, sale)
    for back in day["back"]:
        give_back(cafe.program, back)
    for kind, cents in day["moves"]:
        cafe.program.move(kind, cents)
    cafe.program.end_the_day(counted=day["counted"])
