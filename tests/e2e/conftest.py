from collections.abc import Iterator

import pytest

from tests.support.chromium import chromium
from tests.support.tiny_cloud import TinyCloud

__all__ = ["chromium"]


@pytest.fixture
def cloud() -> Iterator[TinyCloud]:
    """A small cloud that is not ours."""
    with TinyCloud() as cloud:
        yield cloud
