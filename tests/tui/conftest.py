"""The screens' tests: one time zone, a shop of their own, pictures in the top folder `snapshots/`."""

import itertools
import time
import uuid
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import pytest_textual_snapshot
from syrupy.location import PyTestLocation
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation

from factorypos_tui.core.configuration.download import look_at_download
from factorypos_tui.core.language import use_language
from tests.support import catalogues, scenes
from tests.support.exchanges import in_the_cloud
from tests.support.stations import Shop, make_files, open_shop
from tests.tui.camera import Camera

SNAPSHOTS = Path(__file__).parents[2] / "snapshots"


def _folder(_extension: type, *, test_location: PyTestLocation) -> str:
    return str(SNAPSHOTS / test_location.basename)


def _name(_extension: type, *, test_location: PyTestLocation, index: int | str = 0) -> str:
    name: str = _library_name(test_location=test_location, index=index)
    return name.replace("[english]", "").replace("[spanish]", "_spanish")


# The library has no option for folder and name, and the README shows these pictures.
_library_name = pytest_textual_snapshot.SVGImageExtension.get_snapshot_name
pytest_textual_snapshot.SVGImageExtension.dirname = classmethod(_folder)
pytest_textual_snapshot.SVGImageExtension.get_snapshot_name = classmethod(_name)


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
def no_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a test takes seconds for what an operator does not wait for."""
    monkeypatch.setattr("factorypos_tui.tui.waiting.LONG_S", 3600)


@pytest.fixture(autouse=True)
def parse_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual parses the same styles again for each app that a test opens."""

    def rules(sheet: Stylesheet, css: str, read_from: CSSLocation, **more: Any) -> list[RuleSet]:
        return _rules(tuple(sheet._variables.items()), css, read_from, **more)

    monkeypatch.setattr(Stylesheet, "_parse_rules", rules)


_parse_rules = Stylesheet._parse_rules


@cache
def _rules(
    variables: tuple[tuple[str, str], ...], css: str, read_from: CSSLocation, **more: Any
) -> list[RuleSet]:
    return _parse_rules(Stylesheet(variables=dict(variables)), css, read_from, **more)


def number_ids(monkeypatch: pytest.MonkeyPatch, first: int) -> Iterator[int]:
    """Ids and hashes are in the pictures: the same in every run, and in every version of the program."""
    numbers = itertools.count(first)
    monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=next(numbers), version=4))
    monkeypatch.setattr("factorypos_tui.tills.bundled.seeding.SOFTWARE", "factorypos-tui test")
    return numbers


@pytest.fixture(scope="session")
def five_days() -> tuple[Path, int]:
    """The files of a bar with five closed days, and the first id that is not in them."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        numbers = number_ids(monkeypatch, 1)
        return make_files(5), next(numbers)


@pytest.fixture(autouse=True)
def same_every_time(monkeypatch: pytest.MonkeyPatch, five_days: tuple[Path, int]) -> None:
    number_ids(monkeypatch, five_days[1])


@pytest.fixture(autouse=True)
def words(request: pytest.FixtureRequest, sealed: None) -> str:
    """What a story waits for, in the language that the picture is in (`in_both_languages`)."""
    language, words = getattr(request, "param", ("en", ""))
    use_language(language)
    return str(words)


@pytest.fixture
def shop(tmp_path: Path, five_days: tuple[Path, int]) -> Iterator[Shop]:
    """A bar with five closed days; no person has logged in yet."""
    with open_shop(tmp_path / "shop", files=five_days[0]) as opened:
        yield opened


@pytest.fixture
def busy(shop: Shop) -> Shop:
    """The same bar at lunch: assigned to a store, all delivered, with the morning's sales."""
    scenes.at_lunch(shop)
    return shop


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A bar at lunch, with twenty days behind it; its owner has changed prices in FactoryCLOUD."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        number_ids(monkeypatch, 1)
        with open_shop(tmp_path_factory.mktemp("weeks") / "shop", files=make_files(20)) as opened:
            scenes.at_lunch(opened)
            in_the_cloud(opened, catalogues.spring(opened))
            look_at_download(opened.station)  # as the process that sends did: each test finds the same news
            yield opened


@pytest.fixture
def camera(snap_compare: Callable[..., bool]) -> Camera:
    """Its pictures are named after the tests."""
    return Camera(snap_compare)
