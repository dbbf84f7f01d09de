"""Catalogues for tests: a small bar's, and some as wild as shops make them, as parsed documents."""

import json
from typing import Any

from hypothesis import strategies as st

from factorypos_tui.core.configuration.document import encode
from tests.support import configurations

BAR: dict[str, Any] = json.loads(encode(configurations.BAR))


def catalogues(dearest: int = 10**12) -> st.SearchStrategy[dict[str, Any]]:
    """Catalogues that a till takes, without items that cost more than `dearest`."""
    made = configurations.configurations().map(lambda made: json.loads(encode(made)))
    return made.map(lambda document: _without_dear_ones(document, dearest))


def _without_dear_ones(document: dict[str, Any], dearest: int) -> dict[str, Any]:
    cheap = [item for item in document["items"] if max(item["prices"].values(), default=0) <= dearest]
    return {**document, "items": cheap}


def with_item(document: dict[str, Any], code: str, **changes: Any) -> dict[str, Any]:
    """The same, one item changed."""
    items = [{**item, **changes} if item["code"] == code else item for item in document["items"]]
    return {**document, "items": items}
