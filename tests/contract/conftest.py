"""The clouds that the contract of the port `Cloud` is tested against."""

import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from factorypos_tui.cloud.client import FactoryCloud
from factorypos_tui.core.ports import Cloud
from tests.contract.shop import Shop, open_shop
from tests.contract.tiny_cloud import TinyCloud
from tests.fakes import FakeCloud

_LISTENING = "FactoryCLOUD is listening on "


@pytest.fixture(scope="module", params=["tiny", "server", "fake"])
def cloud_address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base address of a running FactoryCLOUD; empty for the fake one, which has none."""
    if request.param == "fake":
        yield ""
    elif request.param == "tiny":
        with TinyCloud() as cloud:
            yield cloud.address
    elif importlib.util.find_spec("factorypos_tui.cli.cloud") is None:
        pytest.skip("factorypos_tui.cli.cloud does not exist yet")
    else:
        with _served(tmp_path_factory.mktemp("cloud")) as address:
            yield address


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


@contextmanager
def _served(home: Path) -> Iterator[str]:
    """Our own server, as an operator starts it."""
    command = [sys.executable, "-m", "factorypos_tui", "cloud", "serve", "--port", "0"]
    environment = {**os.environ, "FACTORYPOS_HOME": str(home)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith(_LISTENING):
                    yield line.removeprefix(_LISTENING).strip()
                    break
            else:
                pytest.fail(f"the server ended with {process.wait()} before it listened")
        finally:
            process.terminate()
