"""What another program wrote into `till.db`, with the program and FactoryCLOUD as they are run."""

import sqlite3
from pathlib import Path

from tests.support.foreign import BAD, Day, Sold, write_day, write_receipts
from tests.support.terminals import Terminal, serve_cloud


def test_wrong_rows_are_named_and_hold_no_other_day_up(tmp_path: Path) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "bar", address)
        terminal.run("till", "init", "--catalogue", "demo")
        terminal.connect()
        till = terminal.home / "till.db"
        assert write_day(till, Day((Sold(),), timezone=b"Mars/Olympus"))
        with sqlite3.connect(till) as database:
            write_receipts(database, (Sold(paid_too_much=-40), Sold(name=BAD)))
        database.close()
        closed = terminal.json("till", "close", "--yes")
        terminal.run("worker", "--once")
        status = terminal.json("status")

        assert {finding["code"] for finding in closed["findings"]} >= {"does_not_add_up", "bad_text"}
        named = {(finding["code"], finding["z_number"]) for finding in status["till"]["findings"]}
        assert named >= {("unknown_zone", 1), ("does_not_add_up", 2), ("bad_text", 2)}
        assert (status["queue"]["delivered"], status["queue"]["attention"]) == (1, 0)
        assert status["queue"]["uncollected"] == 1
        assert "Z 1: its time zone is not known. It is not sent until that is mended" in terminal.run(
            "status"
        )
