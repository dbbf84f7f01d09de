"""What the audit notes of log-ins and their refusals: bounded, the same for every e-mail, and old ones go."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from peewee import Database

from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.domain.strangers import NOBODY
from factorypos_tui.server.storage.audit import KEPT, audit
from factorypos_tui.server.storage.tables import Account, AuditEntry
from tests.server.shop import PASSWORD, Owner, Shop
from tests.support.fakes import FrozenClock


def log_in(shop: Shop, email: str, password: str, place: str = "127.0.0.1") -> int:
    form = {"email": email, "password": password}
    return shop.http.post("/v1/sessions", json=form, headers={"X-Forwarded-For": place}).status_code


def noted(owner: Owner) -> list[str]:
    """The actions of the audit about this person, the oldest first."""
    database = owner.shop.cloud.database
    with database.connection_context():
        account = Account.select().where(Account.email == owner.email).get(database).id
        about = (AuditEntry.subject == account) | (AuditEntry.actor == account)
        return [row.action for row in AuditEntry.select().where(about).order_by(AuditEntry.id).bind(database)]


def test_who_logs_in_and_out_without_end_does_not_fill_the_audit(owner: Owner) -> None:
    for _ in range(40):
        form = {"email": owner.email, "password": PASSWORD}
        token = owner.shop.http.post("/v1/sessions", json=form).json()["token"]
        again = Owner(owner.shop, owner.email, token)
        listed = again.call("GET", "/sessions").json()["items"]
        (mine,) = [one["id"] for one in listed if one["current"]]
        assert again.call("DELETE", f"/sessions/{mine}").status_code == 204
    actions = noted(owner)
    assert 10 <= actions.count("log_in") <= 20
    assert 10 <= actions.count("session.ended") <= 20


def test_refusals_are_noted_alike_whether_or_not_there_is_an_account(owner: Owner) -> None:
    """Strangers who are refused often must not tell by the time of an answer whom they tried."""
    shop, unknown = owner.shop, f"{uuid.uuid4().hex}@example.com"
    for number in range(12):
        log_in(shop, f"{uuid.uuid4().hex}@example.com", "not the password", f"198.51.100.{number}")

    def noted_of_nobody() -> int:
        with shop.cloud.database.connection_context():
            return AuditEntry.select().where(AuditEntry.subject == NOBODY).count(shop.cloud.database)

    before = noted_of_nobody()
    for number in range(12):
        for email in (owner.email, unknown):
            assert log_in(shop, email, "not the password", f"192.0.2.{number}") == 401
    assert noted(owner).count("log_in.refused") == 10
    assert noted_of_nobody() - before == 10


@pytest.mark.parametrize("given", [{"token": "x" * 32}, {"email": "no@example.com", "code": "ZZZZZZZZ"}])
def test_a_link_that_is_not_good_is_told_to_the_log_as_a_code_is(
    shop: Shop, caplog: pytest.LogCaptureFixture, given: dict[str, str]
) -> None:
    answer = shop.http.post("/v1/password-resets/confirm", json={**given, "password": PASSWORD})
    assert answer.status_code == 400
    (line,) = [vars(record) for record in caplog.records if record.getMessage() == "log-in refused"]
    assert (line["address"], line["action"], line["reason"]) == ("127.0.0.1", "password_reset", "refused")


def test_a_refusal_is_answered_while_an_entry_of_90_days_ago_is_there(shop: Shop, clock: FrozenClock) -> None:
    """The database deletes none that is younger by its own clock, which this server's is ahead of."""
    database, now = shop.cloud.database, datetime.now(UTC)
    clock.jump(now + timedelta(seconds=30))
    young, old = now - KEPT + timedelta(seconds=20), now - KEPT - timedelta(days=2)
    with database.connection_context():
        for moment in (young, old):
            audit(database, instant(moment), "192.0.2.1", "log_in.refused", NOBODY)
        before = refusals_until(database, old)
    assert log_in(shop, f"{uuid.uuid4().hex}@example.com", "not the password", "203.0.113.9") == 401
    with database.connection_context():
        assert refusals_until(database, old) < before
        assert refusals_until(database, young) > refusals_until(database, young - timedelta(seconds=1))


def refusals_until(database: Database, moment: datetime) -> int:
    query = AuditEntry.select().where(AuditEntry.action == "log_in.refused")
    return query.where(AuditEntry.at <= instant(moment)).count(database)
