"""Logging out ends what a person may do here, and nothing of what the terminal sends."""

from pathlib import Path

from tests.support.terminals import PASSWORD, Terminal, serve_cloud


def test_logout_ends_the_log_in_here_and_there(tmp_path: Path) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "till", address)
        terminal.run(
            "register", "--email", "ana@example.com", "--name", "Ana", "--password-stdin", stdin=PASSWORD
        )
        assert "ana@example.com" in terminal.run("status")
        assert terminal.try_to("logout").stderr == "Logged out.\n"
        assert "ana@example.com" not in terminal.run("status")
        terminal.run("companies", code=3)
    assert "Nobody was logged in." in terminal.try_to("logout").stderr


def test_the_log_in_ends_with_the_assignment_unless_it_is_to_stay(tmp_path: Path) -> None:
    with serve_cloud(tmp_path / "cloud") as address:
        terminal = Terminal(tmp_path / "till", address)
        terminal.run("till", "seed", "--days", "1", "--receipts", "2")
        terminal.connect()
        status = terminal.json("status")
        assert (status["connected"], status["account"], status["assigned_by"]) == (
            True,
            None,
            "ana@example.com",
        )
        terminal.run("worker", "--once")
        assert "in FactoryCLOUD, identical" in terminal.run("verify")
        terminal.run("config", "status")
        terminal.run("companies", code=3)
        assert "already" in terminal.try_to("assign").stderr
        terminal.run("login", "--email", "ana@example.com", "--password-stdin", stdin=PASSWORD)
        again = terminal.try_to("assign", "--history", "all", "--stay-logged-in")
        assert (again.returncode, "log-in has ended" in again.stderr) == (0, False)
        assert terminal.json("status")["account"] == "ana@example.com"
        nothing_new = terminal.try_to("assign").stderr
        assert "already" in nothing_new
        assert "log-in has ended" in nothing_new
        assert terminal.json("status")["account"] is None
