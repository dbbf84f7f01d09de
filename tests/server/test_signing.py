"""What the cloud answers to a report is signed, and anybody can check that with its public keys."""

import base64
import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from peewee import Database

from factorypos_tui.server.domain import keys as domain_keys
from factorypos_tui.server.domain.keys import Signing
from factorypos_tui.server.ops import administration, keys
from factorypos_tui.server.ops.administration import AdministrationError
from factorypos_tui.server.storage import database as databases
from factorypos_tui.server.storage.migrating import migrate
from factorypos_tui.server.storage.signing_tables import SigningKey
from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.shop import Json, Shop, Till, canonical
from tests.server.test_commands import run


@pytest.fixture
def shop(shop_apart: Shop, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A server that looks its keys up for each signature."""
    monkeypatch.setattr(domain_keys, "LOOK_SECONDS", 0.0)
    monkeypatch.setattr(keys, "LOOK_SECONDS", 0.0)
    shop_apart.cloud.signing._look_again_at = 0.0
    return shop_apart


def decoded(text: str) -> bytes:
    assert "=" not in text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public(shop: Shop) -> dict[str, Json]:
    answer = shop.http.get("/v1/keys")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.json()["next_cursor"] is None
    return {key["key_id"]: key for key in answer.json()["items"]}


def assert_signed(shop: Shop, said: Json) -> str:
    """Check it as somebody does who knows the answer and the public keys only; returns the key's id."""
    rest = {name: value for name, value in said.items() if name not in ("signature", "missing_z_numbers")}
    signature = said["signature"]
    key = Ed25519PublicKey.from_public_bytes(decoded(public(shop)[signature["key_id"]]["public_key"]))
    key.verify(decoded(signature["value"]), canonical(rest))
    with pytest.raises(InvalidSignature):
        key.verify(decoded(signature["value"]), canonical({**rest, "received_at": "2020-01-01T00:00:00Z"}))
    return str(signature["key_id"])


def test_each_way_of_arriving_is_answered_with_a_signature(shop: Shop, till: Till) -> None:
    z, x = till.z(1), till.x(1, "00000000-0000-4000-8000-00000000000a")
    assert_signed(shop, till.send(z).json())
    assert_signed(shop, till.send(x).json())
    spaced = json.dumps(till.z(2), indent=1)  # not canonical: read the slow way
    slow = till.call("PUT", f"/reports/{json.loads(spaced)['report_id']}", content=spaced)
    assert slow.status_code == 201
    assert_signed(shop, slow.json())
    newer = till.x(2, "00000000-0000-4000-8000-00000000000a")
    results = till.send_all([till.z(3), newer, x, {"not": "a report"}]).json()["results"]
    assert [it.get("result") for it in results] == ["created", "replaced", "stale", None]
    for said in results[:3]:
        assert_signed(shop, said)
    assert "signature" not in results[3]


def test_what_is_there_already_is_answered_as_at_first(shop: Shop, till: Till) -> None:
    z = till.z(1)
    first = till.send(z).json()
    shop.clock.advance(30 * 3600)
    again = till.send(z).json()
    assert (again["result"], again["received_at"]) == ("unchanged", first["received_at"])
    assert_signed(shop, again)


def test_after_a_rotation_what_was_signed_stays_valid(shop: Shop, till: Till) -> None:
    before = till.send(till.z(1)).json()
    new_id = keys.rotate(shop.cloud.database)
    after = till.send(till.z(2)).json()
    old_id = assert_signed(shop, before)
    assert assert_signed(shop, after) == new_id != old_id
    known = public(shop)
    assert known[old_id]["retired_at"]
    assert known[new_id]["retired_at"] is None
    with shop.cloud.database.connection_context():
        old = SigningKey.select().where(SigningKey.key_id == old_id).get(shop.cloud.database)
        assert old.private_key is None, "nobody can sign with it any more"
        rotations = AuditEntry.select().where(AuditEntry.action == "key.rotated")
        newest = rotations.order_by(AuditEntry.id.desc()).bind(shop.cloud.database).first()
        assert newest.subject == f"{new_id} instead of {old_id}"


def test_a_lost_key_signs_no_more_and_stays_known(shop: Shop, till: Till) -> None:
    before = till.send(till.z(1)).json()
    lost = assert_signed(shop, before)
    lost_at, new_id = keys.lose(shop.cloud.database, lost)
    assert assert_signed(shop, till.send(till.z(2)).json()) == new_id
    assert_signed(shop, before)
    assert public(shop)[lost]["lost_at"] == lost_at
    with pytest.raises(AdministrationError, match="already"):
        keys.lose(shop.cloud.database, lost)
    with pytest.raises(AdministrationError, match="cloud key list"):
        keys.lose(shop.cloud.database, "nobody")


def test_a_backup_of_the_key_is_private_whole_and_never_over_a_file(
    shop: Shop, till: Till, tmp_path: Path
) -> None:
    file = tmp_path / "key.pem"
    key_id = keys.back_up_key(shop.cloud.database, file)
    assert file.stat().st_mode & 0o777 == 0o600
    private = load_pem_private_key(file.read_bytes(), None)
    raw = private.public_key().public_bytes_raw()  # type: ignore[union-attr]
    assert raw == decoded(public(shop)[key_id]["public_key"])
    with pytest.raises(AdministrationError, match="never overwrites"):
        keys.back_up_key(shop.cloud.database, file)
    with pytest.raises(AdministrationError, match="cannot be written"):
        keys.back_up_key(shop.cloud.database, tmp_path / "nowhere" / "key.pem")
    damage(shop, "AAAA")
    z = till.z(1)
    assert "signature" not in till.send(z).json(), "it arrives all the same"
    assert findings(shop) == {"unreadable_signing_key": key_id}
    assert keys.list_keys(shop.cloud.database)[-1].state == "unreadable"
    assert keys.restore_key(shop.cloud.database, file) == key_id
    assert assert_signed(shop, till.send(z).json()) == key_id, "sent again, it is signed"
    assert findings(shop) == {}


def damage(shop: Shop, secret: str) -> None:
    with shop.cloud.database.connection_context():
        SigningKey.update(private_key=secret).where(SigningKey.current == 1).execute(shop.cloud.database)


def findings(shop: Shop) -> dict[str, str]:
    found = administration.check(shop.cloud.database).findings
    return {one.code: one.id for one in found if "key" in one.code}


@pytest.mark.parametrize("secret", ["", "A" * 43, "no base64 at all!", "ñ"])
def test_a_key_that_makes_no_sense_stops_no_report(shop: Shop, till: Till, secret: str) -> None:
    damage(shop, secret)
    z = till.z(1)
    answer = till.send(z)
    assert (answer.status_code, "signature" in answer.json()) == (201, False)
    keys.rotate(shop.cloud.database)
    assert_signed(shop, till.send(z).json())


def test_where_no_key_signs_a_check_says_so(shop: Shop, till: Till) -> None:
    with shop.cloud.database.connection_context():
        SigningKey.update(current=None).execute(shop.cloud.database)
    assert "signature" not in till.send(till.z(1)).json()
    assert list(findings(shop)) == ["no_signing_key"]
    with pytest.raises(AdministrationError, match="No key signs"):
        keys.back_up_key(shop.cloud.database, Path("nowhere"))
    keys.rotate(shop.cloud.database)
    assert findings(shop) == {}


@pytest.mark.parametrize("text", ["", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_what_is_no_backup_of_a_key_changes_nothing(
    shop: Shop, till: Till, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "key.pem"
    file.write_text(text)
    before = public(shop)
    with pytest.raises(AdministrationError, match="no backup of a key"):
        keys.restore_key(shop.cloud.database, file)
    with pytest.raises(AdministrationError, match="cannot be read"):
        keys.restore_key(shop.cloud.database, tmp_path / "nowhere")
    assert public(shop) == before


def test_a_retired_key_does_not_come_back(shop: Shop, tmp_path: Path) -> None:
    keys.back_up_key(shop.cloud.database, tmp_path / "old.pem")
    keys.rotate(shop.cloud.database)
    with pytest.raises(AdministrationError, match="signs no more"):
        keys.restore_key(shop.cloud.database, tmp_path / "old.pem")


def test_a_database_of_before_a_rotation_takes_the_newer_key(shop: Shop, till: Till, tmp_path: Path) -> None:
    keys.rotate(shop.cloud.database)
    newer = keys.back_up_key(shop.cloud.database, tmp_path / "newer.pem")
    with shop.cloud.database.connection_context():  # as a backup that was made before knows it
        SigningKey.delete().where(SigningKey.key_id == newer).execute(shop.cloud.database)
    older = keys.rotate(shop.cloud.database)
    assert keys.restore_key(shop.cloud.database, tmp_path / "newer.pem") == newer
    assert public(shop)[older]["retired_at"]
    assert assert_signed(shop, till.send(till.z(1)).json()) == newer


def test_of_many_processes_that_start_at_once_one_makes_the_key(
    tmp_path: Path, new_postgres: Callable[[], str]
) -> None:
    url = new_postgres()
    opened = [databases.postgresql_database(url) for _ in range(8)]
    migrate(opened[0])
    together = threading.Barrier(len(opened))

    def begin(database: Database) -> Json:
        signing = Signing(database)
        together.wait()
        signing.begin("2026-03-02T12:00:00.000Z")
        return signing.sign({"a": 1})

    with ThreadPoolExecutor(len(opened)) as threads:
        signed = list(threads.map(begin, opened))
    assert len({json.dumps(it, sort_keys=True) for it in signed}) == 1
    assert "signature" in signed[0]
    assert len(keys.list_keys(opened[0])) == 1
    for database in opened:
        databases.close(database)


def test_a_second_start_keeps_the_key(shop: Shop) -> None:
    before = keys.list_keys(shop.cloud.database)
    Signing(shop.cloud.database).begin("2027-01-01T00:00:00.000Z")
    assert keys.list_keys(shop.cloud.database) == before


def test_the_commands_of_the_keys(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "key.pem"
    run(
        home,
        "user",
        "create",
        "--email",
        "a@b.example",
        "--name",
        "A",
        "--password-stdin",
        given="a long walk by the sea",
    )
    assert "no key here yet" in run(home, "key", "list").stderr
    made = run(home, "key", "rotate")
    assert (made.returncode, "signs from now on" in made.stderr) == (0, True)
    assert run(home, "key", "backup", str(file)).returncode == 0
    assert run(home, "key", "backup", str(file)).returncode == 1
    (first,) = json.loads(run(home, "key", "list", "--json").stdout)["items"]
    assert (first["state"], first["algorithm"]) == ("signs", "Ed25519")
    lost = run(home, "key", "lost", first["key_id"], "--yes")
    assert "is marked as lost" in lost.stderr
    table = run(home, "key", "list").stdout
    assert "signs" in table
    assert "lost" in table
    refused = run(home, "key", "restore", str(file))
    assert (refused.returncode, "signs no more" in refused.stderr) == (1, True)
    assert run(home, "check").returncode == 0
