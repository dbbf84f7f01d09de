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
        assert "Logged out." in terminal.try_to("logout").stderr
        assert "ana@example.com" not in terminal.run("status")
        terminal.run("companies", code=3)
    assert "Logged out." in terminal.try_to("logout").stderr
