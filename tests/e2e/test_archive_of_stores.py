"""A till that was at two stores: the export of one names what it has not, and is verified all the same."""

import json
from pathlib import Path

from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud


def test_the_export_of_one_store_names_the_days_of_the_other(tmp_path: Path) -> None:
    with TinyCloud() as cloud:
        terminal = Terminal(tmp_path / "till", cloud.address)
        terminal.run("till", "init", "--catalogue", "demo")
        terminal.connect(stays=True)
        terminal.run("stores", "create", "--company", "Maritim SL", "--name", "Kiosk")
        for store in ("Bar Maritim", "Kiosk", "Kiosk", "Bar Maritim"):
            terminal.run("assign", "--store", store, "--move", "--stay-logged-in")
            terminal.run("till", "close", "--yes")
            terminal.run("worker", "--once")
    out = tmp_path / "out"
    export = ("archive", "export", "--format", "json", "--out", str(out))
    said = terminal.try_to(*export, "--store", "Bar Maritim").stderr
    assert "2 Z reports between them are of other stores or days" in said
    checked = json.loads(terminal.run("archive", "verify", str(out), "--json"))
    assert checked["ok"] is True
    (told,) = checked["terminals"]
    assert (told["count"], told["not_asked_for"]) == (2, [{"first": 2, "last": 3}])
    assert any("of other stores or days" in words for words in checked["not_checked"])
    assert "as the export says: Z 2-3." in terminal.run("archive", "verify", str(out))
