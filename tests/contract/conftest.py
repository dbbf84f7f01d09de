"""The clouds that the contract of the port `Cloud` is tested against."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.ports import Cloud
from tests.contract.shop import Shop, open_shop
from tests.support.fake_accounts import RESET_CODE
from tests.support.fakes import FakeCloud
from tests.support.terminals import serve_cloud
from tests.support.tiny_cloud import TinyCloud


@dataclass(frozen=True)
class Running:
    """A FactoryCLOUD: its base address, empty for the fake one, and the code that it mailed to a user."""

    address: str
    code_for: Callable[[str], str]


@pytest.fixture(scope="module", params=["tiny", "server", "fake"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Each of the clouds in turn."""
    if request.param == "fake":
        yield Running("", lambda _email: RESET_CODE)
    elif request.param == "tiny":
        with TinyCloud() as cloud:
            yield Running(cloud.address, lambda email: cloud.codes[email])
    else:
        home = tmp_path_factory.mktemp("cloud")
        with serve_cloud(home) as address:
            yield Running(address, lambda email: _mailed_code(home / "outbox", email))


@pytest.fixture(scope="module")
def cloud_address(running: Running) -> str:
    """The base address of a running FactoryCLOUD; empty for the fake one, which has none."""
    return running.address


def _mailed_code(outbox: Path, email: str) -> str:
    """The code in the letter to `email`, once it is there."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        for letter in outbox.glob("*.eml"):
            message = message_from_bytes(letter.read_bytes(), policy=policy.default)
            body = message.get_content() if message["To"] == email else ""
            if found := re.search("^[BCDFGHJKLMNPQRSTVWXZ]{8}$", body, re.MULTILINE):
                return found.group()
        time.sleep(0.05)
    pytest.fail("no code was mailed")


@pytest.fixture
def cloud(cloud_address: str) -> Iterator[Cloud]:
    """The port, joined to the cloud under test."""
    if not cloud_address:
        yield FakeCloud()
    else:
        with FactoryCloud(cloud_address) as client:
            yield client


@pytest.fixture
def shop(cloud: Cloud) -> Shop:
    """A fresh account with one store, and a terminal bound to it."""
    return open_shop(cloud)
