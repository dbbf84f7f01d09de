"""A café for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tills.flocafe.premises import Cafe


@pytest.fixture
def cafe(tmp_path: Path) -> Iterator[Cafe]:
    """FloCafe's program and our till beside it."""
    with Cafe(tmp_path).open() as cafe:
        yield cafe
