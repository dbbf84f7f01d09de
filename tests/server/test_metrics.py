"""Metrics: what monitoring reads is true, and nobody else learns that it is there."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from peewee import Database, OperationalError
from starlette.types import Message, Receive, Scope, Send

from factorypos_tui.server.api.metrics import PATH, Metrics
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.http.gate import Lanes
from factorypos_tui.server.mail import letters, outbox
from factorypos_tui.server.mail.postman import Postman
from factorypos_tui.server.security.throttle import networks
from factorypos_tui.server.serving import listen, serving
from tests.server.attacks.victim import attacked
from tests.server.shop import Shop, assert_problem
from tests.server.test_commands import run

LINE = re.compile(r'(factorycloud_\w+)\{((?:\w+="[^"\\\n]*",?)+)\} (\d+)')


@pytest.fixture(autouse=True)
def no_postman(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Postman, "start", lambda *_: None)
    monkeypatch.setattr(Postman, "stop", lambda _: None)


@contextmanager
def watched(database: Database, by: str) -> Iterator[httpx.Client]:
    """A server whose metrics these networks may read; no letter leaves it."""
    cloud = Cloud(database, Postman(lambda _: None, "cloud@example.com"), metrics=networks(by))
    with (
        listen("127.0.0.1", 0) as listener,
        serving(cloud, listener) as served,
        httpx.Client(base_url=served.listening, trust_env=False) as http,
    ):
        yield http


def figures(http: httpx.Client) -> dict[str, int]:
    answer = http.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    told = {words.split()[2] for words in lines if words.startswith("# TYPE")}
    found = [LINE.fullmatch(line) for line in lines if not line.startswith("#")]
    samples = {(m[1], re.sub(r',?pid="\d+"', "", m[2])): int(m[3]) for m in found if m}
    assert len(samples) == len(found), answer.text
    assert {name for name, _ in samples} <= told
    return {
        f"{name.removeprefix('factorycloud_')} {labels}".strip(): value
        for (name, labels), value in samples.items()
    }


def test_what_was_answered_is_counted(database: Database) -> None:
    with watched(database, "127.0.0.0/8") as http:
        form = {"email": f"{uuid.uuid4()}@example.com", "password": "a long walk by the sea", "name": "Ana"}
        account = http.post("/v1/users", json=form).json()["id"]
        assert http.get("/v1/health").status_code == 200
        assert http.get("/v1/companies").status_code == 401
        with database.connection_context():
            letter = letters.password_changed("ana@example.com", "Ana", "en", "host")
            outbox.put(database, letter, account, "2026-03-02T12:00:00.000Z", "2099-01-01T00:00:00.000Z")
            waiting = outbox.waiting(database)
        seen = figures(http)
        assert seen['answers_total status="2xx"'] == 2
        assert seen['answers_total status="4xx"'] == 1
        assert seen['turns_total lane="passwords",result="served"'] == 1
        assert seen['turns_total lane="others",result="served"'] == 1, "none for who has no token"
        assert seen['turns lane="others",state="waiting"'] == 0
        assert seen['letters state="waiting"'] == waiting > 0
        assert seen['letters state="late"'] > 0
        assert seen["database_up"] == 1
        assert seen['database_connections state="in_use"'] <= seen['database_connections state="most"']


async def test_who_leaves_before_an_answer_is_not_counted_and_a_fault_is(database: Database) -> None:
    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        if scope["path"] == "/fault":
            raise ValueError("a mistake")

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    sent: list[Message] = []
    cloud = Cloud(database, Postman(lambda _: None, ""), metrics=networks("127.0.0.1"))
    metrics = Metrics(app, cloud, Lanes())
    call = {"type": "http", "method": "GET", "path": "/left", "headers": [], "client": ("127.0.0.1", 1)}
    await metrics(call, receive, send)
    with pytest.raises(ValueError, match="a mistake"):
        await metrics({**call, "path": "/fault"}, receive, send)
    await metrics({**call, "path": PATH}, receive, send)
    text = b"".join(message.get("body", b"") for message in sent).decode()
    assert re.findall(r'answers_total\{status="(.xx)",pid="\d+"\} (\d+)', text) == [("5xx", "1")]


def test_only_who_may_ask_learns_that_there_are_any(database: Database, shop: Shop) -> None:
    nothing = assert_problem(shop.http.get("/nothing"), 404, "not_found")
    assert shop.http.get("/metrics").json() == nothing, "they are off"
    with watched(database, "192.0.2.0/24") as http:
        assert http.get("/metrics").json() == nothing
    with watched(database, "127.0.0.1") as http:
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"):
            assert http.get("/metrics", headers={name: "127.0.0.1"}).json() == nothing, "through a proxy"
        assert http.post("/metrics").json() == nothing


def test_they_are_told_while_the_database_does_not_answer(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Database) -> int:
        raise OperationalError

    monkeypatch.setattr(outbox, "waiting", fail)
    with watched(database, "127.0.0.1") as http:
        seen = figures(http)
    assert seen["database_up"] == 0
    assert not [name for name in seen if name.startswith("letters")]


def test_the_host_says_who_may_ask(tmp_path: Path) -> None:
    with (
        attacked(tmp_path / "cloud", None, "--metrics", "10.0.0.0/8, 127.0.0.1") as victim,
        httpx.Client(base_url=victim.address, trust_env=False) as http,
    ):
        assert figures(http)["database_up"] == 1
    refused = run(tmp_path / "cloud", "serve", "--metrics", "everybody")
    assert refused.returncode == 2
    assert "--metrics takes addresses and networks" in refused.stderr
