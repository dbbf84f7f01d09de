"""Reports of many callers share a commit: each is answered for itself, once it is durable, and kept once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import httpx
import pytest
from peewee import Database, IntegrityError, SqliteDatabase

from factorypos_tui.server.domain.cloud import TRANSACTIONS, Cloud
from factorypos_tui.server.domain.received import Delivery, put_to_rest
from factorypos_tui.server.errors import Revoked
from factorypos_tui.server.storage import shared
from factorypos_tui.server.storage.database import run_sql
from factorypos_tui.server.storage.report_tables import ZReport
from factorypos_tui.server.storage.shared import SharedTransactions
from factorypos_tui.server.storage.tables import Terminal
from tests.server.shop import Owner, assert_problem
from tests.support.waiting import eventually


class Work:
    """Writes words into a table; the first transaction is held until it may go on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.groups: list[list[str]] = []
        self.begun, self.may_go_on = threading.Event(), threading.Event()

    def __call__(self, words: Sequence[str], _is_alone: bool) -> list[str | None]:
        self.groups.append(list(words))
        for word in words:
            run_sql(self.database, "INSERT INTO word VALUES (" + self.database.param + ")", word)
        self.begun.set()
        self.may_go_on.wait(30)
        return [word.upper() for word in words]


@pytest.fixture
def work(database: Database) -> Iterator[Work]:
    with database.connection_context():
        run_sql(database, "CREATE TABLE word (word TEXT PRIMARY KEY)")
    yield Work(database)
    with database.connection_context():
        run_sql(database, "DROP TABLE word")


def words(database: Database) -> list[str]:
    with database.connection_context():
        return [word for (word,) in run_sql(database, "SELECT word FROM word ORDER BY word")]


@contextmanager
def behind_the_first(work: Work, *after: str) -> Iterator[dict[str, Future[str]]]:
    """One caller has begun and is held, the others wait behind it; on the way out it goes on."""
    sharing: SharedTransactions[str, str] = SharedTransactions(work.database, 1)
    with ThreadPoolExecutor(len(after) + 1) as callers:
        carry_out = partial(sharing.carry_out, work)
        answers = {"first": callers.submit(carry_out, "first", 1)}
        work.begun.wait(30)
        for word in after:
            answers[word] = callers.submit(carry_out, word, 1)
            eventually(lambda: sharing._waiting and sharing._waiting[-1].piece == word)  # noqa: B023
        yield answers
        work.may_go_on.set()


def test_those_who_come_while_one_commits_share_the_next_commit(work: Work) -> None:
    with behind_the_first(work, "b", "c", "d") as answers:
        pass
    assert work.groups == [["first"], ["b", "c", "d"]]
    assert {word: answer.result() for word, answer in answers.items()} == {
        word: word.upper() for word in ("first", "b", "c", "d")
    }
    assert words(work.database) == ["b", "c", "d", "first"]


def test_one_that_fails_spoils_no_other(work: Work) -> None:
    with behind_the_first(work, "b", "first", "d") as answers:  # the word is there already
        twice = answers["first"]
    assert work.groups[:2] == [["first"], ["b", "first", "d"]]
    assert (answers["b"].result(), answers["d"].result()) == ("B", "D")
    with pytest.raises(IntegrityError):
        twice.result()
    assert words(work.database) == ["b", "d", "first"]


def test_one_that_is_left_out_is_carried_out_alone(work: Work) -> None:
    def leaving_out(pieces: Sequence[str], is_alone: bool) -> list[str | None]:
        taken = [word for word in pieces if is_alone or word != "c"]
        answers = dict(zip(taken, work(taken, is_alone), strict=True))
        return [answers.get(word) for word in pieces]

    sharing: SharedTransactions[str, str] = SharedTransactions(work.database, 1)
    with ThreadPoolExecutor(3) as callers:
        first = callers.submit(sharing.carry_out, leaving_out, "first", 1)
        work.begun.wait(30)
        others = [callers.submit(sharing.carry_out, leaving_out, word, 1) for word in ("b", "c")]
        eventually(lambda: len(sharing._waiting) == 2)
        work.may_go_on.set()
    assert [it.result() for it in (first, *others)] == ["FIRST", "B", "C"]
    assert sorted(work.groups) == [["b"], ["c"], ["first"]]
    assert words(work.database) == ["b", "c", "first"]


def test_a_transaction_holds_no_more_than_it_may(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "MOST_WEIGHT", 2)
    with behind_the_first(work, "b", "c", "d"):
        pass
    assert work.groups == [["first"], ["b", "c"], ["d"]]


@contextmanager
def all_wait(cloud: Cloud, calls: int) -> Iterator[ThreadPoolExecutor]:
    """So many calls, made inside, wait for one commit, since all who may commit are held until the end."""
    may_go_on = threading.Event()

    def hold(pieces: Sequence[str], _is_alone: bool) -> Sequence[str]:
        may_go_on.wait(30)
        return pieces

    with ThreadPoolExecutor(calls + TRANSACTIONS) as callers:
        for _ in range(cloud.arrivals._free):
            callers.submit(cloud.arrivals.carry_out, hold, "held", 1)
        eventually(lambda: cloud.arrivals._free == 0)
        yield callers
        eventually(lambda: len(cloud.arrivals._waiting) == calls)
        may_go_on.set()


def test_refusals_among_reports_that_share_a_commit_spoil_no_other(owner: Owner) -> None:
    cloud, store, other = owner.shop.cloud, owner.store(), owner.store()
    revoked, clashing, elsewhere, *sound = (owner.assign(store) for _ in range(10))
    clashing.send(first := clashing.z(1))
    with cloud.database.connection_context():
        before = Terminal.select().where(Terminal.id == revoked.id).get(cloud.database)
    assert owner.call("DELETE", f"/terminals/{revoked.id}").status_code == 204
    calls: dict[str, Callable[[], httpx.Response]] = {
        "clash": partial(clashing.send, clashing.z(1, net=5)),
        "again": partial(clashing.send, first),
        "elsewhere": partial(elsewhere.send_all, [elsewhere.z(1)], store=other),
        **{till.id: partial(till.send, till.z(1)) for till in sound},
    }
    with all_wait(cloud, len(calls) + 1) as callers:
        answers = {name: callers.submit(call) for name, call in calls.items()}
        too_late = callers.submit(put_to_rest, cloud, Delivery(before, None, []))
    told = {name: answer.result() for name, answer in answers.items()}
    assert isinstance(too_late.exception(), Revoked)
    assert_problem(told["clash"], 409, "report_conflict")
    assert told["again"].json()["result"] == "unchanged"
    assert_problem(told["elsewhere"], 403, "store_not_assigned")
    for till in sound:
        assert told[till.id].json()["result"] == "created"
        assert len(till.call("GET", "/reports").json()["items"]) == 1


def test_a_terminal_that_is_held_holds_up_no_other(owner: Owner) -> None:
    """On PostgreSQL another process may lock one terminal; SQLite has no locks of rows."""
    database = owner.shop.cloud.database
    if isinstance(database, SqliteDatabase):
        pytest.skip("SQLite locks no rows")
    store = owner.store()
    held, *others = (owner.assign(store) for _ in range(6))
    with ThreadPoolExecutor(4) as callers:
        with database.connection_context(), database.atomic():
            run_sql(database, "SELECT id FROM terminal WHERE id = %s FOR UPDATE", held.id)
            waiting = [callers.submit(held.send, held.z(number)) for number in (1, 2, 3)]
            answered = [till.send(till.z(1)).status_code for till in others]
            assert answered == [201] * 5
            assert not any(it.done() for it in waiting)
        assert [it.result().status_code for it in waiting] == [201] * 3


def test_reports_of_one_terminal_in_one_commit_find_each_other(owner: Owner) -> None:
    till = owner.assign(owner.store())
    cloud = owner.shop.cloud
    rivals = [till.z(1, net=net) for net in (100, 200, 300)]
    with all_wait(cloud, 3) as callers:
        answers = [callers.submit(till.send, rival) for rival in rivals]
    assert sorted(answer.result().status_code for answer in answers) == [201, 409, 409]
    with cloud.database.connection_context():
        assert ZReport.select().where(ZReport.terminal_id == till.id).count(cloud.database) == 1
