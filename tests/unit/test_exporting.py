"""The queue is written to a file, however many pages it has."""

import csv
import json
from pathlib import Path

import pytest

from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.operations import exporting
from factorypos_tui.core.operations.exporting import EVERYTHING, Format, export_queue
from tests.support.stations import Shop


def test_every_page_of_the_queue_is_written_once(
    connected: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    collect(connected.station)
    monkeypatch.setattr(exporting, "_PAGE", 2)
    lines, table = tmp_path / "queue.jsonl", tmp_path / "queue.csv"
    assert export_queue(connected.station, lines, EVERYTHING, Format.JSONL) == 3
    assert export_queue(connected.station, table, EVERYTHING, Format.CSV) == 3
    documents = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    assert [document["z_number"] for document in documents] == [1, 2, 3]
    with table.open(encoding="utf-8", newline="") as rows:
        assert [row["z_number"] for row in csv.DictReader(rows)] == ["1", "2", "3"]
