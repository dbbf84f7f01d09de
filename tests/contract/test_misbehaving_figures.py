"""A FactoryCLOUD whose figures make no sense gets none of them on a screen."""

import json
from datetime import date
from typing import Any

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.errors import CloudUnreachable
from tests.support.tiny_cloud import TinyCloud

DAY: dict[str, Any] = {
    "date": "2026-11-02",
    "currency": "EUR",
    "provisional": False,
    "z_reports": 1,
    "receipts": 1,
    "totals": dict.fromkeys(("gross", "discounts", "refunds", "net", "tax", "rounding", "tips"), -1),
}


def ask(*days: object) -> int:
    """How many days are read where the cloud answers with these."""
    body = json.dumps({"items": days, "next_cursor": None}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    with TinyCloud() as tiny, FactoryCloud(tiny.address) as client:
        tiny.misbehave("raw", value=head + body)
        return len(client.figures("token", "a store", date(2026, 11, 1), date(2026, 11, 30)))


def test_a_proper_day_is_read() -> None:
    assert ask(DAY, DAY | {"currency": "USD"}) == 2


@pytest.mark.parametrize(
    "days",
    [
        [DAY, DAY],
        [DAY | {"date": "2026-10-31"}],
        [DAY | {"date": "2026-12-01"}],
        [DAY | {"date": "today"}],
        [DAY | {"date": None}],
        [DAY | {"currency": "€\x1b[2J"}],
        [DAY | {"provisional": "no"}],
        [DAY | {"receipts": -1}],
        [DAY | {"z_reports": True}],
        [DAY | {"totals": DAY["totals"] | {"net": 12.5}}],
        [DAY | {"totals": DAY["totals"] | {"net": 2**64}}],
        [DAY | {"totals": DAY["totals"] | {"tax": -(2**64)}}],
        [DAY | {"totals": {}}],
        ["a day"],
    ],
    ids=range(14),
)
def test_a_day_that_makes_no_sense_is_no_answer(days: list[object]) -> None:
    with pytest.raises(CloudUnreachable) as error:
        ask(*days)
    assert error.value.reason == "not_factorycloud"
    assert str(error.value).isprintable()
