"""A chain of two companies, five people and three roles, in a browser that runs no script."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tests.server.conftest import at_work, opened
from tests.server.shop import PASSWORD, Owner, Shop


@pytest.fixture
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """A server that mails no invitations, so that the page shows their links."""
    with opened("sqlite", request, tmp_path) as database, at_work(database, public_url=None) as shop:
        yield shop


@dataclass(frozen=True)
class Chain:
    """Two companies of one owner: the north with two stores, the south with one."""

    north: str
    south: str
    centre: str
    harbour: str

    @classmethod
    def of(cls, owner: Owner) -> "Chain":
        north, south = owner.company(name="Norte SL"), owner.company(name="Sur SL")
        owner.store(south, name="Playa")
        return cls(north, south, owner.store(north, name="Centro"), owner.store(north, name="Puerto"))


@contextmanager
def window(chromium: Chromium, shop: Shop) -> Iterator[Page]:
    with chromium.new_context(
        base_url=str(shop.http.base_url), java_script_enabled=False, locale="en-GB"
    ) as context:
        yield context.new_page()


def log_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out", exact=True)).to_be_visible()


def prove(page: Page) -> None:
    """Show once more who it is, as what changes people or companies wants."""
    page.goto("/prove")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def invite(page: Page, company: str, email: str, role: str, *stores: str) -> str:
    """The link that the page shows once."""
    page.goto(f"/companies/{company}/members")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail").fill(email)
    page.locator(f"input[name=role][value={role}]").check()
    if stores:
        page.locator("input[name=where][value=some]").check()
    for store in stores:
        page.get_by_label(store, exact=True).check()
    page.get_by_role("button", name="Invite", exact=True).click()
    return page.locator("code.secret").inner_text()


def accept(page: Page, link: str, email: str) -> None:
    log_in(page, email)
    page.goto(link)
    page.get_by_role("button", name=f"Join as {email}").click()
    expect(page.get_by_role("status")).to_contain_text("You are a member of")


def register_by(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Vera")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account and join").click()
    expect(page.get_by_role("status")).to_contain_text("You are a member of Norte SL now: viewer.")


def seen_by(page: Page) -> tuple[list[str], list[str]]:
    """The companies and the stores of the first page."""
    page.goto("/")
    companies = page.locator("main section > h2 a").all_inner_texts()
    return sorted(companies), sorted(page.locator("article h3 a").all_inner_texts())


def assert_refused(page: Page, path: str, status: int, words: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    expect(page.locator("main")).to_contain_text(words)


def assert_changes_nothing(page: Page, chain: Chain) -> None:
    """What the accountant can read has no button that changes, and the rest is refused in words."""
    for path in ("/", f"/companies/{chain.north}", f"/stores/{chain.centre}"):
        page.goto(path)
        assert page.locator("main form[method=post] button").all_inner_texts() == [], path
    for path in (f"/stores/{chain.harbour}/settings", f"/companies/{chain.north}/stores/new"):
        assert_refused(page, path, 403, "Your role in Norte SL is viewer, and this takes the role manager.")


def hand_over(page: Page, company: str, email: str) -> None:
    page.goto(f"/companies/{company}/hand-over")
    choice = page.locator("select[name=account_id] option", has_text=email)
    page.get_by_label("To whom").select_option(choice.get_attribute("value"))
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_role("status")).to_contain_text("Norte SL is handed over to")


def leave(page: Page, company: str) -> None:
    page.goto(f"/companies/{company}/leave")
    page.get_by_role("button", name="Leave", exact=True).click()


def close_and_open(page: Page, company: str) -> None:
    page.goto(f"/companies/{company}/close")
    page.get_by_label("Its name, as it stands above").fill("Norte SL")
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("status")).to_contain_text("Norte SL is closed.")
    page.get_by_role("link", name="Open it again").click()
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("status")).to_contain_text("Norte SL is open again.")


def test_five_people_of_a_chain_see_and_do_what_their_roles_allow(chromium: Chromium, shop: Shop) -> None:
    ana, bea, max_, leo = (shop.owner() for _ in range(4))
    chain, vera = Chain.of(ana), f"vera-{uuid.uuid4().hex[:8]}@example.com"
    with ExitStack() as windows:
        anas, beas, maxs, leos, veras = (windows.enter_context(window(chromium, shop)) for _ in range(5))
        log_in(anas, ana.email)
        prove(anas)
        accept(beas, invite(anas, chain.north, bea.email, "owner"), bea.email)
        accept(maxs, invite(anas, chain.north, max_.email, "manager", "Centro"), max_.email)
        accept(leos, invite(anas, chain.south, leo.email, "manager"), leo.email)
        register_by(veras, invite(anas, chain.north, vera, "viewer"))
        assert seen_by(anas) == (["Norte SL", "Sur SL"], ["Centro", "Playa", "Puerto"])
        assert seen_by(beas) == (["Norte SL"], ["Centro", "Puerto"])
        assert seen_by(maxs) == (["Norte SL"], ["Centro"])
        assert seen_by(leos) == (["Sur SL"], ["Playa"])
        assert seen_by(veras) == (["Norte SL"], ["Centro", "Puerto"])
        assert_changes_nothing(veras, chain)
        assert_refused(maxs, f"/stores/{chain.harbour}/settings", 404, "There is no such")
        hand_over(anas, chain.north, bea.email)
        leave(anas, chain.north)
        assert seen_by(anas) == (["Sur SL"], ["Playa"])
        prove(beas)
        leave(beas, chain.north)
        expect(beas.get_by_role("alert")).to_contain_text("last owner")
        close_and_open(beas, chain.north)
        assert seen_by(beas) == (["Norte SL"], ["Centro", "Puerto"])
