"""What the fake FactoryCLOUD knows of closed months and years: what a test puts there."""

from collections.abc import Sequence

from tests.support.fake_accounts import FakeAccounts, refused


class FakeClosings(FakeAccounts):
    """A part of `FakeCloud`; `closed`: the closings of a store by `month` or `year`."""

    def __init__(self) -> None:
        super().__init__()
        self.closed: dict[tuple[str, str], list[dict[str, object]]] = {}

    def closings(self, user_token: str, store_id: str, period: str) -> Sequence[dict[str, object]]:
        if not any(store_id in stores for stores in self._account(user_token).stores.values()):
            raise refused(404, "not_found")
        return self.closed.get((store_id, period), [])
