"""Workers killed at random on a bad line, and their judge, the checker: it must be able to fail."""

import ast
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.core.delivery.drain import drain_once
from tests.faults import checker
from tests.faults.checker import read_places, wrong_at_peace, wrong_under_way
from tests.faults.world import CloudProcess, Owner

_ROOT = Path(__file__).parents[2]
_LIMIT_S = 240
_COPY = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))"


@pytest.mark.timeout(_LIMIT_S + 30)
def test_of_60_workers_killed_on_a_bad_line_none_loses_or_doubles_a_z_or_acknowledges_it_early() -> None:
    command = [sys.executable, "benchmarks/torture.py", "--kills", "60", "--seed", "7"]
    with subprocess.Popen(
        command,
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as run:
        try:
            said, _nothing = run.communicate(timeout=_LIMIT_S)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            said, _nothing = run.communicate()
    assert run.returncode == 0, said
    assert "peace after 60 kills" in said


@pytest.fixture(scope="module")
def sent(owner: Owner, shared_cloud: CloudProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the files of a till with three days sent, and of its cloud's, in one folder."""
    folder = tmp_path_factory.mktemp("sent")
    bar = owner.open_bar(tmp_path_factory.mktemp("torture") / "bar", 3)
    drain_once(bar.station)
    bar.close()
    (cloud,) = shared_cloud.home.glob("*.db")
    for path, name in (
        (bar.home / "till.db", "till.db"),
        (bar.home / "sync.db", "sync.db"),
        (cloud, "cloud.db"),
    ):
        subprocess.run([sys.executable, "-c", _COPY, path, folder / name], check=True, timeout=60)
    return folder


@pytest.fixture
def places(sent: Path, tmp_path: Path) -> Path:
    """The same, to be falsified."""
    return Path(shutil.copytree(sent, tmp_path / "places"))


def falsify(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.create_function("in_dollars", 1, in_dollars)
        database.executescript(f"BEGIN; {statements}; COMMIT")


def in_dollars(body: bytes) -> bytes:
    """A report, packed or not, in another currency."""
    if body.startswith(b"{"):
        return body.replace(b'"EUR"', b'"USD"')
    return zlib.compress(in_dollars(zlib.decompress(body)))


def found(places: Path) -> list[str]:
    return list(wrong_at_peace(read_places(places, places / "cloud.db")))


def test_the_checker_finds_nothing_wrong_where_all_is_well(places: Path) -> None:
    assert found(places) == []


_LOOSE = "CREATE TABLE loose AS SELECT * FROM {0}; DROP TABLE {0}; ALTER TABLE loose RENAME TO {0};"
_DOUBLED = _LOOSE + "INSERT INTO {0} SELECT * FROM {0} WHERE z_number = 2"
_Z_2 = "(SELECT id FROM z_report WHERE z_number = 2)"
_ALTERED = "SET {0} = in_dollars({0})"


@pytest.mark.parametrize(
    ("file", "statements", "finding"),
    [
        ("cloud.db", _DOUBLED.format("z_report"), "cloud: Z 2 is there 2 times"),
        ("sync.db", _DOUBLED.format("shipment"), "queue: Z 2 is there 2 times"),
        ("cloud.db", "DELETE FROM z_report WHERE z_number = 2", "cloud: Z 2 is missing"),
        (
            "cloud.db",
            "DELETE FROM z_report WHERE z_number = 2",
            "queue: Z 2 counts as delivered, and the cloud does not hold it",
        ),
        ("sync.db", "DELETE FROM shipment WHERE z_number = 2", "queue: Z 2 is missing"),
        (
            "cloud.db",
            f"UPDATE z_body {_ALTERED.format('document')} WHERE report_id IN {_Z_2}",
            "cloud: Z 2 is another there than in the queue",
        ),
        (
            "cloud.db",
            f"UPDATE z_body {_ALTERED.format('document')} WHERE report_id IN {_Z_2}",
            "cloud: Z 2 is not what its id and hash say",
        ),
        (
            "sync.db",
            f"UPDATE body {_ALTERED.format('bytes')} WHERE shipment_id = 2",
            "cloud: Z 2 is another there than in the queue",
        ),
        (
            "sync.db",
            "UPDATE shipment SET delivered_at = '2026-01-01T00:00:00.000Z' WHERE z_number = 2",
            "queue: Z 2 was acknowledged before the cloud had it",
        ),
        (
            "sync.db",
            "UPDATE shipment SET state = 'sending' WHERE z_number = 2",
            "queue: Z 2 is stuck, sending",
        ),
        (
            "sync.db",
            "UPDATE shipment SET attempts = 7 WHERE z_number = 2",
            "queue: Z 2 was tried 7 times, and of 1 the end is known",
        ),
        ("sync.db", "UPDATE shipment SET id = 100 WHERE z_number = 2", "queue: Z 2 stands behind Z 3"),
        (
            "sync.db",
            "UPDATE tally SET shipments = 9 WHERE state = 'pending'",
            "sync.db: the tally of pending is wrong",
        ),
        (
            "cloud.db",
            "INSERT INTO conflict (terminal_id, content_hash, report_id, document, received_at)"
            " SELECT terminal_id, content_hash, id, X'7b7d', received_at FROM z_report",
            "cloud: another content was refused for ",
        ),
    ],
)
def test_the_checker_names_what_is_doubled_missing_altered_early_stuck_or_out_of_order(
    places: Path, file: str, statements: str, finding: str
) -> None:
    falsify(places / file, statements)
    assert any(line.startswith(finding) for line in found(places)), found(places)


def test_the_checker_names_an_acknowledgement_without_its_report_also_while_the_run_goes_on(
    places: Path,
) -> None:
    falsify(places / "cloud.db", "DELETE FROM z_report WHERE z_number = 2")
    assert list(wrong_under_way(read_places(places, places / "cloud.db"))) == [
        "queue: Z 2 counts as delivered, and the cloud does not hold it"
    ]


def _other_takings(document: dict[str, Any]) -> None:
    document["totals"]["net"] += 100


def _other_chain(document: dict[str, Any]) -> None:
    document["previous_hash"] = "0" * 64


@pytest.mark.parametrize(
    ("alter", "finding"),
    [
        (_other_takings, "cloud: Z 2 says other than the till"),
        (_other_chain, "cloud: Z 2 does not follow the one before it"),
    ],
)
def test_the_checker_names_a_z_that_was_made_wrong_before_it_was_hashed(
    places: Path, alter: Callable[[dict[str, Any]], None], finding: str
) -> None:
    with (
        closing(sqlite3.connect(places / "sync.db")) as queue,
        closing(sqlite3.connect(places / "cloud.db")) as cloud,
    ):
        ((report_id, body),) = queue.execute(
            "SELECT report_id, bytes FROM shipment JOIN body ON shipment_id = id WHERE z_number = 2"
        )
        document = json.loads(zlib.decompress(body))
        alter(document)
        del document["content_hash"]
        wrong = _canonical(document)
        document["content_hash"] = hashlib.sha256(wrong).hexdigest()
        values = (document["content_hash"], _canonical(document), report_id)
        queue.execute("UPDATE shipment SET content_hash = ? WHERE report_id = ?", (values[0], report_id))
        queue.execute("UPDATE body SET bytes = ? WHERE shipment_id = 2", (zlib.compress(values[1]),))
        cloud.execute("UPDATE z_report SET content_hash = ? WHERE id = ?", (values[0], report_id))
        cloud.execute("UPDATE z_body SET document = ? WHERE report_id = ?", values[1:])
        queue.commit()
        cloud.commit()
    lines = found(places)
    assert finding in lines
    assert "cloud: Z 3 does not follow the one before it" in lines
    assert "cloud: Z 2 is not what its id and hash say" not in lines


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def test_the_checker_ends_in_1_and_says_how_many_it_compared(places: Path) -> None:
    falsify(places / "sync.db", "UPDATE shipment SET state = 'sending' WHERE z_number = 2")
    files = (str(places), str(places / "cloud.db"))
    command = [sys.executable, "-I", checker.__file__, *files, "at-peace"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()) == (
        1,
        ["queue: Z 2 is stuck, sending", "till 3 Z, queue 3 (2 delivered, 1 sending), cloud 3: 1 wrong"],
    )


def test_the_checker_shares_no_code_with_the_program() -> None:
    tree = ast.parse(Path(checker.__file__).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported <= sys.stdlib_module_names
