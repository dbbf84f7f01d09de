"""What the host does with accounts, and what their people are told by mail."""

import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import Database

from factorypos_tui.server.domain.accounts import account_of
from factorypos_tui.server.ops import users
from factorypos_tui.server.storage.tables import Account, StoredLetter
from tests.server.shop import PASSWORD, Owner
from tests.server.test_commands import run

NEW = "another long password"


def by_mail(owner: Owner) -> None:
    owner.shop.http.post("/v1/password-resets", json={"email": owner.email})
    code = re.findall(r"^[B-Z]{8}$", owner.next_letter().get_content(), re.MULTILINE)[0]
    form = {"email": owner.email, "code": code, "password": NEW}
    assert owner.shop.http.post("/v1/password-resets/confirm", json=form).status_code == 204


def while_logged_in(owner: Owner) -> None:
    form = {"current_password": PASSWORD, "password": NEW}
    assert owner.call("PUT", "/users/current/password", json=form).status_code == 204


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (by_mail, "with a code or a link"),
        (while_logged_in, "Every other session was ended"),
    ],
)
def test_a_letter_says_how_the_password_was_changed(
    owner: Owner, change: Callable[[Owner], None], words: str
) -> None:
    change(owner)
    assert words in owner.next_letter().get_content()


def test_an_account_whose_e_mail_no_form_would_take_now_gets_a_password(database: Database) -> None:
    email = f"ana maria {uuid.uuid4().hex}"
    account = users.create_user(database, f"{uuid.uuid4().hex}@example.com", "Ana", PASSWORD)
    with database.connection_context():
        change = Account.update(email=email.upper(), email_key=email)
        change.where(Account.id == account).execute(database)
        before = account_of(database, email)
    users.set_password(database, f" {email.title()} ", NEW)
    with database.connection_context():
        after = account_of(database, email)
        (letter,) = StoredLetter.select().where(StoredLetter.account_id == account).bind(database)
    assert before
    assert after
    assert before.password_hash != after.password_hash
    assert "the person who runs this FactoryCLOUD gave" in (letter.text or "")


def test_the_host_sees_who_has_not_confirmed_and_confirms(tmp_path: Path) -> None:
    eva = ("--email", "eva@example.com")
    invited = run(tmp_path / "home", "user", "invite", *eva, "--name", "Eva")
    assert (invited.returncode, "I have a code" in invited.stderr) == (0, True)
    assert "Eva  (e-mail not confirmed)" in run(tmp_path / "home", "user", "list").stdout
    confirmed = run(tmp_path / "home", "user", "confirm", *eva)
    assert (confirmed.returncode, "eva@example.com counts as confirmed" in confirmed.stderr) == (0, True)
    assert "not confirmed" not in run(tmp_path / "home", "user", "list").stdout
    nobody = run(tmp_path / "home", "user", "confirm", "--email", "nobody@example.com")
    assert (nobody.returncode, "There is no account" in nobody.stderr) == (1, True)
