"""What does not fit together is found, though every row of the database can be read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.server.mail import outbox
from factorypos_tui.server.mail.letters import Letter
from factorypos_tui.server.ops import administration, users
from factorypos_tui.server.ops import checking as server_checking
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage import sequences
from factorypos_tui.server.storage.migrating import migrate
from factorypos_tui.server.storage.report_tables import ZBody
from factorypos_tui.server.storage.tables import Account, Configuration, StoredLetter
from tests.server.shop import Json, Shop, Till, canonical, sealed
from tests.server.test_commands import run
from tests.server.test_configuration import document as configuration


@pytest.fixture
def shop(shop_apart: Shop) -> Shop:
    """The server that holds what this module makes, and no more."""
    return shop_apart


def chained(till: Till, numbers: range, **changes: Any) -> list[Json]:
    """Z reports each of which names the one before it."""
    made: list[Json] = []
    for number in numbers:
        previous = made[-1]["content_hash"] if made else None
        made.append(till.z(number, previous_hash=previous, **changes))
    return made


def sent(till: Till, reports: list[Json]) -> None:
    assert till.send_all(reports).status_code == 200


def found(till: Till, subject: str | None = None) -> Mapping[str, tuple[list[int], int]]:
    """By code: the numbers named, and how many there are; of this terminal, since others share the server."""
    database = till.shop.cloud.database
    with database.connection_context():
        found = [one for one in server_checking.findings(database) if one.id == (subject or till.id)]
    return {one.code: (one.numbers, one.count) for one in found}


def test_a_whole_chain_has_nothing_to_find(till: Till) -> None:
    sent(till, chained(till, range(1, 13)))
    assert found(till) == {}


def test_days_before_the_first_that_was_sent_are_not_missed(till: Till) -> None:
    sent(till, [till.z(40, previous_hash="0" * 64)])
    assert found(till) == {}


def test_a_missing_z_is_found(till: Till) -> None:
    reports = chained(till, range(1, 13))
    sent(till, reports[:5] + reports[6:])
    assert found(till) == {"missing_z": ([6], 1)}


def test_a_million_missing_are_counted_and_the_first_of_them_named(till: Till) -> None:
    sent(till, [till.z(1), till.z(1_000_002)])
    numbers, count = found(till)["missing_z"]
    assert (numbers[:3], len(numbers), count) == ([2, 3, 4], server_checking.MOST_NUMBERS, 1_000_000)


@pytest.mark.parametrize("previous", [None, "0" * 64])
def test_a_z_that_was_made_after_another_one_is_found(till: Till, previous: str | None) -> None:
    reports = chained(till, range(1, 4))
    sent(till, [*reports, till.z(4, previous_hash=previous)])
    assert found(till) == {"broken_chain": ([4], 1)}


def test_a_report_that_was_changed_in_the_database_is_found(till: Till) -> None:
    reports = chained(till, range(1, 4))
    sent(till, reports)
    database = till.shop.cloud.database
    changed = canonical({**reports[1], "software": "a file editor"})
    for document in (changed, b"\x00\xff no JSON"):
        with database.connection_context():
            ZBody.update(document=document).where(ZBody.report_id == reports[1]["report_id"]).execute(
                database
            )
        assert found(till) == {"changed_report": ([2], 1)}


def test_an_open_conflict_is_found_and_the_till_that_goes_on_from_its_own_is_no_break(till: Till) -> None:
    reports = chained(till, range(1, 3))
    sent(till, reports)
    other = till.z(2, net=2420, previous_hash=reports[0]["content_hash"])
    assert till.send(other).status_code == 409
    sent(till, [till.z(3, previous_hash=other["content_hash"])])
    assert found(till) == {"open_conflict": ([2], 1)}


def test_a_finding_names_the_store_that_its_reports_are_in(shop: Shop) -> None:
    owner = shop.owner()
    company = owner.company()
    first, second = owner.store(company, name="Old bar"), owner.store(company, name="New bar")
    till = owner.assign(first)
    reports = chained(till, range(1, 8))
    sent(till, reports[:2])
    assert till.send(till.z(2, net=2420, previous_hash=reports[0]["content_hash"])).status_code == 409
    till = owner.assign(second, till.id, move=True)
    sent(till, [*reports[2:4], *reports[5:]])
    assert till.send(till.z(4, net=2420, previous_hash=reports[2]["content_hash"])).status_code == 409
    database = till.shop.cloud.database
    with database.connection_context():
        for report in (reports[0], reports[6]):
            ZBody.update(document=b"{}").where(ZBody.report_id == report["report_id"]).execute(database)
        found = [one for one in server_checking.findings(database) if one.id == till.id]
    assert {(one.code, one.name.split(", ")[-1], *one.numbers) for one in found} == {
        ("changed_report", "Old bar", 1),
        ("changed_report", "New bar", 7),
        ("missing_z", "New bar", 5),
        ("open_conflict", "Old bar", 2),
        ("open_conflict", "New bar", 4),
    }


def test_a_configuration_that_was_changed_in_the_database_is_found(till: Till) -> None:
    put = till.call(
        "PUT", "/configuration", content=canonical(configuration()), headers={"If-None-Match": "*"}
    )
    assert put.status_code == 201
    assert found(till, till.store) == {}
    database = till.shop.cloud.database
    with database.connection_context():
        mine = Configuration.store_id == till.store
        Configuration.update(document=b"{}").where(mine).execute(database)
    assert found(till, till.store) == {"changed_configuration": ([1], 1)}


@pytest.mark.parametrize(
    ("dates", "code"),
    [
        ({"closed_at": "2027-03-02T22:00:00Z"}, "dated_after_arrival"),
        ({"closed_at": "2026-03-03T12:00:01Z"}, "dated_after_arrival"),
        ({"closed_at": "2026-03-03T12:00:00Z", "business_date": "2026-03-03"}, None),
        ({"closed_at": "2026-03-01T12:00:00Z", "business_date": "2026-03-01"}, None),
        ({"closed_at": "2026-03-01T11:59:59Z", "business_date": "2026-03-01"}, "dated_before_arrival"),
        ({"business_date": "2026-02-28"}, "dated_before_arrival"),
        ({"business_date": "2026-03-04"}, "dated_after_arrival"),
        ({"business_date": "0001-01-01"}, "dated_before_arrival"),
        ({"closed_at": "9999-12-31T23:59:59Z", "business_date": "9999-12-31"}, "dated_after_arrival"),
        ({"timezone": "Nowhere/At_all"}, None),
        ({"timezone": "../../etc/passwd"}, None),
    ],
)
def test_a_report_dated_more_than_a_day_from_its_arrival_is_kept_and_marked(
    till: Till, dates: Json, code: str | None
) -> None:
    answer = till.send(till.z(**dates))
    assert (answer.status_code, answer.json()["result"]) == (201, "created")
    assert found(till) == ({code: ([1], 1)} if code else {})


def test_the_mark_of_a_running_day_goes_with_the_report_that_had_it(till: Till) -> None:
    period = "11111111-2222-4333-8444-555555555555"
    wrong, right = (
        sealed({**till.x(revision, period), "taken_at": taken_at})
        for revision, taken_at in ((1, "2031-01-01T00:00:00Z"), (2, "2026-03-02T12:00:00Z"))
    )
    till.send(wrong)
    assert found(till) == {"dated_after_arrival": ([], 1)}
    till.send(right)
    assert found(till) == {}


def test_counters_that_a_restore_left_behind_are_named_and_catch_up(postgres_url: str) -> None:
    database = databases.postgresql_database(postgres_url)
    migrate(database)
    for name in ("first", "second"):
        users.create_user(database, f"{name}-counted@example.com", "Ana", "a long walk by the sea")
    with database.connection_context():
        databases.run_sql(database, "SELECT setval('audit_entry_id_seq', 1, false)")
    checked = administration.check(database)
    assert not checked.ok
    assert [one.name for one in checked.findings if one.code == "sequence_behind"] == ["audit_entry.id"]
    sequences.catch_up(database)
    with database.connection_context():
        assert sequences.behind(database) == []
    users.create_user(database, "third-counted@example.com", "Ana", "a long walk by the sea")
    sequences.catch_up(database)
    databases.close(database)


def test_mails_that_wait_or_were_given_up_are_named_with_the_cause(tmp_path: Path) -> None:
    home = tmp_path / "cloud"
    run(
        home,
        "user",
        "create",
        "--email",
        "a@example.com",
        "--name",
        "A",
        "--password-stdin",
        given="a long walk by the sea",
    )
    database = databases.sqlite_database(home / "cloud.db")
    mail = Letter("password_changed", "a@example.com", "Hola", "Hola")
    with database.connection_context():
        account = Account.select().get(database)
        for number in range(3):
            outbox.put(database, mail, account.id, f"2026-01-0{number + 1}", "2027")
        for state, cause in (("sent", None), ("given_up", "550 5.1.1 nobody")):
            one = StoredLetter.select().where(StoredLetter.state == "waiting").get(database).id
            StoredLetter.update(state=state, cause=cause).where(StoredLetter.id == one).execute(database)
    databases.close(database)
    checked = run(home, "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "a@example.com: 1 mail to send" in checked.stdout
    assert "a@example.com: 1 mail given up. 550 5.1.1 nobody" in checked.stdout
    findings = json.loads(run(home, "check", "--json").stdout)["findings"]
    assert {(it["code"], it["count"], it["cause"]) for it in findings} == {
        ("letter_given_up", 1, "550 5.1.1 nobody"),
        ("letter_waits", 1, ""),
    }
