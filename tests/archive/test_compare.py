"""`archive compare`: a DSFinV-K zip made by hand beside the Zs of a till."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.archive.compare.closings import Difference, Field, differences, is_cash_compared
from factorypos_tui.archive.compare.dsfinvk import UnreadableZipError, read_closings
from tests.support.terminals import Terminal, serve_cloud

KEY = "Z_KASSE_ID;Z_ERSTELLUNG;Z_NR"
BEGINS = "K1;2026-11-30T22:00:00;1"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A till with two closed days in its queue."""
    with serve_cloud(tmp_path / "cloud", "--registration", "open") as address:
        terminal = Terminal(tmp_path / "home", address)
        terminal.run("till", "seed", "--days", "2", "--receipts", "3")
        terminal.connect()
        terminal.run("worker", "--once")
        yield terminal


def table(heading: str, *rows: str) -> bytes:
    lines = [heading, *rows]
    return "".join(";".join(f'"{it}"' for it in line.split(";")) + "\r\n" for line in lines).encode()


def tables(
    gross: str = "12,10", tax: str = "2,10", cash: str = "12,10", rate: str = "21,00"
) -> dict[str, bytes]:
    return {
        "cashpointclosing.csv": b"\xef\xbb\xbf"
        + table(f"{KEY};Z_BUCHUNGSTAG;Z_SE_BARZAHLUNGEN", f"{BEGINS};2026-11-30;{cash}"),
        "cashregister.csv": table(f"{KEY};KASSE_BASISWAEH_CODE", f"{BEGINS};EUR"),
        "vat.csv": table(f"{KEY};UST_SCHLUESSEL;UST_SATZ", f"{BEGINS};1;{rate}", f"{BEGINS};5;0.00"),
        "businesscases.csv": table(
            f"{KEY};GV_TYP;UST_SCHLUESSEL;Z_UMS_BRUTTO;Z_UMS_NETTO;Z_UST",
            f"{BEGINS};Umsatz;1;{gross};10,00;{tax}",
            f"{BEGINS};Geldtransit;5;50,00;50,00;0,00",
        ),
        "payment.csv": table(f"{KEY};ZAHLART_TYP;Z_ZAHLART_BETRAG", f"{BEGINS};Bar;{cash}"),
    }


def zipped(file: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return file


def told_by(reports: list[Any]) -> dict[str, bytes]:
    """The tables of a till that has these Zs, too."""
    kinds = ("closing", "vat", "case", "payment", "register", "cash", "place")
    rows: dict[str, list[str]] = {kind: [] for kind in kinds}
    for it in reports:
        key = f"K1;{it['business_date']}T23:00:00;{it['z_number']}"
        cash = sum(row["amount"] for row in it["payments"] if row["type"] == "cash")
        rows["closing"].append(f"{key};{it['business_date']};{_decimal(cash)}")
        rows["register"].append(f"{key};{it['currency']}")
        rows["cash"].append(f"{key};{it['currency']};{_decimal(cash)}")
        rows["place"].append(f"{key};Filiale 1")
        for n, row in enumerate(it["taxes"]):
            rows["vat"].append(f"{key};{n};{row['rate']}")
            amounts = ";".join(_decimal(row[name]) for name in ("gross", "base", "tax"))
            rows["case"].append(f"{key};Umsatz;{n};{amounts}")
        for row in it["payments"]:
            kind = {"cash": "Bar", "card": "ECKarte"}.get(row["type"], "ElZahlungsdienstleister")
            rows["payment"].append(f"{key};{kind};{_decimal(row['amount'])}")
    return {
        "cashpointclosing.csv": table(f"{KEY};Z_BUCHUNGSTAG;Z_SE_BARZAHLUNGEN", *rows["closing"]),
        "cashregister.csv": table(f"{KEY};KASSE_BASISWAEH_CODE", *rows["register"]),
        "vat.csv": table(f"{KEY};UST_SCHLUESSEL;UST_SATZ", *rows["vat"]),
        "businesscases.csv": table(
            f"{KEY};GV_TYP;UST_SCHLUESSEL;Z_UMS_BRUTTO;Z_UMS_NETTO;Z_UST", *rows["case"]
        ),
        "payment.csv": table(f"{KEY};ZAHLART_TYP;Z_ZAHLART_BETRAG", *rows["payment"]),
        "cash_per_currency.csv": table(f"{KEY};ZAHLART_WAEH;ZAHLART_BETRAG_WAEH", *rows["cash"]),
        "location.csv": table(f"{KEY};LOC_NAME", *rows["place"]),
    }


def _decimal(minor: int) -> str:
    return f"{minor / 100:.2f}".replace(".", ",")


def test_what_is_the_same_and_what_differs_is_said(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("queue", "export", str(tmp_path / "queue.jsonl"))
    lines = (tmp_path / "queue.jsonl").read_text("utf-8").splitlines()
    reports = [it["report"] for it in map(json.loads, lines) if it["kind"] == "Z"]
    file = zipped(tmp_path / "till.zip", told_by(reports))
    said = terminal.run("archive", "compare", str(file))
    assert said.startswith("2 closes compared.")
    assert "The store Bar Maritim here is taken for Filiale 1 in the file." in said
    reports[0]["business_date"] = "2020-01-01"
    reports[0]["payments"][0]["amount"] += 5
    reports[0]["taxes"][0]["gross"] -= 100
    later = reports[1] | {"z_number": 9}
    zipped(file, told_by([reports[0], later]))
    found = json.loads(terminal.run("archive", "compare", "--json", str(file), code=1))
    assert [(it["z_number"], it["field"]) for it in found["differences"]] == [
        (1, "date"),
        (1, "gross"),
        (1, "total"),
        (1, "payments"),
        (2, "missing_there"),
        (9, "missing_here"),
    ]
    assert "2020-01-01" in terminal.try_to("archive", "compare", str(file)).stdout
    assert terminal.try_to("archive", "compare", "--register", "K2", str(file)).returncode == 2
    assert terminal.try_to("archive", "compare", "--terminal", "x", str(file)).returncode == 2


def test_a_zip_is_read_with_its_key_commas_and_mark(tmp_path: Path) -> None:
    found = read_closings(zipped(tmp_path / "a.zip", tables()))
    close = found["K1"][1]
    assert (close.date, close.currency, dict(close.payments)) == ("2026-11-30", "EUR", {"cash": 1210})
    assert {f"{rate:f}": it for rate, it in close.by_rate.items()} == {"21": (1210, 210)}


def test_cash_is_compared_by_currency_and_more_than_one_is_said(tmp_path: Path) -> None:
    heading, files = f"{KEY};ZAHLART_WAEH;ZAHLART_BETRAG_WAEH", tables()
    here = {1: replace(read_closings(zipped(tmp_path / "a.zip", files))["K1"][1], cash={"EUR": 1210})}
    for rows, told in (
        ([f"{BEGINS};EUR;12,10"], []),
        ([f"{BEGINS};EUR;12,00"], [Difference(1, Field.CASH, "EUR", 1210, 1200)]),
        ([], [Difference(1, Field.CASH, "EUR", 1210, 0)]),
        ([f"{BEGINS};EUR;1,10", f"{BEGINS};JPY;1800"], []),
    ):
        files["cash_per_currency.csv"] = table(heading, *rows)
        there = read_closings(zipped(tmp_path / "a.zip", files))["K1"]
        assert list(differences(here, there)) == told
        assert is_cash_compared(here[1], there[1]) is (len(rows) < 2)
    assert there[1].cash == {"EUR": 110, "JPY": 1800}
    other = {1: replace(here[1], currency="CHF")}
    assert list(differences(other, there)) == [Difference(1, Field.CURRENCY, "", "CHF", "EUR")]


def test_a_close_of_another_place_than_its_store_is_told(tmp_path: Path) -> None:
    files, places = tables(), ("Filiale 1", "Filiale 1", "Kiosk", "Filiale 1", "Filiale 1")
    files["location.csv"] = table(f"{KEY};LOC_NAME", f"{BEGINS};Filiale 1")
    one = read_closings(zipped(tmp_path / "a.zip", files))["K1"][1]
    assert one.place == "Filiale 1"
    there = {n: replace(one, z_number=n, place=place) for n, place in enumerate(places, 1)}
    stores = ("Bar", "Bar", "kiosk ", "kiosk ", "Bar")
    here = {n: replace(one, z_number=n, place=store) for n, store in enumerate(stores, 1)}
    assert list(differences(here, there)) == [Difference(4, Field.PLACE, "", "kiosk ", "Filiale 1")]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("vat.csv", None),
        ("payment.csv", b"\xff\xfe"),
        ("payment.csv", b'"a";"b\r\n'),
        ("payment.csv", b"x" * (1 << 20)),
        ("vat.csv", table(f"{KEY};UST_SCHLUESSEL;UST_SATZ")),
        ("businesscases.csv", tables(gross="NaN")["businesscases.csv"]),
        ("cashpointclosing.csv", tables(cash="1e9")["cashpointclosing.csv"]),
        (
            "cash_per_currency.csv",
            table(f"{KEY};ZAHLART_WAEH;ZAHLART_BETRAG_WAEH", f"{BEGINS};euro;1,00"),
        ),
    ],
)
def test_what_is_no_dsfinvk_is_refused(tmp_path: Path, name: str, raw: bytes | None) -> None:
    files = tables() | {name: raw or b""}
    if raw is None:
        del files[name]
    with pytest.raises(UnreadableZipError):
        read_closings(zipped(tmp_path / "a.zip", files))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in tables().items():
            if name != "vat.csv":
                archive.writestr(name, raw)
        with archive.open("vat.csv", "w", force_zip64=True) as file:
            for _ in range(300):
                file.write(b"a;b\r\n" * (1 << 18))
    with pytest.raises(UnreadableZipError, match="too large"):
        read_closings(tmp_path / "a.zip")


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    with pytest.raises(UnreadableZipError):
        read_closings(tmp_path / "a.zip")
