"""The owner or the till decides which of two reports counts, and can take that back."""

import itertools
import json
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from factorypos_tui.server.ops import conflicts
from factorypos_tui.server.ops.administration import AdministrationError
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.migrating import migrate
from factorypos_tui.server.storage.tables import Conflict
from tests.server.older import AT, TILL, Older
from tests.server.shop import Json, Owner, Shop, Till, assert_problem
from tests.server.test_commands import run


def clash(till: Till, same_period: bool = True) -> tuple[Json, Json]:
    """What is held as Z 4, and what came after it."""
    period = str(uuid.uuid4())
    held = till.z(4, period, net=1210)
    other = till.z(4, period if same_period else str(uuid.uuid4()), net=999, business_date="2026-03-01")
    till.send(held)
    assert_problem(till.send(other), 409, "report_conflict")
    return held, other


def listed(till: Till) -> list[tuple[str, str | None]]:
    items = till.call("GET", "/reports?kind=Z").json()["items"]
    return [(item["content_hash"], item["conflict"]) for item in items]


@pytest.mark.parametrize("same_period", [True, False])
def test_the_owner_has_the_other_one_stand_and_the_figures_follow(
    owner: Owner, till: Till, same_period: bool
) -> None:
    held, other = clash(till, same_period)
    path = f"/reports/{held['report_id']}/settlement"
    answer = owner.call("PUT", path, json={"content_hash": other["content_hash"]})
    assert answer.status_code == 200
    assert answer.json() == {
        "report_id": other["report_id"],
        "content_hash": other["content_hash"],
        "conflict": "settled",
    }
    assert listed(till) == [(other["content_hash"], "settled")]
    assert till.call("GET", f"/reports/{other['report_id']}").json() == other
    (day,) = owner.call("GET", f"/stores/{till.store}/figures").json()["items"]
    assert (day["date"], day["totals"]["net"]) == ("2026-03-01", 999)
    assert owner.call("DELETE", f"/reports/{other['report_id']}/settlement").status_code == 200
    assert listed(till) == [(held["content_hash"], "open")]
    assert till.call("GET", f"/reports/{held['report_id']}").json() == held
    (day,) = owner.call("GET", f"/stores/{till.store}/figures").json()["items"]
    assert day["totals"]["net"] == 1210


def test_another_choice_needs_no_taking_back(owner: Owner, till: Till) -> None:
    held, other = clash(till)
    third = till.z(4, held["period_id"], net=5)
    till.send(third)
    path = f"/reports/{held['report_id']}/settlement"
    for chosen in (other, third, held, third):
        assert owner.call("PUT", path, json={"content_hash": chosen["content_hash"]}).status_code == 200
        assert listed(till) == [(chosen["content_hash"], "settled")]
    owner.call("DELETE", path)
    assert listed(till) == [(held["content_hash"], "open")]


def test_nobody_else_may(shop: Shop, till: Till) -> None:
    held, other = clash(till)
    stranger = shop.owner()
    path, form = f"/reports/{held['report_id']}/settlement", {"content_hash": other["content_hash"]}
    neighbour = stranger.assign(stranger.store())
    for caller in (stranger, neighbour):
        assert_problem(caller.call("PUT", path, json=form), 404, "not_found")
        assert_problem(caller.call("DELETE", path), 404, "not_found")
    assert_problem(shop.http.put(f"/v1{path}", json=form), 401, "unauthorized")
    assert listed(till) == [(held["content_hash"], "open")]


def test_a_choice_that_would_take_the_place_of_a_third_report_is_refused(owner: Owner, till: Till) -> None:
    first, second = till.z(4), till.z(5)
    till.send_all([first, second])
    both = till.z(5, first["period_id"], net=3)  # the id of one, the number of the other
    assert_problem(till.send(both), 409, "report_conflict")
    path = f"/reports/{first['report_id']}/settlement"
    assert_problem(
        owner.call("PUT", path, json={"content_hash": both["content_hash"]}), 409, "report_conflict"
    )
    assert listed(till) == [(first["content_hash"], "open"), (second["content_hash"], None)]


def test_the_administrator_lists_and_settles(shop: Shop, till: Till) -> None:
    held, other = clash(till)
    database = shop.cloud.database
    (found,) = (
        c for c in conflicts.list_conflicts(database, settled_too=False) if c.terminal["id"] == till.id
    )
    assert (found.content_hash, found.other_hash) == (held["content_hash"], other["content_hash"])
    assert conflicts.accept(database, held["report_id"], None) == held["content_hash"]
    assert listed(till) == [(held["content_hash"], "settled")]
    assert till.id not in {c.terminal["id"] for c in conflicts.list_conflicts(database, settled_too=False)}
    conflicts.take_back(database, held["report_id"])
    assert conflicts.accept(database, held["report_id"], other["content_hash"]) == other["content_hash"]
    for listed_as in (held["content_hash"][:12], other["content_hash"][:12].upper()):
        assert conflicts.accept(database, held["report_id"], listed_as).startswith(listed_as.lower())
    first_letter = held["content_hash"][0]
    more = (till.z(4, held["period_id"], net=net) for net in itertools.count(1))
    till.send(next(report for report in more if report["content_hash"].startswith(first_letter)))
    with pytest.raises(AdministrationError, match="Several"):
        conflicts.accept(database, held["report_id"], first_letter)
    with pytest.raises(AdministrationError, match="No report"):
        conflicts.accept(database, held["report_id"], "no hash begins so")
    with pytest.raises(AdministrationError):
        conflicts.accept(database, str(uuid.uuid4()), None)


def test_conflicts_from_before_are_joined_to_what_holds_their_place(older: Callable[[int], Older]) -> None:
    """A database of version 3 knew the document of a conflict only."""
    before, held = older(3), TILL.z(7)
    before.add_report(held)
    before.add_conflict(TILL.z(7, net=9))
    migrate(before.database)
    rows = Conflict.select().execute(before.database)
    assert [(row.held_id, row.settled_at) for row in rows] == [(held["report_id"], None)]


def test_the_commands_say_where_there_is_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run(home, "user", "create", "--email", "a@example.com", "--name", "A", "--password-stdin", given="x" * 20)
    found = run(home, "conflict", "list")
    assert (found.returncode, found.stderr) == (0, "There is no conflict here.\n")
    assert json.loads(run(home, "conflict", "list", "--all", "--json").stdout) == {"items": []}
    nothing = run(home, "conflict", "accept", str(uuid.uuid4()))
    assert nothing.returncode == 1
    assert "no conflict" in nothing.stderr


def test_when_a_conflict_was_settled_is_told_on_the_clock_of_the_place(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database, held = databases.sqlite_database(home / "cloud.db"), TILL.z(7)
    with database.connection_context():
        before = Older.of_version(14, database)
        before.add_report(held)
        before.add_conflict(TILL.z(7, net=9), held_id=held["report_id"], settled_at=AT)
    databases.close(database)
    listed = run(home, "conflict", "list", "--all").stdout
    assert "2 Mar 2026 13:00" in listed
    assert "T12:00" not in listed
