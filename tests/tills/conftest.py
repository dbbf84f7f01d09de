from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tills.bar import Bar


@pytest.fixture
def bar(tmp_path: Path) -> Iterator[Bar]:
    bar = Bar(tmp_path / "till.db")
    yield bar
    bar.till.close()
