"""What the tiny FactoryCLOUD knows of closed months and years: what a test puts there."""

from urllib.parse import parse_qs, urlsplit

from tests.support.misbehaving_http import Call, Json
from tests.support.tiny_accounts import TinyAccounts, page_of


class TinyClosings(TinyAccounts):
    """A part of `TinyCloud`; `closed`: the closings of a store by `month` or `year`."""

    def __init__(self, page_size: int) -> None:
        super().__init__(page_size)
        self.closed: dict[tuple[str, str], list[Json]] = {}

    def closings(self, call: Call, store: str) -> tuple[int, Json]:
        self._own(call, self.stores, store)
        period = parse_qs(urlsplit(call.path).query)["period"][0]
        return page_of(call, self.closed.get((store, period), []), self._page_size)
