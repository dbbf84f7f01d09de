"""Who watches figures hears of each report at once, and nobody else does."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import ExitStack

import httpx
import pytest

from factorypos_tui.server import errors
from factorypos_tui.server.live import listeners
from factorypos_tui.server.live.listeners import Listener, Listeners, Sign
from factorypos_tui.server.ops import users
from tests.server.shop import Json, Owner, Shop, Till, assert_problem, sealed
from tests.server.watching import watching
from tests.support.waiting import eventually


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign of life comes soon, so that a test can see that nothing else did."""
    monkeypatch.setattr(listeners, "BEAT_SECONDS", 0.2)


def at(shop: Shop) -> str:
    return str(shop.http.base_url)


def one_z(till: Till) -> httpx.Response:
    return till.send(till.z())


def one_x(till: Till) -> httpx.Response:
    return till.send(till.x(0, str(uuid.uuid4())))


def a_newer_x(till: Till) -> httpx.Response:
    period = str(uuid.uuid4())
    return till.send_all([till.x(0, period), till.x(1, period)])


def a_batch(till: Till) -> httpx.Response:
    return till.send_all([till.z(number) for number in range(1, 4)])


@pytest.mark.parametrize("about", ["store", "company", "all"])
@pytest.mark.parametrize("send", [one_z, one_x, a_newer_x, a_batch])
def test_who_watches_hears_of_a_report(
    shop: Shop, owner: Owner, about: str, send: Callable[[Till], httpx.Response]
) -> None:
    company = owner.company()
    till = owner.assign(owner.store(company))
    asked = {"store": {"store": till.store}, "company": {"company": company}, "all": {}}[about]
    with watching(at(shop), owner.token, **asked) as stream:
        assert send(till).status_code in (200, 201)
        assert stream.next_event() == "figures"


@pytest.mark.usefixtures("beats")
def test_of_another_store_or_company_nothing_is_heard(shop: Shop, owner: Owner) -> None:
    till, other = owner.assign(owner.store()), owner.company()
    stranger = shop.owner()
    with ExitStack() as opened:
        mine = opened.enter_context(watching(at(shop), owner.token, store=till.store))
        others = [
            opened.enter_context(watching(at(shop), owner.token, store=owner.store(other))),
            opened.enter_context(watching(at(shop), owner.token, company=other)),
            opened.enter_context(watching(at(shop), stranger.token)),
        ]
        one_z(till)
        assert mine.next_event() == "figures"
        assert [stream.next() for stream in others for _ in range(2)] == ["ping"] * 6


@pytest.mark.usefixtures("beats")
def test_what_changes_nothing_is_not_told(shop: Shop, owner: Owner, till: Till) -> None:
    report = till.z()
    till.send(report)
    with watching(at(shop), owner.token, store=till.store) as stream:
        assert till.send(report).json()["result"] == "unchanged"
        assert [stream.next() for _ in range(2)] == ["ping"] * 2
        assert till.send(sealed({**report, "close_reason": "auto"})).status_code == 409
        assert stream.next_event() == "figures"


def test_a_settled_conflict_is_told(shop: Shop, owner: Owner, till: Till) -> None:
    report = till.z()
    other = sealed({**report, "close_reason": "auto"})
    till.send_all([report, other])
    with watching(at(shop), owner.token, store=till.store) as stream:
        settlement = f"/reports/{report['report_id']}/settlement"
        chosen: Json = {"content_hash": other["content_hash"]}
        assert owner.call("PUT", settlement, json=chosen).status_code == 200
        assert stream.next_event() == "figures"
        assert owner.call("DELETE", settlement).status_code == 200
        assert stream.next_event() == "figures"


def test_streams_are_for_those_who_may_see_the_figures(shop: Shop, owner: Owner, till: Till) -> None:
    stranger, nobody = shop.owner(), Owner(shop, "", "forged")
    company = owner.company()
    for caller, about, status, code in (
        (stranger, {"store": till.store}, 404, "not_found"),
        (stranger, {"company": company}, 404, "not_found"),
        (nobody, {"store": till.store}, 401, "unauthorized"),
        (till, {"store": till.store}, 401, "unauthorized"),
        (owner, {"store": "no id"}, 422, "invalid"),
    ):
        assert_problem(ask(shop, caller, **about), status, code)
    assert_problem(shop.http.get("/events"), 401, "unauthorized")


def ask(shop: Shop, caller: Owner | Till, **about: str) -> httpx.Response:
    """Ask for a stream that is refused."""
    return shop.http.get("/events", params=about, headers={"Authorization": f"Bearer {caller.token}"})


def test_head_is_answered_and_opens_no_stream(shop: Shop, owner: Owner) -> None:
    answer = shop.http.head("/events", headers={"Authorization": f"Bearer {owner.token}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")


def test_open_streams_hold_up_no_call(shop: Shop, owner: Owner) -> None:
    with ExitStack() as opened:
        for _ in range(20):
            opened.enter_context(watching(at(shop), owner.token))
        assert owner.call("GET", "/companies").status_code == 200


def test_an_account_has_so_many_streams_and_gets_its_place_back(
    shop: Shop, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "MOST_OF_ONE", 2)
    with watching(at(shop), owner.token), watching(at(shop), owner.token):
        refused = ask(shop, owner)
        assert_problem(refused, 429, "too_many_at_once")
        assert refused.headers["retry-after"]
        with watching(at(shop), shop.owner().token):
            pass
    eventually(lambda: not len(shop.cloud.live))
    with watching(at(shop), owner.token):
        pass


def test_a_process_has_so_many_streams(shop: Shop, owner: Owner, monkeypatch: pytest.MonkeyPatch) -> None:
    eventually(lambda: not len(shop.cloud.live))
    monkeypatch.setattr(shop.cloud.live, "most", 1)
    with watching(at(shop), owner.token):
        assert_problem(ask(shop, shop.owner()), 503, "busy")


def log_out(owner: Owner) -> None:
    assert owner.call("DELETE", "/sessions/current").status_code == 204


def disable(owner: Owner) -> None:
    users.disable_user(owner.shop.cloud.database, owner.email)


@pytest.mark.parametrize("leave", [log_out, disable])
def test_the_stream_of_a_session_that_is_over_ends(
    shop: Shop, owner: Owner, leave: Callable[[Owner], None]
) -> None:
    other = shop.owner()
    till = other.assign(other.store())
    with watching(at(shop), other.token) as stays, watching(at(shop), owner.token) as stream:
        leave(owner)
        assert stream.next_event() is None
        one_z(till)
        assert stays.next_event() == "figures"


def test_a_stream_ends_after_a_while_so_that_it_is_asked_again_who_may_watch(
    shop: Shop, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "LONGEST_SECONDS", 0.1)
    monkeypatch.setattr(listeners, "BEAT_SECONDS", 0.2)
    with watching(at(shop), owner.token) as stream:
        assert stream.next_event() is None


def test_what_comes_while_one_event_waits_is_that_event() -> None:
    asyncio.run(_coalesced())


async def _coalesced() -> None:
    everyone = Listeners()
    everyone.begin()
    listener, seen = everyone.add("account", "session", frozenset({"store"})), list[Sign]()
    for _ in range(3):
        everyone.wake({"store", "company"})
    reading = asyncio.create_task(read(listener, seen))
    await asyncio.sleep(0)
    everyone.wake_all()
    everyone.end_of({listener.watch})
    await reading
    assert seen == ["figures"]
    listener.close()
    listener.close()
    assert not len(everyone)
    assert not everyone.topics
    everyone.end_all()
    with pytest.raises(errors.Busy):
        everyone.add("account", "session", frozenset())
    everyone.begin()  # the same server, started again
    everyone.add("account", "session", frozenset()).close()


async def read(listener: Listener, seen: list[Sign]) -> None:
    seen.extend([sign async for sign in listener.signs()])
