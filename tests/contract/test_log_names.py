"""The terminal's log and the server's share no code, and one set of names: that of docs/interfaces.md."""

import ast
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from factorypos_tui.cli.logs import JsonLine
from factorypos_tui.server.serving import JsonLines

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "factorypos_tui"
_GIVEN = {"facts", "extra", "known", "where"}


def documented() -> set[str]:
    """The names in the table of fields."""
    section = (ROOT / "docs" / "interfaces.md").read_text("utf-8").split("**Lines of a log**")[1]
    rows = re.findall(r"^\| (`.+?) \|", section.split("\n\n")[1], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


def written(files: list[Path]) -> set[str]:
    """The names that a program gives its records."""
    return {name for file in files for name in names_in(ast.parse(file.read_text("utf-8")))}


def names_in(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            for given in node.keywords:
                if given.arg == "extra" and re.match(r"_?log(ger)?\.", called):
                    yield from keys_of(given.value)
                elif re.fullmatch(r"(journal\.)?tell|move", called) and given.arg in ("result", "latency_ms"):
                    yield given.arg
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in given_by_name(tree):
            yield from keys_of(node.value)


def keys_of(node: ast.expr) -> Iterator[str]:
    """The keys of a dictionary, and of that under `facts`."""
    for entry in ast.walk(node):
        if isinstance(entry, ast.Dict):
            for key in entry.keys:
                if isinstance(key, ast.Constant) and key.value != "facts":
                    yield str(key.value)


def given_by_name(tree: ast.Module) -> set[str]:
    """The variables that are given to a record."""
    given = [node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "extra"]
    return {entry.id for value in given for entry in ast.walk(value) if isinstance(entry, ast.Name)} & _GIVEN


def sources(*, server: bool) -> list[Path]:
    return [file for file in SOURCE.rglob("*.py") if ("server" in file.relative_to(SOURCE).parts) is server]


def test_both_begin_a_line_alike() -> None:
    record = logging.LogRecord("factorypos_tui.x", logging.WARNING, "", 0, "odd", None, None)
    here, there = (json.loads(form().format(record)) for form in (JsonLine, JsonLines))
    assert list(here) == list(there) == ["at", "level", "from", "event"]
    assert {**here, "at": ""} == {**there, "at": ""}
    for line in (here, there):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", line["at"])


def test_every_name_that_either_writes_is_documented_once() -> None:
    till, server, known = written(sources(server=False)), written(sources(server=True)), documented()
    assert till - known == set()
    assert server - known == set()
    first = {"at", "level", "from", "event", "traceback"}
    from_moves = {"result", "revision", "latency_ms", "by", "crashes", "code"}  # given to `move` and `tell`
    assert known - till - server - first - from_moves == set()
