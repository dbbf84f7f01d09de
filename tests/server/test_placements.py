"""Where a terminal was: it sends for these stores, and a database from before learns them from its audit."""

from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.migrations import MIGRATIONS
from tests.server.shop import Shop, assert_problem


def forget_where_terminals_were(cloud: Cloud) -> None:
    """As a database of version 5, which then becomes one of version 6."""
    to_version_6 = MIGRATIONS[5]
    with cloud.database.connection_context(), cloud.database.atomic():
        run_sql(cloud.database, "DROP TABLE placement")
        to_version_6(cloud.database)


def test_where_terminals_were_is_read_from_the_audit(shop: Shop) -> None:
    owner = shop.owner()
    first, second, never = (owner.store() for _ in range(3))
    owner.assign(first, (terminal := owner.assign(second).id), move=True)
    till = owner.assign(second, terminal, move=True)
    for _now_and_after in range(2):
        current = till.call("GET", "/terminals/current").json()
        assert {store["id"] for store in current["stores"]} == {first, second}
        sent = till.send_all([till.z(1)], store=first)
        assert sent.status_code == 200, sent.text
        assert_problem(till.send_all([till.z(2)], store=never), 403, "store_not_assigned")
        forget_where_terminals_were(shop.cloud)


def test_the_owner_is_told_which_store_a_conflict_was_sent_for(shop: Shop) -> None:
    owner = shop.owner()
    first, second = owner.store(name="Centro"), owner.store(name="Playa")
    before = owner.assign(first)
    before.send(before.z(1))
    now = owner.assign(second, before.id, move=True)
    clash = now.send_all([now.z(1)], store=first).json()["results"][0]
    assert clash["code"] == "report_conflict"
    assert "Centro" in owner.next_letter().get_content()
