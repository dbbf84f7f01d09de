from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.proxy import Proxy
from tests.faults.world import Bar, CloudProcess, Owner, new_owner


@pytest.fixture(scope="session")
def shared_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    """One FactoryCLOUD for all tests that do it no harm."""
    cloud = CloudProcess(tmp_path_factory.mktemp("cloud"))
    yield cloud
    cloud.kill()


@pytest.fixture(scope="module")
def owner(shared_cloud: CloudProcess) -> Owner:
    """One for each module: an account may have so many companies and no more."""
    return new_owner(shared_cloud.url)


@pytest.fixture
def bar(tmp_path: Path, owner: Owner) -> Iterator[Bar]:
    """Three closed days, assigned, nothing sent."""
    bar = owner.open_bar(tmp_path / "bar", 3)
    yield bar
    bar.close()


@pytest.fixture
def own_cloud(tmp_path: Path) -> Iterator[CloudProcess]:
    """A FactoryCLOUD that a test may kill."""
    cloud = CloudProcess(tmp_path / "cloud")
    yield cloud
    cloud.kill()


@pytest.fixture
def line(bar: Bar) -> Iterator[Proxy]:
    """The line between the bar and its cloud."""
    with Proxy(bar.cloud_url) as proxy:
        yield proxy
