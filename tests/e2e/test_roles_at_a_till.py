"""Members of a company at a till: each finds what the role allows, and is told in words what it does not."""

from pathlib import Path
from typing import Any

import httpx

from tests.support.terminals import PASSWORD, Terminal, serve_cloud

OWNER, MANAGER, ACCOUNTANT = "ana@example.com", "max@example.com", "vera@example.com"


def call(address: str, token: str, path: str, form: dict[str, Any]) -> dict[str, Any]:
    """Make something by the API; gives the answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = httpx.post(f"{address}/v1{path}", json=form, headers=headers, trust_env=False, timeout=60)
    assert answer.is_success, answer.text
    made: dict[str, Any] = answer.json()
    return made


def session(address: str, email: str) -> str:
    return str(call(address, "", "/sessions", {"email": email, "password": PASSWORD})["token"])


def join(address: str, owner: str, company: str, email: str, **access: Any) -> None:
    """Make an account that accepts an invitation of the owner."""
    link = call(address, owner, f"/companies/{company}/invitations", {"email": email, **access})["link"]
    newcomer = {"email": email, "password": PASSWORD, "name": email, "invitation": link.rpartition("=")[2]}
    call(address, "", "/users", newcomer)


def chain(address: str) -> tuple[str, str]:
    """A company of two stores, which a manager of one and an accountant joined, beside a company of which
    they are no members; gives its id and that of the manager's store."""
    call(address, "", "/users", {"email": OWNER, "password": PASSWORD, "name": "Ana"})
    owner = session(address, OWNER)
    form = {"country": "ES", "currency": "EUR"}
    north, south = (call(address, owner, "/companies", {"name": it, **form})["id"] for it in ("Norte", "Sur"))
    zone = {"timezone": "Europe/Madrid"}
    centre = call(address, owner, f"/companies/{north}/stores", {"name": "Centro", **zone})["id"]
    call(address, owner, f"/companies/{north}/stores", {"name": "Puerto", **zone})
    call(address, owner, f"/companies/{south}/stores", {"name": "Playa", **zone})
    join(address, owner, north, MANAGER, role="manager", store_ids=[centre])
    join(address, owner, north, ACCOUNTANT, role="viewer")
    return north, centre


def terminals(address: str, store: str) -> list[Any]:
    """What the owner sees of the tills of a store."""
    headers = {"Authorization": f"Bearer {session(address, OWNER)}"}
    answer = httpx.get(f"{address}/v1/stores/{store}/terminals", headers=headers, trust_env=False, timeout=60)
    return list(answer.raise_for_status().json()["items"])


def log_in(till: Terminal, email: str) -> None:
    till.run("till", "init")
    till.run("login", "--email", email, "--password-stdin", stdin=PASSWORD)


def names(listed: Any) -> list[str]:
    return sorted(it["name"] for it in listed["items"])


def test_a_till_offers_a_member_what_the_role_allows(tmp_path: Path) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        company, centre = chain(address)
        manager, accountant = (Terminal(tmp_path / it, address) for it in ("manager", "accountant"))
        log_in(manager, MANAGER)
        assert names(manager.json("companies")) == ["Norte"]
        assert names(manager.json("stores", "--company", company)) == ["Centro"]
        log_in(accountant, ACCOUNTANT)
        assert names(accountant.json("stores", "--company", company)) == ["Centro", "Puerto"]
        place = ("--company", company, "--store", centre, "--history", "all")
        refused = accountant.try_to("assign", *place)
        assert refused.returncode == 5, refused
        assert "Your role in this company does not allow that." in refused.stderr
        assert (accountant.json("status")["connected"], accountant.json("status")["terminal"]) == (
            False,
            None,
        )
        assert terminals(address, centre) == []
        manager.run("assign", *place)
        assert len(terminals(address, centre)) == 1
