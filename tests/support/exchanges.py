"""What tests of download and upload do to a shop and its store."""

from factorypos_tui.core.configuration.configuration import Configuration
from factorypos_tui.core.configuration.document import encode
from factorypos_tui.core.configuration.state import NoUpload, configuration_status
from tests.support.stations import Shop

LICENSED = '{"configuration_upload": true}'


def license_to(shop: Shop, licence: str) -> None:
    shop.till.database().execute("UPDATE terminal SET licence = ?", licence)


def in_the_cloud(shop: Shop, wanted: Configuration | bytes) -> str:
    """Upload to this shop's store as another person; returns the version."""
    store = configuration_status(shop.station).store
    return shop.cloud.store_configuration(store.id, wanted if isinstance(wanted, bytes) else encode(wanted))


def why_not(shop: Shop) -> NoUpload | None:
    return configuration_status(shop.station).no_upload
