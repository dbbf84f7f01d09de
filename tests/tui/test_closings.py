"""The months and years that FactoryCLOUD closed: each as a paper, and whatever speaks against that."""

from pathlib import Path

import pytest

from factorypos_tui.core.account.assignment import assigned_store
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.errors import CloudRefused
from factorypos_tui.tui.widgets.page import Page
from tests.support.operator import opened, sending_app
from tests.support.stations import PASSWORD, Shop
from tests.tui.camera import Camera, in_both_languages, keys

BAR, KIOSK = "0d1c9f5e-6d63-4f0a-9d6b-0e8a54f6a001", "2f6b8f1c-93a8-4f8e-8f0d-5d4f3a1b0002"


def closed(period: str, name: str, revision: int = 0, corrects: str | None = None) -> dict[str, object]:
    """A closing of two tills, in euros."""
    return {
        "closing_id": "11111111-2222-4333-8444-555555555555",
        "period": period,
        "name": name,
        "first_date": f"{name}-01"[:10],
        "last_date": f"{name}-28"[:10],
        "currency": "EUR",
        "revision": revision,
        "corrects": corrects,
        "made_at": "2026-11-01T12:00:00.000Z",
        "zs": [{"terminal_id": it, "z_number": n} for it, last in ((BAR, 31), (KIOSK, 2)) for n in (1, last)],
        "receipts": 1234,
        "totals": {"gross": 123456, "net": 120000 + revision, "tax": 10909},
        "taxes": [{"code": "10", "name": "IVA 10 %", "rate": "10", "base": 109091, "tax": 10909}],
        "payments": [{"code": "CASH", "name": "Cash", "amount": 120000, "sales_count": 1234}],
        "perpetual": {"sales": 500000, "refunds": 0, "net": 500000},
        "previous_hash": "ab" * 32,
        "content_hash": "cd" * 32,
        "signature": {"key_id": "a710b33a2c563028", "value": "x"},
    }


def store_of(shop: Shop) -> str:
    return assigned_store(shop.station.database).id


@pytest.fixture
def two_months(busy: Shop) -> Shop:
    """September, and October with its correction."""
    store = store_of(busy)
    busy.cloud.closed[store, "month"] = [
        closed("month", "2026-09"),
        closed("month", "2026-10"),
        closed("month", "2026-10", 1, "cd" * 32),
    ]
    return busy


@in_both_languages("3 closings, signed", "3 cierres, firmados")
def test_closings(two_months: Shop, camera: Camera, words: str) -> None:
    assert camera.finds_as_pictured(sending_app(two_months), keys("f", "c", then=words))


async def test_the_newest_stands_first_and_a_correction_above_what_it_corrects(two_months: Shop) -> None:
    async with opened(two_months, running=False) as operator:
        await operator.presses("f", then="all its tills")
        await operator.presses("c", then=("CLOSED MONTH 2026-10", "Correction", "1,200.01"))
        text = operator.app.screen.query_one("#closings", Page).text
        assert text.index("1,200.01") < text.index("1,200.00")
        assert "CLOSED MONTH 2026-09" in text
        assert "Z 1 - Z 31" in text
        await operator.presses("y", then="none is closed yet")
        await operator.presses("m", then="CLOSED MONTH 2026-10")
        await operator.presses("escape", then="The last 14 days")


async def test_all_papers_go_to_a_file(two_months: Shop) -> None:
    async with opened(two_months, running=False) as operator:
        await operator.presses("f", then="all its tills")
        await operator.presses("c", then="3 closings")
        await operator.presses("e", then="closings-month-Bar-Maritim.txt")
        await operator.presses("enter", then="It was written to")
    assert "a710b33a2c563028" in (Path.home() / "closings-month-Bar-Maritim.txt").read_text()


async def test_who_is_not_logged_in_logs_in_and_sees_them(two_months: Shop) -> None:
    two_months.credentials.delete(USER)
    async with opened(two_months, running=False) as operator:
        await operator.presses("f", then="this till alone")
        await operator.presses("c", then=("Press L to log in; your days are sent", "L Log in"))
        await operator.presses("l", then="Password")
        await operator.presses("enter", at="password")
        await operator.enters(PASSWORD)
        await operator.sees("CLOSED MONTH 2026-10")


async def test_an_older_cloud_and_nonsense_show_as_such(two_months: Shop) -> None:
    store = store_of(two_months)
    two_months.cloud.closed[store, "year"] = [{"name": 5, "zs": "many", "totals": [], "currency": None}]
    async with opened(two_months, running=False) as operator:
        await operator.presses("f", then="all its tills")
        await operator.presses("c", then="3 closings")
        await operator.presses("y", then="CLOSED MONTH ?")
        two_months.cloud.fail_with = CloudRefused("no", 404, "not_found")
        await operator.presses("m", then="has no closings of Bar Maritim for you")
