"""Who approves a terminal that shows a code: one decision, few guesses, and told to the owner."""

import uuid
from functools import partial

import pytest

from factorypos_tui.server.domain import device_approvals
from factorypos_tui.server.domain.device_approvals import Approval
from factorypos_tui.server.errors import Elsewhere, NotYours, TooOften, Unreadable
from factorypos_tui.server.storage.device_tables import DeviceAuthorization
from factorypos_tui.server.storage.tables import AuditEntry
from tests.server.racing import at_once
from tests.server.shop import Owner, Shop, assert_problem
from tests.server.test_device_authorizations import (
    ADDRESS,
    account,
    approve,
    ask,
    fetch,
    fetch_later,
    found,
)


def test_many_who_decide_at_once_decide_once(owner: Owner) -> None:
    shop, store = owner.shop, owner.store()
    asked = ask(shop)
    row, who = found(owner, asked["user_code"]), account(owner)
    form = Approval(store_id=uuid.UUID(store))

    def decide(approves: bool) -> bool:
        try:
            if approves:
                device_approvals.approve(shop.cloud, who, row, form, ADDRESS)
            else:
                device_approvals.deny(shop.cloud, who, row, ADDRESS)
        except Unreadable:
            return False
        return True

    assert sum(at_once([partial(decide, bool(n % 2)) for n in range(6)])) == 1


def test_a_denied_terminal_gets_nothing(owner: Owner) -> None:
    asked = ask(owner.shop)
    device_approvals.deny(owner.shop.cloud, account(owner), found(owner, asked["user_code"]), ADDRESS)
    assert_problem(fetch(owner.shop, asked), 400, "access_denied")
    with pytest.raises(Unreadable):
        found(owner, asked["user_code"])


def test_a_terminal_of_elsewhere_moves_only_where_that_was_said(owner: Owner, shop: Shop) -> None:
    stranger, sister = shop.owner(), owner.assign(owner.store())
    strange = stranger.assign(stranger.store())
    store = owner.store()
    for till, is_mine in ((sister, True), (strange, False)):
        with pytest.raises(Elsewhere) as refused:
            approve(owner, ask(shop, till.id), store)
        assert refused.value.same_account is is_mine
    asked = ask(shop, sister.id)
    approve(owner, asked, store, move=True)
    assert sister.call("GET", "/terminals/current").status_code == 200, "until it fetches its token"
    assert fetch(shop, asked).json()["store"]["id"] == store
    with pytest.raises(Elsewhere):
        approve(owner, ask(shop, strange.id), store, move=True)
    with pytest.raises(NotYours):
        approve(stranger, ask(shop), store)


def test_after_five_codes_that_no_till_shows_a_right_one_is_refused_too(owner: Owner, shop: Shop) -> None:
    asked = ask(shop)
    for _ in range(3):
        assert found(owner, asked["user_code"]), "right ones do not count"
    for guess in ("BCDF-GHJK", "", "é" * 8, "BCDFGHJK" * 20, "ZZZZ-ZZZZ"):
        with pytest.raises(Unreadable):
            found(owner, guess)
    with pytest.raises(TooOften) as held:
        found(owner, asked["user_code"])
    assert held.value.seconds == 120
    assert found(shop.owner(), asked["user_code"]), "others are not held back"
    shop.clock.advance(120)
    assert found(owner, asked["user_code"])


def test_many_guesses_at_once_are_five(owner: Owner) -> None:
    def guess(number: int) -> type[Exception]:
        try:
            found(owner, f"BCDF-GHJ{'KLMNPQRSTVWX'[number]}")
        except (Unreadable, TooOften) as refused:
            return type(refused)
        raise AssertionError("a guess was right")

    answers = at_once([partial(guess, number) for number in range(12)])
    assert (answers.count(Unreadable), answers.count(TooOften)) == (5, 7)


def test_neither_code_is_kept_and_the_audit_tells_who_approved(owner: Owner, shop: Shop) -> None:
    store, terminal = owner.store(), str(uuid.uuid4())
    asked, refused = ask(shop, terminal), ask(shop)
    approve(owner, asked, store)
    device_approvals.deny(shop.cloud, account(owner), found(owner, refused["user_code"]), ADDRESS)
    token = fetch(shop, asked).json()["terminal_token"]
    database = shop.cloud.database
    with database.connection_context():
        kept = str([*DeviceAuthorization.select().dicts().execute(database)])
        entries = [*AuditEntry.select().where(AuditEntry.actor == account(owner).id).bind(database)]
    for secret in (asked["device_code"], asked["user_code"].replace("-", ""), token):
        assert secret not in kept + str([it.__data__ for it in entries])
    told = [(it.action, it.subject) for it in entries]
    (approved,) = (it for it in entries if it.action == "device_authorization.approved")
    assert (approved.network, approved.company_id is not None) == (ADDRESS, True)
    assert ("device_authorization.approved", f"{terminal} to store {store}") in told
    assert ("terminal.assigned", f"{terminal} to store {store}") in told
    assert "device_authorization.denied" in [action for action, _subject in told]


def test_the_owner_is_told_by_mail_and_can_revoke(owner: Owner, shop: Shop) -> None:
    store, terminal = owner.store(name="Puerto"), str(uuid.uuid4())
    asked = ask(shop, terminal, headers={"X-Forwarded-For": "203.0.113.9"})
    approve(owner, asked, store)
    assert not owner.has_letters()
    for _ in range(2):
        assert fetch_later(shop, asked).status_code == 201
    letter = owner.next_letter()
    assert letter["Subject"] == "A till was assigned: Till 1"
    text = letter.get_content()
    assert "sends its reports to Bar Ana, Puerto now" in text
    assert "Ana approved it" in text
    assert "from the network address 203.0.113.9." in text
    assert f"https://cloud.example.com/terminals/{terminal}/end" in text
    assert not owner.has_letters(), "told once"
