"""What one report asks of the database: on PostgreSQL each statement takes an exchange."""

from typing import Any

import pytest
from peewee import SqliteDatabase

from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.domain.received import Delivery, put_to_rest
from factorypos_tui.server.storage.tables import Terminal
from tests.server.shop import Json, Shop, Till, canonical
from tests.server.test_rest import statements

PERIOD = "00000000-0000-4000-8000-000000000007"


@pytest.mark.parametrize("kind", ["Z", "X"])
def test_a_report_is_put_to_rest_by_few_statements(shop: Shop, till: Till, kind: str) -> None:
    first, report = (till.z(1), till.z(2)) if kind == "Z" else (till.x(1, PERIOD), till.x(2, PERIOD))
    database: Any = shop.cloud.database
    with database.connection_context():
        terminal = Terminal.select().where(Terminal.id == till.id).get(database)
    put(shop, terminal, first)
    with statements(shop) as run:
        put(shop, terminal, report)
    most = 9 if isinstance(database, SqliteDatabase) else 5
    assert len(run) <= most, "\n".join(run)


def put(shop: Shop, terminal: Terminal, report: Json) -> None:
    arrived = ReportDocument.model_validate(report), canonical(report)
    kept = put_to_rest(shop.cloud, Delivery(terminal, None, [arrived]))
    assert kept.outcomes[0].result in ("created", "replaced")
