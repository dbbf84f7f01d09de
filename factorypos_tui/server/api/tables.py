"""Answers that are a table: JSON, or CSV for whom asks for that by `Accept`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response

from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.csv_table import csv_of

CSV = "text/csv"
AMOUNTS = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
Row = Mapping[str, Any]
ALSO_CSV: dict[str, Any] = {"content": {CSV: {"schema": {"type": "string"}}}}
"""For the OpenAPI document."""


async def _wants_csv(accept: Annotated[str, Header(max_length=1000)] = "") -> bool:
    return _weight(accept, CSV) > _weight(accept, "application/json")


WantsCsv = Annotated[bool, Depends(_wants_csv)]


def _weight(accept: str, media_type: str) -> float:
    """How much a caller wants a media type that it names; 0 where it does not."""
    for wish in accept.split(",")[:20]:
        name, *parameters = (part.strip() for part in wish.split(";"))
        if name.lower() == media_type:
            quality = next((it[2:] for it in parameters if it.startswith("q=")), "1")
            return float(quality) if quality.replace(".", "", 1).isdecimal() else 0.0
    return 0.0


def table_answer(
    request: Request,
    rows: Sequence[Row],
    cursor: str | None,
    columns: Sequence[str] | None,
    flat: Callable[[Row], Row] = lambda row: row,
) -> Response:
    """A page of a list. `columns`: those of the CSV, None where JSON is wanted; `flat` makes a row of it.

    The next page of a CSV is told by the header `Link` (RFC 8288)."""
    if columns is None:
        return Response(
            canonical.encode({"items": list(rows), "next_cursor": cursor}), media_type="application/json"
        )
    following = str(request.url.include_query_params(cursor=cursor).query) if cursor else ""
    headers = {"Link": f'<?{following}>; rel="next"'} if cursor else {}
    return Response(csv_of(columns, map(flat, rows)), headers=headers, media_type=CSV)


def flat_figures(row: Row) -> Row:
    """A row of figures with its totals beside the rest."""
    return {**row, **row["totals"]}
