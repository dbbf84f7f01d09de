"""Taking reports, errors and ids out: to the clipboard of the terminal, and always to a file."""

from pathlib import Path

import pytest

from tests.support import scenes
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.support.windows import terminal

_COPYING = """
from factorypos_tui.tui.app import FactoryPosApp
from factorypos_tui.tui.screens.base.taking_out import copy
FactoryPosApp.action_help = lambda app: copy(app, "Z 6: España")
from factorypos_tui.cli.main import main
main()
"""


@pytest.fixture(autouse=True)
def _window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")


async def copied(operator: Operator) -> str:
    """What C hands to the terminal."""
    await operator.presses("c", then="Sent to the terminal's clipboard.")
    return operator.app.clipboard


async def test_the_list_gives_state_and_id(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.INVALID)
    async with opened(shop, running=False) as operator:
        await operator.presses("4", then="Z 6, 23 Nov 2026")
        text = await copied(operator)
    refused = shop.queued()[-1]
    assert text.startswith("Z 6, 23 Nov 2026, attention: ")
    assert refused.report_id in text
    assert refused.content_hash in text


async def test_a_report_gives_its_paper_its_way_and_its_id(busy: Shop) -> None:
    async with opened(busy, running=False) as operator:
        await operator.presses("4", then="Z 5, ")
        await operator.presses("enter", then=("Z REPORT 5", "Report id"))
        text = await copied(operator)
        await operator.presses("e", then="Save report")
        await operator.presses("enter", then="It was written to")
    assert "Z REPORT 5" in text
    assert busy.queued()[-1].report_id in text
    assert (Path.home() / "Z-5-2026-11-22.txt").read_text("utf-8") == text + "\n"


async def test_what_was_refused_gives_the_reason_and_its_id(shop: Shop) -> None:
    scenes.in_trouble(shop, scenes.INVALID)
    async with opened(shop, running=False) as operator:
        await operator.presses("4", then="Z 6, 23 Nov 2026")
        await operator.presses("a", then="It named:")
        text = await copied(operator)
        await operator.presses("e", then="~/Z-6-2026-11-23-attention.txt")
        await operator.presses("enter", then="It was written to")
    assert "totals.net: gross - discounts - refunds is not net" in text
    assert shop.queued()[-1].report_id in text
    assert (Path.home() / "Z-6-2026-11-23-attention.txt").read_text("utf-8") == text + "\n"


@pytest.mark.parametrize(
    ("term", "hint", "sent"),
    [
        ("xterm-256color", "clipboard. If it does not arrive", True),
        ("screen-256color", "clipboard. If it does not arrive", True),
        ("linux", "This terminal has no clipboard. E saves to a file.", False),
        ("vt220", "This terminal has no clipboard. E saves to a file.", False),
    ],
)
def test_only_a_terminal_that_may_have_a_clipboard_is_asked(
    tmp_path: Path, term: str, hint: str, *, sent: bool
) -> None:
    with terminal("--home", str(tmp_path), term=term, code=_COPYING) as window:
        window.sees("3 Have a look around first")
        window.press("escape", then="F9 Find")
        window.press("f1", then=hint)
        assert (b"\x1b]52;c;WiA2OiBFc3Bhw7Fh\x07" in window.bytes) is sent
