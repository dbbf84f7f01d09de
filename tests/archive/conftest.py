from collections.abc import Callable
from pathlib import Path

import pytest

from factorypos_tui.archive.verify.checking import verify
from factorypos_tui.archive.verify.faults import Fault
from tests.archive.by_hand import ByHand, written

Judge = Callable[[ByHand], Fault | None]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """The fault of an export that is made of documents, with a MANIFEST that fits them."""
    return lambda shop: verify(written(tmp_path / "export", shop.files())).fault
