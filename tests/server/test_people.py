"""Members of a company: invited, let in, given another role, taken away; the company handed over."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from factorypos_tui.server.domain.confirmations import note_confirmed
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.storage import arrivals
from factorypos_tui.server.storage.tables import Terminal
from tests.server.conftest import KINDS, NOON, at_work, opened, with_no_mail
from tests.server.premises import premises
from tests.server.shop import PASSWORD, Owner, Shop, assert_problem, canonical

WHO = {"name": "Eva", "password": PASSWORD}


def id_of(owner: Owner) -> str:
    return str(owner.call("GET", "/sessions/current").json()["id"])


@pytest.fixture(scope="module", params=KINDS)
def mailing(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A server whose mails reach people."""
    folder = tmp_path_factory.mktemp("mailing")
    with (
        opened(request.param, request, folder, "postgres_apart") as database,
        at_work(database, confirms=True) as shop,
    ):
        yield shop


@pytest.fixture
def shop(mailing: Shop) -> Shop:
    mailing.clock.jump(NOON)
    return with_no_mail(mailing)


def person(shop: Shop, language: str = "en") -> Owner:
    """A new account whose e-mail is confirmed."""
    owner = shop.owner(language)
    with shop.cloud.database.connection_context():
        note_confirmed(shop.cloud.database, shop.cloud.now(), id_of(owner), "test")
    assert "onfirm" in owner.next_letter()["Subject"]
    return owner


def invite(owner: Owner, company: str, email: str, role: str = "viewer", **more: Any) -> Any:
    """The answer to an invitation that is mailed."""
    form = {"email": email, "role": role, **more}
    answer = owner.call("POST", f"/companies/{company}/invitations", json=form)
    assert answer.status_code == 201, answer.text
    return answer.json()


def token_of(letter: Any) -> str:
    found = re.search(r"https://[^\s]+/invitation\?token=([0-9a-f]{64})\s", letter.get_content())
    assert found is not None, letter.get_content()
    return found[1]


def members(owner: Owner, company: str) -> dict[str, Any]:
    """The role and the stores of each member, by e-mail."""
    items = owner.call("GET", f"/companies/{company}/members").json()["items"]
    return {it["email"]: (it["role"], it["store_ids"]) for it in items}


def test_who_is_invited_by_mail_joins_with_the_account_of_that_e_mail(shop: Shop) -> None:
    ana, eva = person(shop), person(shop, "es")
    company = ana.company(name="Bar Ana")
    store = ana.store(company)
    made = invite(ana, company, eva.email.upper(), "manager", store_ids=[store])
    assert made["link"] is None
    letter = eva_letter(shop, eva)
    assert letter["Subject"] == "Invitación a Bar Ana"
    (waiting,) = ana.call("GET", f"/companies/{company}/invitations").json()["items"]
    assert (waiting["id"], waiting["role"], waiting["store_ids"]) == (made["id"], "manager", [store])
    answer = eva.call("POST", "/invitations/accept", json={"token": token_of(letter)})
    assert (answer.status_code, answer.json()["role"]) == (200, "manager")
    assert members(ana, company) == {ana.email: ("owner", None), eva.email: ("manager", [store])}
    assert ana.call("GET", f"/companies/{company}/invitations").json()["items"] == []
    assert "joined Bar Ana" in ana.next_letter()["Subject"]
    again = eva.call("POST", "/invitations/accept", json={"token": token_of(letter)})
    assert_problem(again, 400, "invitation_invalid")


def eva_letter(shop: Shop, eva: Owner) -> Any:
    while (letter := shop.mail.get(timeout=30))["To"].lower() != eva.email:
        pass
    return letter


def test_an_invitation_opens_registration_and_confirms_the_e_mail(shop: Shop) -> None:
    ana = person(shop)
    company, email = ana.company(), f"{uuid.uuid4().hex}@example.com"
    invite(ana, company, email)
    token = token_of(eva_letter(shop, Owner(shop, email, "")))
    with at_work(shop.cloud.database, confirms=True, is_open=False) as closed:
        refused = closed.http.post("/v1/users", json={**WHO, "email": email})
        assert_problem(refused, 403, "registration_closed")
        wrong = closed.http.post("/v1/users", json={**WHO, "email": email, "invitation": "0" * 64})
        assert_problem(wrong, 400, "invitation_invalid")
        made = closed.http.post("/v1/users", json={**WHO, "email": email, "invitation": token})
    assert made.status_code == 201, made.text
    assert made.json()["confirmed_at"]
    assert shop.log_in(email).call("GET", f"/companies/{company}").status_code == 200
    other = {**WHO, "email": f"{uuid.uuid4().hex}@example.com", "invitation": token}
    assert_problem(shop.http.post("/v1/users", json=other), 400, "invitation_invalid")


def test_without_mail_the_link_is_shown_once_and_again_to_the_same_key(shop: Shop) -> None:
    ana, eva = person(shop), person(shop)
    company, key = ana.company(), {"Idempotency-Key": uuid.uuid4().hex}
    form = {"email": eva.email, "role": "owner"}
    with at_work(shop.cloud.database) as silent:
        hers = Owner(silent, ana.email, ana.token)
        answers = [
            hers.call("POST", f"/companies/{company}/invitations", json=form, headers=key).json()
            for _ in range(2)
        ]
    assert answers[0] == answers[1]
    token = answers[0]["link"].rpartition("=")[2]
    assert token not in ana.call("GET", f"/companies/{company}/invitations").text
    assert eva.call("POST", "/invitations/accept", json={"token": token}).status_code == 200
    assert members(eva, company)[eva.email] == ("owner", None)


def test_another_account_than_the_invited_one_is_asked_first(shop: Shop) -> None:
    ana, eva, luis = person(shop), person(shop), person(shop)
    company = ana.company()
    invite(ana, company, eva.email)
    token = token_of(eva_letter(shop, eva))
    refused = luis.call("POST", "/invitations/accept", json={"token": token})
    assert eva.email in assert_problem(refused, 409, "invitation_for_another")["detail"]
    sure = luis.call("POST", "/invitations/accept", json={"token": token, "also_other": True})
    assert sure.status_code == 200
    assert luis.email in members(ana, company)


def test_an_invitation_ends_by_a_newer_one_by_time_and_when_its_inviter_owns_no_more(shop: Shop) -> None:
    ana, bea, eva = person(shop), person(shop), person(shop)
    company = ana.company()
    invite(ana, company, eva.email)
    first = token_of(eva_letter(shop, eva))
    made = invite(ana, company, eva.email)
    second = token_of(eva_letter(shop, eva))
    ends = [first]
    gone = ana.call("DELETE", f"/companies/{company}/invitations/{made['id']}")
    assert gone.status_code == 204
    ends.append(second)
    ana.admit(bea, company, Role.OWNER)
    invite(bea, company, eva.email)
    ends.append(token_of(eva_letter(shop, eva)))
    assert ana.call("DELETE", f"/companies/{company}/members/{id_of(bea)}").status_code == 204
    invite(ana, company, eva.email)
    old = token_of(eva_letter(shop, eva))
    for token in ends:
        answer = eva.call("POST", "/invitations/accept", json={"token": token})
        assert_problem(answer, 400, "invitation_invalid")
    shop.clock.advance(timedelta(days=7, seconds=1).total_seconds())
    eva = shop.log_in(eva.email)
    assert_problem(eva.call("POST", "/invitations/accept", json={"token": old}), 400, "invitation_invalid")


def test_the_answer_to_an_invitation_does_not_tell_whether_there_is_an_account(shop: Shop) -> None:
    ana, eva = person(shop), person(shop)
    company = ana.company()
    answers = [invite(ana, company, it) for it in (eva.email, f"{uuid.uuid4().hex}@example.com")]
    assert len({tuple(answer) for answer in answers}) == 1
    assert {(answer["link"], answer["role"]) for answer in answers} == {(None, "viewer")}


def test_an_invitation_names_stores_of_its_company_only(shop: Shop) -> None:
    ana, eva = person(shop), person(shop)
    company, elsewhere = ana.company(), eva.store()
    for stores in ([elsewhere], []):
        form = {"email": "x@example.com", "role": "viewer", "store_ids": stores}
        answer = ana.call("POST", f"/companies/{company}/invitations", json=form)
        assert assert_problem(answer, 422, "invalid")["fields"][0]["field"] == "store_ids"
    form = {"email": "x@example.com", "role": "owner", "store_ids": [ana.store(company)]}
    assert_problem(ana.call("POST", f"/companies/{company}/invitations", json=form), 422, "invalid")


def test_a_member_is_invited_no_second_time(shop: Shop) -> None:
    ana = person(shop)
    form = {"email": ana.email, "role": "viewer"}
    answer = ana.call("POST", f"/companies/{ana.company()}/invitations", json=form)
    assert_problem(answer, 409, "already_member")


def test_letters_of_invitations_are_bounded(shop: Shop) -> None:
    ana = person(shop)
    company = ana.company()
    form = {"email": f"{uuid.uuid4().hex}@example.com", "role": "viewer"}
    most = shop.cloud.limits.invitations_to_one.tries
    answers = [
        ana.call("POST", f"/companies/{company}/invitations", json=form).status_code for _ in range(most + 1)
    ]
    assert answers == [201] * most + [429]


def test_the_last_owner_neither_leaves_nor_becomes_less(shop: Shop) -> None:
    ana, eva = person(shop), person(shop)
    company = ana.company()
    ana.admit(eva, company, Role.MANAGER)
    itself = f"/companies/{company}/members/{id_of(ana)}"
    for answer in (ana.call("DELETE", itself), ana.call("PUT", itself, json={"role": "manager"})):
        assert "last owner" in assert_problem(answer, 409, "last_owner")["detail"]
    assert members(ana, company)[ana.email] == ("owner", None)


def test_a_manager_changes_no_member_and_leaves(shop: Shop) -> None:
    ana, eva = person(shop), person(shop)
    company = ana.company()
    ana.admit(eva, company, Role.MANAGER)
    path = f"/companies/{company}/members/{id_of(ana)}"
    for answer in (eva.call("DELETE", path), eva.call("PUT", path, json={"role": "viewer"})):
        assert_problem(answer, 403, "role_too_low")
    assert_problem(eva.call("GET", f"/companies/{company}/members"), 403, "role_too_low")
    assert eva.call("DELETE", f"/companies/{company}/members/{id_of(eva)}").status_code == 204
    assert_problem(eva.call("GET", f"/companies/{company}"), 404, "not_found")
    assert "left" in ana.next_letter()["Subject"]


def test_a_member_gets_another_role_and_other_stores(shop: Shop) -> None:
    ana, eva = person(shop), person(shop)
    company = ana.company()
    centre, harbour = ana.store(company), ana.store(company)
    ana.admit(eva, company, Role.VIEWER)
    path = f"/companies/{company}/members/{id_of(eva)}"
    changed = ana.call("PUT", path, json={"role": "manager", "store_ids": [centre]})
    assert (changed.status_code, changed.json()["store_ids"]) == (200, [centre])
    assert eva.call("GET", f"/stores/{centre}/terminals").status_code == 200
    assert eva.call("GET", f"/stores/{harbour}").status_code == 404
    assert ana.call("PUT", path, json={"role": "owner"}).status_code == 200
    assert members(eva, company)[eva.email] == ("owner", None)
    assert "is an owner" in ana.next_letter()["Subject"]


def kept(shop: Shop, owner: Owner) -> int:
    """How many bytes count as an account's."""
    account_id = id_of(owner)
    with shop.cloud.database.connection_context():
        return arrivals.kept_bytes(shop.cloud.database, [account_id])[account_id]


def test_a_company_is_handed_over_with_its_tills_and_all_that_is_kept(shop: Shop) -> None:
    its, eva = premises(shop), person(shop)
    ana, company = its.owner, its.company
    ana.admit(eva, company, Role.VIEWER)
    elsewhere = ana.assign(ana.store(), its.sister.id, move=True)
    report = elsewhere.z(1)
    assert elsewhere.send(report).status_code == 201
    back = ana.assign(its.sister.store, its.sister.id, move=True)
    before = kept(shop, ana)
    answer = ana.call("PUT", f"/companies/{company}/owner", json={"account_id": id_of(eva)})
    assert answer.status_code == 204, answer.text
    assert kept(shop, ana) + kept(shop, eva) == before
    assert kept(shop, ana) == len(canonical(report)), "what the till sent to a store that stays"
    assert its.till.send(its.till.z(3)).status_code == 201, "the till goes on with its token"
    assert back.call("GET", "/terminals/current").json()["last_z_number"] is None
    found = members(eva, company)
    assert (found[eva.email], found[ana.email]) == (("owner", None), ("manager", None))
    with shop.cloud.database.connection_context():
        terminal = Terminal.select().where(Terminal.id == its.till.id).get(shop.cloud.database)
    assert terminal.account_id == id_of(eva)
    assert "answers for" in eva.next_letter()["Subject"]


def test_who_hands_over_may_leave_and_names_a_member(shop: Shop) -> None:
    ana, eva, stranger = person(shop), person(shop), person(shop)
    company = ana.company()
    ana.admit(eva, company, Role.MANAGER)
    path = f"/companies/{company}/owner"
    assert_problem(ana.call("PUT", path, json={"account_id": id_of(stranger)}), 404, "not_found")
    assert_problem(ana.call("PUT", path, json={"account_id": id_of(ana)}), 422, "invalid")
    assert ana.call("PUT", path, json={"account_id": id_of(eva), "leave": True}).status_code == 204
    assert members(eva, company) == {eva.email: ("owner", None)}


def test_when_the_one_who_answers_leaves_the_owner_of_longest_does(shop: Shop) -> None:
    ana, bea, eva = person(shop), person(shop), person(shop)
    company = ana.company()
    till = ana.assign(ana.store(company))
    assert till.send(till.z(1)).status_code == 201
    shop.clock.advance(1)
    ana.admit(bea, company, Role.OWNER)
    shop.clock.advance(1)
    ana.admit(eva, company, Role.OWNER)
    assert ana.call("DELETE", f"/companies/{company}/members/{id_of(ana)}").status_code == 204
    assert (kept(shop, ana), kept(shop, bea) > 0, kept(shop, eva)) == (0, True, 0)
    assert till.call("GET", "/terminals/current").json()["last_z_number"] == 1
