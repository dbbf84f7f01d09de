"""The walls of the house, proved at run time; import-linter proves them in the source."""

import os
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


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["--version"], {}),
        (["--help"], {}),
        (
            [],
            {
                "_FACTORYPOS_TUI_COMPLETE": "bash_complete",
                "COMP_WORDS": "factorypos-tui st",
                "COMP_CWORD": "1",
            },
        ),
    ],
    ids=["--version", "--help", "completion"],
)
def test_what_names_commands_only_loads_none_of_them(
    tmp_path: Path, arguments: list[str], variables: dict[str, str]
) -> None:
    loaded = modules_loaded_by_the_program(tmp_path, *arguments, **variables)
    rooms = {name for name in loaded if name.startswith("factorypos_tui.core.") and name.count(".") == 2}
    assert rooms <= {"factorypos_tui.core.errors", "factorypos_tui.core.language"}
    assert loaded.isdisjoint({"peewee", "logging", "tomllib", "factorypos_tui.cli.station"})


def test_status_for_scripts_loads_what_it_reads_and_nothing_that_says_it(tmp_path: Path) -> None:
    assert modules_loaded_by_the_program(tmp_path, "till", "init")
    loaded = modules_loaded_by_the_program(tmp_path, "status", "--json")
    assert {"peewee", "factorypos_tui.core.status.status"} <= loaded
    assert loaded.isdisjoint(
        {"textual", "httpx", "ssl", "keyring", "tomllib", "logging.handlers", "tempfile"}
    )
    assert loaded.isdisjoint(
        {
            "factorypos_tui.cli.status_printing",
            "factorypos_tui.cli.tills",
            "factorypos_tui.core.recovery.recovery",
            "secrets",
            "shutil",
            "factorypos_tui.core.delivery.collector",
            "factorypos_tui.core.delivery.worker",
            "factorypos_tui.core.status.judging",
        }
    )


def modules_loaded_by_the_program(home: Path, *arguments: str, **variables: str) -> set[str]:
    """All modules that a run of the program holds at its end."""
    note = home.with_name(f"{home.name}-loaded")
    script = (
        "import atexit, sys; from pathlib import Path\n"
        f"atexit.register(lambda: Path({str(note)!r}).write_text(chr(10).join(sys.modules)))\n"
        "from factorypos_tui.cli.main import main; main()"
    )
    environment = {**os.environ, "FACTORYPOS_HOME": str(home), **variables}
    command = [sys.executable, "-c", script, *arguments]
    subprocess.run(command, env=environment, capture_output=True, check=True)
    return set(note.read_text().split("\n"))


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
