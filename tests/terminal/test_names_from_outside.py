"""A name that another program wrote commands no terminal from a screen either."""

from pathlib import Path

from factorypos_tui.core.errors import TillError
from factorypos_tui.tui.tty.reading import Paper
from tests.support.operator import opened
from tests.support.stations import open_shop


def shown(text: str) -> str:
    paper = Paper(40, 1)
    paper.write(text)
    return "".join(cell.text for cell in paper.rows[0]).rstrip()


def test_what_turns_or_hides_letters_stays_behind_and_marks_stay() -> None:
    assert shown("Bar\u202emit\u2066x\ufeff") == "Barmitx"
    assert shown("n\u0303and\u0303u") == "\u00f1and\u0303u"


async def test_a_message_with_a_name_in_it_is_words_and_nothing_else(tmp_path: Path) -> None:
    with open_shop(tmp_path / "shop") as shop:
        async with opened(shop, running=False) as operator:
            operator.app.complain(TillError("There is no item Bar\x1b[2Jmit."))
            await operator.sees("There is no item Bar[2Jmit.")
