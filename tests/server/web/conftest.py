"""Browsers in front of a running server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.server.shop import Owner, Shop
from tests.server.web.browser import Browser
from tests.support.chromium import chromium

__all__ = ["chromium"]

Browsers = Callable[[str], Browser]


@pytest.fixture
def browsers(shop: Shop) -> Iterator[Browsers]:
    """Opens browsers that ask for pages in a language."""
    with ExitStack() as opened:

        def opening(language: str) -> Browser:
            browser = Browser(shop, language)
            opened.callback(browser.http.close)
            return browser

        yield opening


@pytest.fixture
def browser(browsers: Browsers) -> Browser:
    """A browser in which nobody is logged in."""
    return browsers("en")


@pytest.fixture
def owners_browser(browser: Browser, owner: Owner) -> Browser:
    """A browser in which `owner` is logged in."""
    browser.log_in(owner)
    return browser
