"""Exports that are downloaded: what a caller asks for, and the file."""

from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse

from factorypos_tui.archive.export.inputs import Format
from factorypos_tui.server.domain import charts
from factorypos_tui.server.domain.exported import Choice, Download
from factorypos_tui.server.domain.forms import Date


class ChartName(StrEnum):
    """The charts of accounts that come with the program, and the one that the company keeps."""

    NEUTRAL = "neutral"
    PGC = "pgc"
    SKR03 = "skr03"
    SKR04 = "skr04"
    OWN = charts.OWN


async def _choice(
    form: Annotated[Format, Query(alias="format")] = Format.JSON,
    first: Annotated[Date | None, Query(alias="from")] = None,
    last: Annotated[Date | None, Query(alias="to")] = None,
    chart: ChartName = ChartName.NEUTRAL,
) -> Choice:
    return Choice(form, first, last, chart.value)


AskedArchive = Annotated[Choice, Depends(_choice)]


def zip_answer(made: Download) -> Response:
    """The file, to be saved under its name."""
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Content-Length": str(made.size)}
    return StreamingResponse(made.pieces, media_type="application/zip", headers=headers)
