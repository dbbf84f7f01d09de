"""Fault 30: a cloud that was restored from an old backup."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History
from factorypos_tui.core.delivery.link import LinkState, load_link
from factorypos_tui.core.operations.enrolment import assign
from tests.faults.elsewhen import Clocks
from tests.faults.world import PROGRAM, CloudProcess, new_owner
from tests.support.waiting import eventually


def take_backup(cloud: CloudProcess, backup: Path) -> None:
    command = [*PROGRAM, "--home", str(cloud.home), "cloud", "backup", str(backup)]
    subprocess.run(command, check=True, capture_output=True)


def restore(cloud: CloudProcess, backup: Path) -> None:
    """The cloud's disk is replaced, and it starts with what the backup holds."""
    cloud.kill()
    file = next(cloud.home.glob("*.db"))
    for side in ("", "-wal", "-shm", "-journal"):
        Path(f"{file}{side}").unlink(missing_ok=True)
    shutil.copy(backup, file)
    cloud.start()


def test_30_a_cloud_restored_from_an_old_backup_gets_what_it_lost_unasked(
    own_cloud: CloudProcess, tmp_path: Path
) -> None:
    bar = new_owner(own_cloud.url).open_bar(tmp_path / "bar", 2)
    assert bar.drain() == 0
    take_backup(own_cloud, tmp_path / "backup.db")
    for _day in range(3):
        bar.sell_and_close()
        assert bar.drain() == 0
    restore(own_cloud, tmp_path / "backup.db")
    assert len(bar.held()) == 2
    bar.sell_and_close()
    assert bar.drain() == 0
    assert bar.everything_arrived_once(6)
    bar.close()


def test_30_where_no_day_is_closed_any_more_the_daily_comparison_finds_what_it_lost(
    own_cloud: CloudProcess, tmp_path: Path
) -> None:
    clocks = Clocks(tmp_path / "clocks")
    clocks.set(0)
    bar = new_owner(own_cloud.url).open_bar(tmp_path / "bar", 2)
    service = replace(bar, program=clocks.program())
    take_backup(own_cloud, tmp_path / "backup.db")
    with service.worker():
        eventually(lambda: bar.everything_arrived_once(2))
    for day in (1, 2):  # it happens again on the next day
        restore(own_cloud, tmp_path / "backup.db")
        told = bar.run("verify")
        assert told.returncode == 1
        assert told.stdout.count("missing there") == 2
        clocks.set(day * 25 * 3600, day * 25 * 3600)
        with service.worker():
            eventually(lambda: bar.everything_arrived_once(2))
    assert bar.run("verify").returncode == 0
    bar.close()


def test_30_one_that_does_not_know_the_terminal_any_more_gets_all_once_it_is_assigned_again(
    own_cloud: CloudProcess, tmp_path: Path
) -> None:
    owner = new_owner(own_cloud.url)
    bar = owner.open_bar(tmp_path / "bar", 2, assigned=False)
    company = accounts.create_company(bar.station, "Maritim SL", "ES", "EUR")
    store = accounts.create_store(bar.station, company.id, "Bar Maritim", "Europe/Madrid")
    take_backup(own_cloud, tmp_path / "backup.db")
    assign(bar.station, company.id, store.id, History.ALL, move=False)
    assert bar.drain() == 0
    restore(own_cloud, tmp_path / "backup.db")
    bar.sell_and_close()
    assert bar.drain() == 3
    assert load_link(bar.station.database).state is LinkState.HELD
    assign(bar.station, company.id, store.id, History.ALL, move=False)
    assert bar.drain() == 0
    assert bar.everything_arrived_once(3)
    bar.close()


def test_30_one_that_does_not_know_the_terminal_any_more_is_told_of_though_nothing_waits(
    own_cloud: CloudProcess, tmp_path: Path
) -> None:
    clocks = Clocks(tmp_path / "clocks")
    clocks.set(0)
    owner = new_owner(own_cloud.url)
    bar = owner.open_bar(tmp_path / "bar", 2, assigned=False)
    service = replace(bar, program=clocks.program())
    company = accounts.create_company(bar.station, "Maritim SL", "ES", "EUR")
    store = accounts.create_store(bar.station, company.id, "Bar Maritim", "Europe/Madrid")
    take_backup(own_cloud, tmp_path / "backup.db")
    assign(bar.station, company.id, store.id, History.ALL, move=False)
    assert service.drain() == 0
    restore(own_cloud, tmp_path / "backup.db")
    clocks.set(600, 600)
    once = service.run("worker", "--once")
    assert (once.returncode, "assign the store again" in once.stderr) == (3, True)
    assert load_link(bar.station.database).state is LinkState.HELD
    assign(bar.station, company.id, store.id, History.ALL, move=False)
    clocks.set(1800, 1800)
    assert service.drain() == 0
    assert load_link(bar.station.database).state is LinkState.ONLINE
    bar.close()
