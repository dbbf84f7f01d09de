"""A command that a person is told to type works unchanged: it names the home that was named before."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import factorypos_tui
from factorypos_tui.core.language.hints import command, use_home

_PROGRAM = Path(factorypos_tui.__file__).parent


@pytest.fixture(autouse=True)
def afterwards() -> Iterator[None]:
    yield
    use_home(None)


def test_a_hint_names_the_home_that_was_named() -> None:
    assert command("verify --resend") == "factorypos-tui verify --resend"
    use_home(Path("/srv/the till"))
    assert command("verify --resend") == "factorypos-tui --home '/srv/the till' verify --resend"


def test_no_message_spells_a_command_of_ours_by_hand() -> None:
    spelled_out = [
        f"{path.relative_to(_PROGRAM)}:{node.lineno}"
        for path in _PROGRAM.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"factorypos-tui (-|[a-z])", node.value)
        and not node.value.startswith("`")
    ]
    assert spelled_out == []
