"""Text leaves a command through one door, `cli/output.py`, which makes it harmless."""

import ast
from collections.abc import Iterator
from pathlib import Path

import factorypos_tui

_PROGRAM = Path(factorypos_tui.__file__).parent
_DOOR = "cli/output.py"
_OTHER_DOORS = {
    "server/openapi.py",  # writes a document of ours for a file, never a name
}
_SAYING = {"echo", "secho", "echo_via_pager", "prompt", "confirm", "progressbar", "print"}


def test_no_command_speaks_past_the_door() -> None:
    bypasses = [
        f"{name}:{line}"
        for path in sorted(_PROGRAM.rglob("*.py"))
        if (name := path.relative_to(_PROGRAM).as_posix()) != _DOOR and name not in _OTHER_DOORS
        for line in _sayings(ast.parse(path.read_text("utf-8")))
    ]
    assert bypasses == []


def _sayings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_saying(node.func):
            yield node.lineno


def _is_saying(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id == "print"
    if not isinstance(function, ast.Attribute):
        return False
    owner = ast.unparse(function.value)
    writes = function.attr in ("write", "writelines") and owner.startswith(("sys.stdout", "sys.stderr"))
    return writes or (owner == "click" and function.attr in _SAYING)
