"""The screens' tests: one time zone, a shop of their own, pictures in the top folder `snapshots/`."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import pytest_textual_snapshot
from syrupy.location import PyTestLocation

from tests.support.stations import Shop, open_shop
from tests.tui.camera import Camera

SNAPSHOTS = Path(__file__).parents[2] / "snapshots"


def _folder(_extension: type, *, test_location: PyTestLocation) -> str:
    return str(SNAPSHOTS / test_location.basename)


# The library has no option for the folder, and the README shows these pictures.
pytest_textual_snapshot.SVGImageExtension.dirname = classmethod(_folder)


@pytest.fixture(autouse=True, scope="module")
def madrid() -> Iterator[None]:
    """Clock times on the screens are those of one place, wherever the tests run."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TZ", "Europe/Madrid")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(autouse=True)
def no_guessing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual guesses from the processor's clock whether a key has been dealt with, and goes on after one
    second on a busy machine; `Operator.settles` knows."""

    async def go_on(*_seconds: float) -> None:
        return

    for module in ("textual.app", "textual.pilot"):
        monkeypatch.setattr(f"{module}.wait_for_idle", go_on)


@pytest.fixture(autouse=True)
def same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids and hashes are in the pictures: the same in every run, and in every version of the program."""
    numbers = itertools.count(1)
    monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=next(numbers), version=4))
    monkeypatch.setattr("factorypos_tui.tills.bundled.seeding.SOFTWARE", "factorypos-tui test")


@pytest.fixture
def anyio_backend() -> str:
    """Textual runs on asyncio."""
    return "asyncio"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A bar with five closed days; no person has logged in yet."""
    with open_shop(tmp_path / "shop", days=5) as opened:
        yield opened


@pytest.fixture
def camera(snap_compare: Callable[..., bool]) -> Camera:
    """Its pictures are named after the tests."""
    return Camera(snap_compare)
