"""The X of a running day: a newer one takes its place, and the Z of its period ends it."""

import uuid

from tests.server.shop import Owner, Till, assert_problem


def test_a_newer_x_replaces_an_older_one_which_is_stale_after_it(till: Till) -> None:
    period = str(uuid.uuid4())
    results = [
        till.send(till.x(revision, period, net=revision * 100)).json()["result"] for revision in (1, 3, 2)
    ]
    assert results == ["created", "replaced", "stale"]
    held = till.call("GET", f"/reports/{till.x(1, period)['report_id']}").json()
    assert held["revision"] == 3


def test_an_x_after_the_z_of_its_period_is_stale(till: Till) -> None:
    period = str(uuid.uuid4())
    x = till.x(1, period)
    till.send(x)
    till.send(till.z(1, period))
    assert till.send(till.x(2, period)).json()["result"] == "stale"
    assert till.send(x).json()["result"] == "unchanged"


def xs_of(till: Till) -> set[str]:
    return {item["report_id"] for item in till.call("GET", "/reports?kind=X").json()["items"]}


def test_a_terminal_has_one_x_however_many_periods_it_has_closed(till: Till) -> None:
    for number in range(1, 5):
        period = str(uuid.uuid4())
        x = till.x(1, period)
        assert till.send(x).json()["result"] == "created"
        assert xs_of(till) == {x["report_id"]}
        till.send(till.z(number, period))
        assert till.call("GET", f"/reports/{x['report_id']}").json() == x


def test_the_x_of_a_period_whose_z_is_missing_stays_beside_the_next(owner: Owner, till: Till) -> None:
    xs = [till.x(1, str(uuid.uuid4()), net=net) for net in (100, 200)]
    for x in xs:
        till.send(x)
    assert xs_of(till) == {x["report_id"] for x in xs}
    (day,) = owner.call("GET", f"/stores/{till.store}/figures").json()["items"]
    assert (day["totals"]["net"], day["z_reports"]) == (300, 0)


def test_an_x_that_was_contradicted_stays_until_the_owner_has_decided(till: Till) -> None:
    period = str(uuid.uuid4())
    x, other = till.x(1, period), till.x(1, period, net=5)
    till.send(x)
    assert_problem(till.send(other), 409, "report_conflict")
    till.send(till.z(1, period))
    till.send(till.x(1, str(uuid.uuid4())))
    place = f"/reports/{x['report_id']}"
    assert till.call("GET", place).json() == x
    choice = {"content_hash": other["content_hash"]}
    assert till.call("PUT", f"{place}/settlement", json=choice).json()["conflict"] == "settled"
    assert till.call("GET", place).json() == other


def test_the_same_revision_of_an_x_with_other_content_is_a_conflict(owner: Owner, till: Till) -> None:
    period = str(uuid.uuid4())
    till.send(till.x(1, period))
    assert_problem(till.send(till.x(1, period, net=5)), 409, "report_conflict")
    assert "X" in owner.next_letter().get_content()
