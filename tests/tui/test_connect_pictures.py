"""Pictures of the three steps that connect a till of another program. `make snapshots` draws them again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from factorypos_tui.core.errors import TillError
from tests.support.connectors import PASSWORD
from tests.support.operator import Operator, sending_app
from tests.support.stations import Shop, open_shop
from tests.tui.camera import WITH_A_PANE, Camera, in_both_languages
from tests.tui.conftest import number_ids

_LEAST = (80, 22)


@pytest.fixture
def no_till(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A machine in Madrid without a till."""
    monkeypatch.setenv("TZ", "Europe/Madrid")
    with open_shop(tmp_path / "bar") as bar:
        number_ids(monkeypatch, 1_000_000)
        bar.till._path.unlink()
        yield bar


async def reaches_the_server(operator: Operator) -> None:
    await operator.presses("f7", at="server")
    for answer, following in (("pos-server", "database"), ("kriolos", "user"), ("reader", "password")):
        await operator.enters(answer, at=following)


async def says_whose_it_is(operator: Operator) -> None:
    await reaches_the_server(operator)
    await operator.enters(PASSWORD, at="host")
    await operator.types("caja-1")
    await operator.presses("enter", at="company")
    await operator.types("Bar Marítim SL")


async def comes_to_the_papers(operator: Operator) -> None:
    await says_whose_it_is(operator)
    await operator.presses("enter", "enter", "enter", "enter", "enter", "enter", at="leave")


@in_both_languages()
def test_where_it_is(no_till: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(no_till), reaches_the_server, _LEAST, may_be_cut=True)


@in_both_languages()
def test_whose_it_is(no_till: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(no_till), says_whose_it_is, _LEAST, may_be_cut=True)


@in_both_languages()
def test_papers(no_till: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(no_till), comes_to_the_papers, _LEAST, may_be_cut=True)


def test_whose_it_is_with_its_help(no_till: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(no_till), says_whose_it_is, WITH_A_PANE, may_be_cut=True)


def test_a_server_that_refuses(no_till: Shop, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise TillError(
            "pos-server:3306 has the till's data, but does not let reader in: Access denied for user"
            " 'reader'@'192.168.1.20' (using password: YES). Nothing was changed. Check the password, and"
            " whether that account may come from this machine."
        )

    async def story(operator: Operator) -> None:
        await reaches_the_server(operator)
        await operator.enters("guessed", then="Access denied")

    monkeypatch.setattr(no_till.station.connector(), "hosts", refuse)
    assert camera.finds_as_pictured(sending_app(no_till), story, _LEAST, may_be_cut=True)
