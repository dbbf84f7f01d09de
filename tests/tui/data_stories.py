"""The way through option 6, as the pictures of its screens go it."""

from collections.abc import Callable, Sequence

from factorypos_tui.core.configuration.download import accept_download, look_at_download
from tests.support import catalogues
from tests.support.configurations import with_item
from tests.support.exchanges import in_the_cloud
from tests.support.operator import Operator
from tests.support.stations import Shop
from tests.tui.camera import Story

Step = str | Sequence[str] | Callable[[], object]


def steps(*parts: Step) -> Story:
    """Open option 6, then go on: a tuple is keys to press, a text is waited for, anything else is done."""

    async def story(operator: Operator) -> None:
        await operator.presses("6")
        for part in parts:
            if isinstance(part, str):
                await operator.sees(part)
            elif callable(part):
                part()
            else:
                await operator.presses(*part)
        await operator.settles()

    return story


DOWNLOAD = ("1 D", "45         45", ["1"], "CAFE ")
ASK = (["enter"], "   Ac")
ACCEPT = (*ASK, ["down", "enter"])
LATER = (*ASK, ["down", "down", "enter"])


def replaced_twice(shop: Shop) -> None:
    """The catalogue of spring was downloaded, and a dearer coffee five minutes later."""
    spring = catalogues.spring(shop)
    for wanted in (spring, with_item(spring, "CAFE", prices={"BARRA": 999, "TERRAZA": 999})):
        in_the_cloud(shop, wanted)
        accept_download(shop.station, look_at_download(shop.station))
        shop.clock.advance(300)
