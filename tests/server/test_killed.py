"""A server that is killed while reports share a commit: what it acknowledged is there, once."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import httpx
import pytest

from tests.server.shop import PASSWORD, Json, Owner, Shop, Till
from tests.support.forked import start_cloud

TILLS, KILLS, REPORTS = 8, 3, 40


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_acknowledged_before_a_kill_is_held_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = () if kind == "sqlite" else ("--database", request.getfixturevalue("postgres_url"))
    tills: list[Till] = []
    acknowledged: dict[str, list[Json]] = {}
    for kill in range(KILLS + 1):
        process, address = start_cloud(tmp_path / "cloud", *where)
        try:
            with httpx.Client(base_url=address, timeout=60, trust_env=False) as http:
                tills = [Till(shop_at(http), it.id, it.store, it.token) for it in tills] or new_tills(http)
                for till in tills:
                    assert_held(till, acknowledged.get(till.id, []))
                if kill == KILLS:
                    break
                done: Queue[None] = Queue()
                with ThreadPoolExecutor(TILLS) as senders:
                    for till in tills:
                        senders.submit(send, till, acknowledged.setdefault(till.id, []), done)
                    for _ in range(REPORTS * (kill + 1)):
                        done.get(timeout=60)
                    process.kill()
        finally:
            process.kill()
            process.join()


def shop_at(http: httpx.Client) -> Shop:
    """A server in another process: its state and its mail are out of reach."""
    return Shop(http, None, Queue(), None)  # type: ignore[arg-type]


def new_tills(http: httpx.Client) -> list[Till]:
    form = {"email": f"ana{uuid.uuid4().hex}@example.com", "password": PASSWORD, "name": "Ana"}
    assert http.post("/v1/users", json=form).status_code == 201
    owner = Owner(shop_at(http), form["email"], http.post("/v1/sessions", json=form).json()["token"])
    store = owner.store()
    return [owner.assign(store) for _ in range(TILLS)]


def send(till: Till, acknowledged: list[Json], done: "Queue[None]") -> None:
    """One day after the other, until the server is gone; a day whose answer was lost is sent again first."""
    while True:
        report = till.z(len(acknowledged) + 1, period=period(len(acknowledged) + 1))
        try:
            answer = till.send(report)
        except httpx.TransportError:
            return
        assert answer.json()["result"] in ("created", "unchanged")
        acknowledged.append(report)
        done.put(None)


def period(number: int) -> str:
    """The same period for the same day, however often it is sent."""
    return f"00000000-0000-4000-8000-{number:012}"


def assert_held(till: Till, acknowledged: list[Json]) -> None:
    """All that was acknowledged, and at most the one whose answer was lost."""
    held, cursor = {}, ""
    while cursor is not None:
        page = till.call("GET", f"/reports?limit=200{cursor and f'&cursor={cursor}'}").json()
        for item in page["items"]:
            assert item["z_number"] not in held
            held[item["z_number"]] = item["content_hash"]
        cursor = page["next_cursor"]
    hashes = {report["z_number"]: report["content_hash"] for report in acknowledged}
    assert hashes.items() <= held.items()
    assert len(held) <= len(acknowledged) + 1
