"""One clock for all words: the till's, named where it is not this machine's."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.delivery.worker import Worker
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.language import use_time_zone, zone_to_name
from tests.support.stations import open_shop
from tests.support.waiting import eventually

LIMA, MADRID = "America/Lima", "Europe/Madrid"


def run(home: Path, zone: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command on a machine in this time zone."""
    return subprocess.run(
        [sys.executable, "-m", "factorypos_tui", "--home", str(home), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "TZ": zone},
    )


@pytest.mark.parametrize(("machine", "is_named"), [(MADRID, True), (LIMA, False)])
def test_a_command_tells_the_tills_time_and_names_its_zone_where_it_is_not_the_machines(
    tmp_path: Path, machine: str, is_named: bool
) -> None:
    with open_shop(tmp_path / "bar", days=1) as shop:
        shop.connect()
        collect(shop.station)
        Worker(shop.station).step()
        shop.till.database().execute("UPDATE terminal SET timezone = ?", LIMA)
        delivered = "UPDATE shipment SET delivered_at = '2026-11-23T03:00:00.000Z'"
        shop.station.database.execute(delivered)
        shown = run(tmp_path / "bar", machine, "status")
        assert "22 Nov" in shown.stdout  # in Madrid it was the 23rd
        assert (shown.stderr == "Times are those of the till, in America/Lima.\n") == is_named
        as_json = run(tmp_path / "bar", machine, "status", "--json")
        assert json.loads(as_json.stdout)["last_z"]["delivered_at"] == "2026-11-23T03:00:00.000Z"
        assert as_json.stderr == ""


def test_a_till_that_cannot_be_read_any_more_leaves_its_zone(tmp_path: Path) -> None:
    with open_shop(tmp_path / "bar", days=1) as shop:
        shop.connect()
        collect(shop.station)
        Worker(shop.station).step()
        shop.till.database().execute("UPDATE terminal SET timezone = ?", LIMA)
        delivered = "UPDATE shipment SET delivered_at = '2026-11-23T03:00:00.000Z'"
        shop.station.database.execute(delivered)
        run(tmp_path / "bar", MADRID, "status")
        shop.till._path.unlink()
        shown = run(tmp_path / "bar", MADRID, "status")
        assert "22 Nov" in shown.stdout
        assert shown.stderr == "Times are those of the till, in America/Lima.\n"


def test_an_app_that_started_before_the_till_takes_its_zone_up(tmp_path: Path) -> None:
    use_time_zone(None)
    with open_shop(tmp_path / "bar") as shop:
        file = shop.till._path
        shop.till.close()
        away = file.with_suffix(".away")
        file.rename(away)
        engine = Engine(shop.station, "app")
        engine.start()
        try:
            assert zone_to_name(shop.clock.now()) is None
            away.rename(file)
            shop.till.database().execute("UPDATE terminal SET timezone = ?", LIMA)
            eventually(lambda: zone_to_name(shop.clock.now()) == LIMA)
        finally:
            engine.stop()
            use_time_zone(None)
