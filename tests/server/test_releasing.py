"""A terminal changes hands: its owner releases it, another account assigns it, and each sees its own days."""

import uuid
from functools import partial

import pytest

from factorypos_tui.server.domain.received import Delivery, put_to_rest
from factorypos_tui.server.errors import Busy
from factorypos_tui.server.storage.tables import AuditEntry, Terminal
from tests.server.racing import at_once
from tests.server.shop import Json, Owner, Till, assert_problem


@pytest.fixture
def till(owner: Owner) -> Till:
    """It has sent Z 1 and 2 and is released."""
    till = owner.assign(owner.store())
    till.send_all([till.z(1), till.z(2)])
    assert owner.call("DELETE", f"/terminals/{till.id}?release=true").status_code == 204
    return till


def known(owner: Owner, terminal: str, store: str | None = None) -> Json:
    answer = owner.call("GET", f"/stores/{store or owner.store()}/terminals/{terminal}")
    assert answer.status_code == 200, answer.text
    document: Json = answer.json()
    return document


def test_what_the_cloud_has_of_a_terminal_is_known_before_it_is_assigned(owner: Owner) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    assert_problem(owner.call("GET", f"/stores/{store}/terminals/{terminal}"), 404, "not_found")
    till = owner.assign(store, terminal)
    nothing: Json = {"last_z_number": None, "missing_z_numbers": []}
    answer = known(owner, terminal, store)
    assert answer.pop("store")["id"] == store
    assert answer == {**nothing, "same_account": True}
    till.send_all([till.z(3), till.z(6)])
    other = owner.store()
    till.call("DELETE", "/terminals/current")
    answer = known(owner, terminal, other)
    assert answer.pop("store")["id"] == store
    assert answer == {"last_z_number": 6, "missing_z_numbers": [4, 5], "same_account": True}
    stranger = owner.shop.owner()
    assert known(stranger, terminal) == {**nothing, "store": None, "same_account": False}
    assert_problem(stranger.call("GET", f"/stores/{store}/terminals/{terminal}"), 404, "not_found")


def test_whether_a_terminal_elsewhere_is_in_the_same_account_is_told(owner: Owner) -> None:
    till = owner.assign(owner.store())
    mine = assert_problem(owner.ask_to_assign(owner.store(), till.id), 409, "terminal_elsewhere")
    assert mine["same_account"] is True
    stranger = owner.shop.owner()
    for move in (False, True):
        answer = stranger.ask_to_assign(stranger.store(), till.id, move=move)
        assert assert_problem(answer, 409, "terminal_elsewhere")["same_account"] is False


def test_a_released_terminal_can_be_assigned_by_another_account(owner: Owner, till: Till) -> None:
    assert_problem(till.send(till.z(3)), 401, "terminal_revoked")
    stranger = owner.shop.owner()
    store = stranger.store()
    assert_problem(stranger.call("GET", f"/stores/{store}/terminals/{till.id}"), 404, "not_found")
    theirs = stranger.assign(store, till.id)
    assert theirs.send(theirs.z(3)).status_code == 201
    assert known(stranger, till.id)["last_z_number"] == 3
    answer = owner.ask_to_assign(owner.store(), till.id, move=True)
    assert assert_problem(answer, 409, "terminal_elsewhere")["same_account"] is False
    assert known(owner, till.id) == {
        "store": None, "last_z_number": 2, "missing_z_numbers": [], "same_account": False,
    }  # fmt: skip
    assert_problem(owner.call("DELETE", f"/terminals/{till.id}?release=true"), 404, "not_found")


def test_who_released_a_terminal_can_assign_it_again(owner: Owner, till: Till) -> None:
    assert known(owner, till.id)["same_account"] is True
    again = owner.assign(owner.store(), till.id)
    assert [held["z_number"] for held in again.call("GET", "/reports").json()["items"]] == [1, 2]
    assert owner.call("DELETE", f"/terminals/{till.id}?release=true").status_code == 204


def test_one_that_was_disconnected_is_released_too(owner: Owner) -> None:
    till = owner.assign(owner.store())
    till.send(till.z(1))
    till.call("DELETE", "/terminals/current")
    assert_problem(owner.shop.owner().call("DELETE", f"/terminals/{till.id}?release=true"), 404, "not_found")
    for status in (204, 404):
        assert owner.call("DELETE", f"/terminals/{till.id}?release=true").status_code == status
    database = owner.shop.cloud.database
    with database.connection_context():
        query = AuditEntry.select().where(AuditEntry.subject.startswith(till.id)).order_by(AuditEntry.id)
        assert [entry.action for entry in query.bind(database)] == [
            "terminal.assigned", "terminal.revoked", "terminal.released",
        ]  # fmt: skip


def test_old_reports_stay_with_the_old_account(owner: Owner) -> None:
    old = owner.assign(owner.store())
    day = str(uuid.uuid4())
    reports = [old.z(1), old.z(2), old.x(1, day)]
    old.send_all(reports)
    owner.call("DELETE", f"/terminals/{old.id}?release=true")
    stranger = owner.shop.owner()
    new = stranger.assign(stranger.store(), old.id)
    assert new.call("GET", "/reports").json()["items"] == []
    assert new.call("GET", "/reports?kind=X").json()["items"] == []
    assert new.call("GET", "/terminals/current").json()["last_z_number"] is None
    assert stranger.call("GET", f"/stores/{new.store}/terminals").json()["items"][0]["last_z_number"] is None
    for report in reports:
        assert_problem(new.call("GET", f"/reports/{report['report_id']}"), 404, "not_found")
        assert_problem(new.send(report), 403, "report_elsewhere")
    changed = new.z(1, period=reports[0]["period_id"], net=9999)
    assert_problem(new.send(changed), 403, "report_elsewhere")
    answers = new.send_all([*reports, new.x(2, day), new.z(7), new.z(9)]).json()["results"]
    assert [answer.get("code") or answer["result"] for answer in answers] == [
        *["report_elsewhere"] * 4, "created", "created",
    ]  # fmt: skip
    assert answers[-1]["missing_z_numbers"] == [8]
    figures = stranger.call("GET", f"/stores/{new.store}/figures").json()["items"]
    assert [day["z_reports"] for day in figures] == [2]
    figures = owner.call("GET", f"/stores/{old.store}/figures").json()["items"]
    assert [day["z_reports"] for day in figures] == [2]


def test_an_x_of_a_day_that_the_old_account_has_closed_stays_with_it(owner: Owner) -> None:
    old, day = owner.assign(owner.store()), str(uuid.uuid4())
    x = old.x(1, day)
    old.send_all([x, old.z(1, day)])
    old.send(old.x(1, str(uuid.uuid4())))
    owner.call("DELETE", f"/terminals/{old.id}?release=true")
    stranger = owner.shop.owner()
    new = stranger.assign(stranger.store(), old.id)
    assert_problem(new.send(x), 403, "report_elsewhere")


def test_a_gap_that_another_account_fills_is_none(owner: Owner) -> None:
    old = owner.assign(owner.store())
    old.send_all([old.z(2), old.z(9)])
    owner.call("DELETE", f"/terminals/{old.id}?release=true")
    stranger = owner.shop.owner()
    new = stranger.assign(stranger.store(), old.id)
    new.send(new.z(1))
    assert new.send(new.z(4)).json()["missing_z_numbers"] == [3]


def test_another_day_with_a_number_of_the_old_account_is_a_conflict_that_gives_nothing_away(
    owner: Owner, till: Till
) -> None:
    stranger = owner.shop.owner()
    new = stranger.assign(stranger.store(), till.id)
    other = new.z(1, net=7700)
    assert_problem(new.send(other), 409, "report_conflict")
    assert stranger.next_letter()
    assert not owner.has_letters()
    assert [held["z_number"] for held in new.call("GET", "/reports").json()["items"]] == []


def test_two_accounts_racing_for_a_released_terminal_leave_one_winner(owner: Owner, till: Till) -> None:
    rivals = [owner.shop.owner(), owner.shop.owner()]
    stores = [rival.store() for rival in rivals]
    pairs = zip(rivals, stores, strict=True)
    answers = at_once([partial(rival.ask_to_assign, store, till.id) for rival, store in pairs])
    assert sorted(answer.status_code for answer in answers) == [200, 409]


def test_a_call_under_way_while_the_terminal_changes_hands_stores_nothing(owner: Owner, till: Till) -> None:
    database = owner.shop.cloud.database
    with database.connection_context():
        before = Terminal.select().where(Terminal.id == till.id).get(database)
        stranger = owner.shop.owner()
        stranger.assign(stranger.store(), till.id)
        with pytest.raises(Busy, match="Nothing was stored"):  # the next try finds its token ended
            put_to_rest(owner.shop.cloud, Delivery(before, None, []))
