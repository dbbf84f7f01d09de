"""What owners are told of contradictions costs the reports that come with them little."""

from typing import Any

import pytest

from factorypos_tui.server.domain import telling
from factorypos_tui.server.domain.alarms.settings import Wishes, set_wishes
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.tables import Account, StoredLetter
from tests.server.shop import Owner, Till


def contradict(till: Till, times: int) -> None:
    """Let so many reports come whose place another one holds."""
    till.send(till.z(1))
    till.send_all([till.z(1, net=2 + number) for number in range(times)])


def test_a_letter_counts_no_more_than_it_may(
    owner: Owner, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST_COUNTED", 3)
    contradict(till, 5)
    text = owner.next_letter().get_content()
    assert "3+ reports" in text
    assert "- Till 1, Centro: 3+" in text


def test_who_wants_no_mails_about_alarms_gets_none_of_conflicts(owner: Owner, till: Till) -> None:
    database = till.shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database)

    def wish(*, alarms: bool) -> None:
        with database.connection_context(), database.atomic():
            set_wishes(database, till.shop.cloud.now(), account, Wishes(alarms=alarms))

    def letters() -> int:
        of_conflicts = (StoredLetter.account_id == account.id) & (StoredLetter.kind == "report_conflict")
        with database.connection_context():
            return StoredLetter.select().where(of_conflicts).count(database)

    wish(alarms=False)
    contradict(till, 1)
    assert letters() == 0
    wish(alarms=True)
    assert till.send(till.z(1, net=99)).status_code == 409
    assert letters() == 1


@pytest.mark.parametrize("running_shop", ["sqlite"], indirect=True)  # PostgreSQL reads small tables through
def test_no_table_is_read_through_for_a_letter(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    database, asked = till.shop.cloud.database, list[tuple[str, Any]]()
    execute: Any = database.execute_sql

    def noted(sql: str, values: Any = None) -> Any:
        asked.append((sql, values))
        return execute(sql, values)

    monkeypatch.setattr(database, "execute_sql", noted)
    contradict(till, 2)
    monkeypatch.undo()
    questions = [(sql, values) for sql, values in asked if sql.startswith("SELECT") and "conflict" in sql]
    with database.connection_context():
        plans = [run_sql(database, f"EXPLAIN QUERY PLAN {sql}", *values) for sql, values in questions]
    steps = [str(step[-1]) for plan in plans for step in plan]
    assert any("conflict" in sql and "JOIN" in sql for sql, _ in questions)
    no_table = ("SCAN CONSTANT ROW", "SCAN _wrapped")
    assert not [step for step in steps if step.startswith("SCAN") and step not in no_table]
