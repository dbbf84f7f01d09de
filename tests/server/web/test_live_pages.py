"""A live page in a browser that runs scripts: it shows what came in, and takes one stream a browser."""

import itertools
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route

from factorypos_tui.server.web.rendering import static_name
from tests.server.shop import Owner, Till
from tests.server.test_live_processes import Server, serving
from tests.support.forked import Circumstances
from tests.support.waiting import eventually

_LIVE = """<!doctype html><title>Live</title>
<body data-events="events?store={store}"><p id="asked" data-live>{asked}</p><p id="still">{asked}</p>
<script src="static/{script}" defer></script>"""
_HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    options = ("--metrics", "127.0.0.1")
    with serving(tmp_path_factory.mktemp("live") / "server", *options, found=Circumstances()) as server:
        yield server


@pytest.fixture
def owner(server: Server) -> Owner:
    return server.owner()


@pytest.fixture
def till(owner: Owner) -> Till:
    return owner.assign(owner.store())


@pytest.fixture
def browser(server: Server, owner: Owner, till: Till, chromium: Chromium) -> Iterator[BrowserContext]:
    """Chromium, with the owner of the till logged in. Its one page tells how often it was asked for."""
    times = itertools.count(1)

    def answer(route: Route) -> None:
        page = _LIVE.format(store=till.store, asked=next(times), script=static_name("live.js"))
        route.fulfill(body=page, content_type="text/html")

    with chromium.new_context() as context:
        context.route(f"{server.address}/", answer)
        context.add_cookies([{"name": "session", "value": owner.token, "url": server.address}])
        yield context


def opened(browser: BrowserContext, server: Server) -> Page:
    page = browser.new_page()
    page.goto(f"{server.address}/")
    return page


def asked(page: Page) -> int:
    """How often the page was asked for when what it shows was made."""
    page.wait_for_timeout(20)  # so that the browser's messages are heard
    return int(page.inner_text("#asked"))


def streams(server: Server) -> int:
    text = httpx.get(f"{server.address}/metrics", trust_env=False).text
    return int(re.findall(r"^factorycloud_streams\{.*\} (\d+)", text, re.MULTILINE)[0])


def test_windows_share_a_stream_and_show_what_comes_in(
    server: Server, till: Till, browser: BrowserContext
) -> None:
    windows = [opened(browser, server) for _ in range(2)]
    still = [window.inner_text("#still") for window in windows]
    eventually(lambda: asked(windows[0]) > 1 and streams(server) == 1)
    hear(till, 1, windows)
    assert [window.inner_text("#still") for window in windows] == still
    for number, (hidden, seen) in enumerate(itertools.permutations(windows), 2):
        before = asked(hidden)
        hidden.evaluate(_HIDDEN, True)
        wait_for_one_stream(server, seen)
        hear(till, number, [seen])
        assert asked(hidden) == before, "nobody sees it"
        hidden.evaluate(_HIDDEN, False)
        wait_until_asked_again(hidden, before)
    for window in windows:
        window.evaluate(_HIDDEN, True)
    eventually(lambda: asked(windows[0]) and not streams(server))


def wait_for_one_stream(server: Server, window: Page) -> None:
    eventually(lambda: asked(window) and streams(server) == 1)


def wait_until_asked_again(window: Page, before: int) -> None:
    eventually(lambda: asked(window) > before)


def hear(till: Till, number: int, windows: list[Page]) -> None:
    """Send a Z, of which each of these windows shows something."""
    before = max(map(asked, windows))
    assert till.send(till.z(number)).status_code == 201
    for window in windows:
        wait_until_asked_again(window, before)
