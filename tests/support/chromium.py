"""The system's own Chromium, for tests of the pages."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect, sync_playwright


def options() -> list[str]:
    """What its command line needs; root can have no sandbox."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """The system's own Chromium; a module that drives it has no asynchronous tests."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    expect.set_options(timeout=30_000)  # as all other steps have
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=options())
