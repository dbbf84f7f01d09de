"""`cloud configuration put`, as an administrator runs it."""

import json
from pathlib import Path

import httpx
import pytest

from tests.server.catalogue.shelves import BAR
from tests.server.servers import server
from tests.server.test_commands import PASSWORD, run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_a_configuration_is_put_by_command_and_a_wrong_one_is_not(home: Path, tmp_path: Path) -> None:
    run(home, "user", "create", "--email", "a@b.example", "--name", "A", "--password-stdin", given=PASSWORD)
    with server(home) as address, httpx.Client(base_url=f"{address}/v1", trust_env=False) as http:
        opened = http.post("/sessions", json={"email": "a@b.example", "password": PASSWORD}).json()
        http.headers["Authorization"] = f"Bearer {opened['token']}"
        company = http.post("/companies", json={"name": "C", "country": "ES", "currency": "EUR"}).json()["id"]
        store = http.post(f"/companies/{company}/stores", json={"name": "S", "timezone": "UTC"}).json()["id"]
        file = tmp_path / "catalogue.json"
        file.write_text(json.dumps(BAR, indent=1))
        put = run(home, "configuration", "put", str(file), "--store", store)
        assert (put.returncode, put.stdout) == (0, "")
        assert "It is version 1 now. Items: new: 3." in put.stderr
        assert http.get(f"/stores/{store}/configuration").content == file.read_bytes()
    wrong = json.dumps({**BAR, "taxes": [*BAR["taxes"], {"code": "T", "name": "Tax", "rate": "many"}]})
    refused = run(home, "configuration", "put", "-", "--store", store, given=wrong)
    assert refused.returncode == 1
    assert "Taxes, T, rate: It has to be a rate" in refused.stderr
    for given, words in (("{", "cannot be read"), ('{"schema_version": 2}', "schema_version")):
        refused = run(home, "configuration", "put", "-", "--store", store, given=given)
        assert (refused.returncode, words in refused.stderr) == (1, True)
    nowhere = run(home, "configuration", "put", str(file), "--store", "X")
    assert (nowhere.returncode, "There is no store X" in nowhere.stderr) == (1, True)
    assert len(json.loads(run(home, "configuration", "list", "--json").stdout)["items"]) == 1
