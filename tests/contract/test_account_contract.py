"""What every implementation of the port `Cloud` does for a person: log-in, password, companies, stores."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from factorypos_tui.core.answers import Registration
from factorypos_tui.core.errors import CloudRefused, TokenRefused
from factorypos_tui.core.models import Terminal
from factorypos_tui.core.ports import Cloud
from tests.contract.conftest import Running
from tests.contract.documents import z_report
from tests.contract.shop import PASSWORD, Shop, new_user


def test_a_log_in_gives_a_token_that_ends_later(cloud: Cloud) -> None:
    email = f"ana.{uuid4().hex}@example.com"
    cloud.register(email, PASSWORD, "Ana", "en")
    session = cloud.log_in(email, PASSWORD)
    assert session.email == email
    assert session.token
    assert session.expires_at > datetime.now(UTC)


def test_who_may_register_is_told_to_anybody(cloud: Cloud) -> None:
    assert cloud.registration() == Registration(is_open=True)


def test_an_email_registers_once(cloud: Cloud) -> None:
    email, _token = new_user(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.register(email, PASSWORD, "Somebody", "en")
    assert (refused.value.status, refused.value.code) == (409, "email_taken")


def test_a_form_with_a_fault_names_its_field(cloud: Cloud) -> None:
    with pytest.raises(CloudRefused) as refused:
        cloud.register("no address", PASSWORD, "Ana", "en")
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    assert "email" in {problem.field for problem in refused.value.fields}


def test_a_wrong_password_is_refused_but_is_no_ended_session(cloud: Cloud) -> None:
    email, _token = new_user(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.log_in(email, "not the password")
    assert refused.value.code == "invalid_credentials"
    assert not isinstance(refused.value, TokenRefused)


def test_a_log_out_ends_the_token_of_the_log_in_and_no_other(cloud: Cloud) -> None:
    email, token = new_user(cloud)
    other = cloud.log_in(email, PASSWORD).token
    cloud.log_out(token)
    with pytest.raises(TokenRefused):
        cloud.companies(token)
    assert list(cloud.companies(other)) == []


def test_recovering_never_tells_whether_there_is_such_an_account(
    cloud: Cloud, cloud_address: str, running: Running
) -> None:
    email, _token = new_user(cloud)
    cloud.recover("nobody@example.com")
    if cloud_address:
        answers = [
            httpx.post(f"{cloud_address}/v1/password-resets", json={"email": who}, trust_env=False)
            for who in ("nobody.else@example.com", email)
        ]
        for_a_stranger, for_the_user = ((answer.status_code, answer.content) for answer in answers)
        assert for_a_stranger == for_the_user
    else:
        cloud.recover(email)
    cloud.choose_password(email, running.code_for(email), "another long secret")
    assert cloud.log_in(email, "another long secret").email == email


def test_a_wrong_code_chooses_no_password(cloud: Cloud) -> None:
    email, _token = new_user(cloud)
    cloud.recover(email)
    with pytest.raises(CloudRefused) as refused:
        cloud.choose_password(email, "ZZZZZZZZ", "another long secret")
    assert (refused.value.status, refused.value.code) == (400, "reset_token_invalid")
    with pytest.raises(CloudRefused) as unknown:
        cloud.choose_password("nobody@example.com", "ZZZZZZZZ", "another long secret")
    assert (unknown.value.status, unknown.value.code) == (400, "reset_token_invalid")
    assert str(unknown.value) == str(refused.value)
    assert cloud.log_in(email, PASSWORD).email == email


def test_the_code_from_the_mail_chooses_a_password_once(cloud: Cloud, running: Running) -> None:
    email, token = new_user(cloud)
    cloud.recover(email)
    code = running.code_for(email)
    cloud.choose_password(email, code, "another long secret")
    assert cloud.log_in(email, "another long secret").email == email
    with pytest.raises(TokenRefused):
        cloud.companies(token)
    with pytest.raises(CloudRefused) as refused:
        cloud.choose_password(email, code, "yet another secret")
    assert refused.value.code == "reset_token_invalid"


def test_companies_and_stores_are_listed_as_created(cloud: Cloud) -> None:
    _email, token = new_user(cloud)
    assert list(cloud.companies(token)) == []
    company = cloud.create_company(token, "Café Ñandú", "ES", "EUR", "B12345678")
    other = cloud.create_company(token, "Bar 2", "ES", "EUR", None)
    assert set(cloud.companies(token)) == {company, other}
    store = cloud.create_store(token, company.id, "Calle Mayor", "Europe/Madrid", None)
    assert list(cloud.stores(token, company.id)) == [store]
    assert list(cloud.stores(token, other.id)) == []
    assert store.name == "Calle Mayor"


def test_a_nameless_company_is_refused(cloud: Cloud) -> None:
    _email, token = new_user(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.create_company(token, "", "ES", "EUR", None)
    assert (refused.value.status, refused.value.code) == (422, "invalid")


def test_what_belongs_to_others_is_not_found(cloud: Cloud, shop: Shop) -> None:
    _email, stranger = new_user(cloud)
    with pytest.raises(CloudRefused) as refused:
        cloud.stores(stranger, shop.company_id)
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    with pytest.raises(CloudRefused) as refused:
        cloud.enrol(stranger, shop.store.id, Terminal(str(uuid4()), "Till"), "test", move=True)
    assert (refused.value.status, refused.value.code) == (404, "not_found")


def test_an_unknown_token_is_refused(cloud: Cloud, shop: Shop) -> None:
    with pytest.raises(TokenRefused):
        cloud.companies("unknown")
    with pytest.raises(TokenRefused):
        cloud.send("unknown", z_report(shop.terminal.id, 1))
    with pytest.raises(TokenRefused):
        cloud.send_batch("unknown", [z_report(shop.terminal.id, 1)])
