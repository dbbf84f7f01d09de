"""A queue of many reports, and what of it is in view."""

import re

from factorypos_tui.tui.screens.queue.report_list import ReportList
from tests.support import scenes
from tests.support.operator import Operator
from tests.support.stations import Shop

QUEUE = "4"
_COPY = """
    INSERT INTO shipment (report_id, revision, kind, store_id, terminal_id, period_id, z_number,
                          business_date, as_of, currency, net, content_hash, state, queued_at, changed_at,
                          delivered_at)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    SELECT 'r' || i, 0, 'Z', store_id, terminal_id, 'p' || i, 100 + i,
           date('2026-11-22', '+' || i || ' days'), as_of, currency, i, content_hash, 'delivered',
           queued_at, changed_at, changed_at
    FROM n, (SELECT * FROM shipment LIMIT 1)
"""


def numbers(operator: Operator) -> list[str]:
    """The Z numbers in view, in the order of the rows."""
    cells_of = (line[1:].split() for line in operator.screen.splitlines() if re.match("[ >][ZX] ", line))
    return [cells[1] for cells in cells_of if not cells[1].endswith(",")]


def under_the_cursor(operator: Operator) -> str:
    """The report that the line below the list explains."""
    shipment = operator.app.screen.query_one(ReportList).highlighted
    return "nothing" if shipment is None else f"{shipment.kind.value} {shipment.z_number}"


def many(shop: Shop, count: int) -> None:
    """A queue of so many more delivered reports, Z 101 and on, a day each."""
    shop.connect()
    scenes.deliver(shop)
    copy_the_first(shop, count)


def copy_the_first(shop: Shop, count: int) -> None:
    """The first report of the queue so many times more, as above."""
    shop.station.database.execute(_COPY, count)
