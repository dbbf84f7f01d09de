"""The walls of the house, proved at run time; import-linter proves them in the source."""

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from factorypos_tui import core


def modules_loaded_by(statement: str) -> set[str]:
    """The top-level packages that a fresh interpreter holds after `statement`."""
    script = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


@pytest.mark.parametrize("library", ["textual", "rich", "httpx", "keyring", "fastapi", "click"])
def test_core_loads_no_outer_library(library: str) -> None:
    modules = ", ".join(
        module.name for module in pkgutil.walk_packages(core.__path__, "factorypos_tui.core.")
    )
    assert library not in modules_loaded_by(f"import {modules}")


def test_the_front_door_opens_no_room_before_it_is_asked_to() -> None:
    loaded = modules_loaded_by("import factorypos_tui.cli.main, factorypos_tui.cli.program")
    assert loaded.isdisjoint({"textual", "httpx", "keyring", "fastapi", "peewee", "schedule"})


def test_the_way_to_the_cloud_loads_no_library_for_screens() -> None:
    loaded = modules_loaded_by("import factorypos_tui.cloud.client")
    assert "httpx" in loaded
    assert loaded.isdisjoint({"rich", "pygments", "click"})


def test_a_command_of_the_till_loads_no_driver_of_a_server() -> None:
    loaded = modules_loaded_by(
        "import click; from factorypos_tui.cli.program import program as p;"
        " p.get_command(click.Context(p), 'worker'); import peewee;"
        " [sys.modules.pop(name) for name, found in [*sys.modules.items()] if found is None]"
    )
    assert "peewee" in loaded
    assert loaded.isdisjoint({"psycopg", "psycopg2", "pymysql", "MySQLdb"})


def test_rooms_of_tests_share_what_is_in_support_and_nothing_else() -> None:
    tests = Path(__file__).parents[1]
    strangers = [
        (str(file.relative_to(tests)), room)
        for file in tests.rglob("*.py")
        for room in re.findall(r"^from tests\.(\w+)", file.read_text("utf-8"), re.MULTILINE)
        if room not in ("support", "conftest", file.relative_to(tests).parts[0])
    ]
    assert strangers == []
