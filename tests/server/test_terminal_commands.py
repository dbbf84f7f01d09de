"""`cloud terminal …`: a terminal changes hands at the host, by real processes."""

import json
import uuid
from pathlib import Path

import httpx
import pytest

from tests.server.servers import server
from tests.server.test_commands import PASSWORD, run

TERMINAL = str(uuid.uuid4())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A cloud without anything in it."""
    return tmp_path / "home"


def assign(address: str, email: str) -> httpx.Response:
    """Log in and assign the terminal to a new store."""
    with httpx.Client(base_url=f"{address}/v1", trust_env=False) as http:
        opened = http.post("/sessions", json={"email": email, "password": PASSWORD}).json()
        http.headers["Authorization"] = f"Bearer {opened['token']}"
        form: dict[str, object] = {"name": "Bar", "country": "ES", "currency": "EUR"}
        company = http.post("/companies", json=form).json()["id"]
        store = http.post(f"/companies/{company}/stores", json={"name": "Uno", "timezone": "UTC"}).json()[
            "id"
        ]
        form = {"name": "Till", "software": "test", "move": True}
        return http.put(f"/stores/{store}/terminals/{TERMINAL}", json=form)


def listed(home: Path) -> list[tuple[str, bool, bool]]:
    items = json.loads(run(home, "terminal", "list", "--json").stdout)["items"]
    return [(item["account"], bool(item["revoked_at"]), bool(item["released_at"])) for item in items]


def test_a_released_terminal_goes_to_another_account(home: Path) -> None:
    assert "There is no FactoryCLOUD" in run(home, "terminal", "list").stderr
    for email in ("a@b.example", "c@d.example"):
        run(home, "user", "create", "--email", email, "--name", "A", "--password-stdin", given=PASSWORD)
    assert "There is no terminal" in run(home, "terminal", "list").stderr
    with server(home) as address:
        assert assign(address, "a@b.example").status_code == 201
        refused = assign(address, "c@d.example")
        assert (refused.status_code, refused.json()["same_account"]) == (409, False)
        table = run(home, "terminal", "list").stdout
        assert all(words in table for words in (TERMINAL, "a@b.example", "Uno (Bar)", "assigned"))
        assert run(home, "terminal", "release", TERMINAL).returncode == 0
        assert listed(home) == [("a@b.example", True, True)]
        for once_more in ("release", "revoke"):
            again = run(home, "terminal", once_more, TERMINAL.upper())
            assert (again.returncode, "released already" in again.stderr) == (1, True)
        assert assign(address, "c@d.example").status_code == 200
        assert run(home, "terminal", "revoke", TERMINAL).returncode == 0
        assert listed(home) == [("c@d.example", True, False)]
        assert run(home, "terminal", "revoke", TERMINAL).returncode == 0, "once more, to keep it out"
    unknown = run(home, "terminal", "release", str(uuid.uuid4()))
    assert (unknown.returncode, "There is no terminal" in unknown.stderr) == (1, True)
    assert run(home, "terminal", "release", "nonsense").returncode == 2


def test_the_host_lists_whose_each_company_is_and_which_are_closed(home: Path) -> None:
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    assert "There is no company" in run(home, "company", "list").stderr
    with server(home) as address:
        assigned = assign(address, "a@b.example").json()
        table = run(home, "company", "list").stdout
        assert all(words in table for words in (assigned["company"]["id"], "Bar", "a@b.example", "open"))
        with httpx.Client(base_url=f"{address}/v1", trust_env=False) as http:
            opened = http.post("/sessions", json={"email": "a@b.example", "password": PASSWORD}).json()
            http.headers["Authorization"] = f"Bearer {opened['token']}"
            closed = http.put(f"/companies/{assigned['company']['id']}/closed", json={"name": "Bar"})
            assert closed.status_code == 204
        (found,) = json.loads(run(home, "company", "list", "--json").stdout)["items"]
        assert (found["account"], found["owners"]) == ("a@b.example", ["a@b.example"])
        assert (found["members"], found["stores"], found["terminals"]) == (1, 1, 0)
        assert found["closed_at"] < found["deleted_from"]
        assert "closed; deleted from" in run(home, "company", "list").stdout


def test_a_code_made_at_the_host_brings_a_terminal(home: Path) -> None:
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    with server(home) as address:
        store = assign(address, "a@b.example").json()["store"]["id"]
        (assigned,) = run(home, "audit", "--action", "terminal.assigned").stdout.splitlines()[1:]
        assert "a@b.example" in assigned
        assert f"{TERMINAL} to store {store}" in assigned
        assert "There is no enrolment code" in run(home, "enrol-code", "list").stderr
        made = run(home, "enrol-code", "create", "--store", store, "--uses", "2", "--name", "Opening")
        assert "Good for 2 terminals until" in made.stderr
        assert run(home, "enrol-code", "create", "--store", "uno", "--days", "2").returncode == 0
        form = {
            "code": made.stdout.strip(),
            "terminal_id": str(uuid.uuid4()),
            "name": "Till 2",
            "software": "",
        }
        assert httpx.post(f"{address}/v1/enrolments", json=form, trust_env=False).status_code == 201
        _by_name, code = json.loads(run(home, "enrol-code", "list", "--json").stdout)["items"]
        assert (code["name"], code["uses"], code["used"], code["state"]) == ("Opening", 2, 1, "good")
        assert all(words in run(home, "enrol-code", "list").stdout for words in ("1 of 2", "Uno (Bar)"))
        assert run(home, "enrol-code", "revoke", code["id"]).returncode == 0
        assert httpx.post(f"{address}/v1/enrolments", json=form, trust_env=False).status_code == 400
    assert "revoked" in run(home, "enrol-code", "list").stdout
    for command in (("enrol-code", "create"), ("configuration", "show", "--version", "1")):
        unknown = run(home, *command, "--store", "Dos")
        assert (unknown.returncode, f"  {store}  Uno (Bar)" in unknown.stderr) == (1, True)
    assert run(home, "enrol-code", "revoke", str(uuid.uuid4())).returncode == 1
