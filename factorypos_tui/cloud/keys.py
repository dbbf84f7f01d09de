"""FactoryCLOUD's call for its public keys, as `core.ports.Cloud` has it."""

from collections.abc import Sequence

from factorypos_tui.cloud.channel import Channel, Request
from factorypos_tui.cloud.signatures import public_keys
from factorypos_tui.cloud.transport import deadline
from factorypos_tui.core.answers import PublicKey

_DEADLINE_S = 10.0


class KeyCalls:
    """The call about keys. The class that extends it has the channel."""

    _channel: Channel

    def public_keys(self) -> Sequence[PublicKey]:
        """The keys with which the cloud signs, or signed; an older cloud refuses with 404. It takes
        a few seconds at most."""
        with deadline(_DEADLINE_S) as within:
            return self._channel.exchange(Request("GET", "/keys"), public_keys, within)
