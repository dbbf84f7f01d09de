"""The examination on the screen: what to see to comes first, and a file for support holds nothing of the
shop's."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.operator import Operator, opened
from tests.support.stations import Shop


async def opened_by_name(operator: Operator) -> None:
    """Find the examination as an operator does who has read about it."""
    await operator.presses("f9", then="Find")
    await operator.types("examine")
    await operator.presses("enter", then="Examination")


async def test_what_to_see_to_comes_first(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTORYPOS_CLOUD_URL", "http://127.0.0.1:9")
    shop.connect()
    shop.sell()
    shop.close_day()
    async with opened(shop, running=False) as operator:
        await opened_by_name(operator)
        await operator.sees("to see to, first in the list.")
        first = operator.screen.split("Examination")[1]
        assert first.index("sender") < first.index("program")
        assert "nobody sends: start" in operator.screen
        await operator.presses("end", then="not available")


async def test_a_file_for_support_holds_verdicts_and_no_names(shop: Shop) -> None:
    shop.connect()
    async with opened(shop, running=False) as operator:
        await opened_by_name(operator)
        await operator.sees("to see to, first in the list.")
        await operator.presses("e", then="factorypos-support-")
        await operator.presses("enter", then="It was sent nowhere.")
    (file,) = Path.home().glob("factorypos-support-*.zip")
    with zipfile.ZipFile(file) as archive:
        report = archive.read("report.json").decode()
        files = [archive.read(name).decode() for name in archive.namelist()]
    assert "last-z" in {check["name"] for check in json.loads(report)["checks"]}
    assert not [text for text in files if "Maritim" in text]


async def test_an_operator_who_leaves_early_leaves_at_once(shop: Shop) -> None:
    async with opened(shop, running=False) as operator:
        await operator.presses("f9", then="Find")
        await operator.types("examine")
        await operator.presses_meanwhile("enter")
        await operator.presses_meanwhile("escape")
        await operator.sees("Synchronization")
