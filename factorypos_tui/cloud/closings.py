"""FactoryCLOUD's call for closed months and years, as `core.ports.Cloud` has it."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from factorypos_tui.cloud.lists import ListCalls

_PAGE = 6
"""A year of ten terminals names 3,660 Zs, which is 700 kB."""


class ClosingCalls(ListCalls):
    """The call about closings."""

    def closings(self, user_token: str, store_id: str, period: str) -> Sequence[Mapping[str, object]]:
        """The closings of a store by `month` or `year`, as they were signed; nothing in them has been
        checked."""
        path = f"/stores/{quote(store_id, safe='')}/closings"
        return self._list(path, user_token, dict, filters={"period": period}, page_size=_PAGE)
