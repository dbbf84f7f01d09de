"""A configuration that was accepted for after the close, and what the home screen says of it."""

from factorypos_tui.core.configuration.after_close import accept_after_close
from factorypos_tui.core.configuration.download import (
    look_at_download,
)
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.status.configuration_answer import configuration_answer
from tests.support.catalogues import spring
from tests.support.exchanges import in_the_cloud
from tests.support.stations import Shop

WAITS = "7 changes of the configuration will be taken after the close of the day."


def price(shop: Shop, code: str = "CAFE") -> int:
    return next(item.prices["BARRA"] for item in shop.till.configuration().items if item.code == code)


def said(shop: Shop) -> str:
    news = take_snapshot(shop.station).news
    told = configuration_answer(news, shop.clock.now()) if news else None
    return told.words if told else ""


def accepted(shop: Shop) -> Shop:
    """Somebody looked at the catalogue of spring, and wants it after the close."""
    in_the_cloud(shop, spring(shop))
    shop.sell()
    accept_after_close(shop.station, look_at_download(shop.station))
    return shop
