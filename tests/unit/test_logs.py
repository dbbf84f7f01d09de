"""The log's files: they rotate, and two processes that write at once lose no line."""

import json
import subprocess
import sys
from pathlib import Path

_WRITE = """
import logging, sys
from pathlib import Path
from factorypos_tui.cli import logs
logs._MAX_BYTES, logs._KEPT = 8_000, 400
with logs.write_logs_to(Path(sys.argv[1])):
    for number in range(int(sys.argv[3])):
        facts = {"who": sys.argv[2], "number": number}
        logging.getLogger("factorypos_tui.test").info("x" * 100, extra={"facts": facts})
"""
_LINES = 2000


def write(folder: Path, who: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _WRITE, str(folder), who, str(_LINES)])


def test_app_and_command_lose_no_line_while_the_log_rotates_under_them(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    processes = [write(folder, who) for who in ("app", "command")]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    files = list(folder.glob("factorypos.jsonl*"))
    assert len(files) > 50
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert all(file.stat().st_size <= 16_000 for file in files)
    lines = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    found = sorted((line["who"], line["number"]) for line in lines)
    assert found == [(who, number) for who in ("app", "command") for number in range(_LINES)]
