"""FactoryCLOUD's lists, which come in pages."""

from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlencode

from factorypos_tui.cloud import documents
from factorypos_tui.cloud.channel import MIB, Channel, Request
from factorypos_tui.cloud.documents import Document
from factorypos_tui.cloud.problems import unreachable
from factorypos_tui.cloud.transport import deadline
from factorypos_tui.core.language import _

T = TypeVar("T")

_PAGE = 200
_MOST_ITEMS = 10_000


class ListCalls:
    """Reads a list. The class that extends it has the channel."""

    _channel: Channel

    def _list(
        self,
        path: str,
        token: str,
        read: Callable[[Document], T],
        progress: Callable[[int], object] = lambda _read: None,
        filters: Mapping[str, str] | None = None,
        page_size: int | None = None,
    ) -> list[T]:
        """Every page of a list, all under one deadline; an endless one is no list of FactoryCLOUD's."""
        items: list[T] = []
        cursors: set[str | None] = set()
        cursor: str | None = None
        page = documents.page(read)
        with deadline(self._channel.deadline_s) as within:
            while cursor not in cursors and len(items) <= _MOST_ITEMS:
                cursors.add(cursor)
                asked = {**(filters or {}), "limit": page_size or _PAGE}
                asked |= {"cursor": cursor} if cursor else {}
                query = urlencode(asked)
                request = Request("GET", f"{path}?{query}", token, longest_answer=4 * MIB)
                found, cursor = self._channel.exchange(request, page, within)
                items += found
                progress(len(items))
                if cursor is None:
                    return items
        raise unreachable(self._channel.url, "not_factorycloud", _("its list has no end"))
