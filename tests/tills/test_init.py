"""`till init`: with which catalogue a till begins."""

from pathlib import Path

import pytest

from factorypos_tui.core.configuration.configuration import CompanyData, Configuration, in_use
from factorypos_tui.core.configuration.document import decode, encode
from factorypos_tui.tills.bundled.demo_bar import DEMO_BAR
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support.configurations import BAR
from tests.tills.test_cli import Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "home")


def test_without_words_the_catalogue_is_empty_and_says_so(shell: Shell) -> None:
    assert "Its catalogue is empty: nothing can be sold yet." in shell.run("init").stdout
    held = BundledTill(shell.home / "till.db").configuration()
    assert held == Configuration(CompanyData("Terminal 01", "", "", "", "ES", "EUR"))
    said = shell.run("sale", "--item", "CAFE", code=1).stderr
    assert "no users yet: nothing can be sold" in said
    assert "config pull" in said
    assert shell.json("close")["receipts"] == 0


def test_a_till_is_where_its_shop_is(shell: Shell) -> None:
    shell.run("init", "--name", "Café del Mar", "--country", "mx", "--terminal-name", "Barra")
    till = BundledTill(shell.home / "till.db")
    assert till.configuration().company == CompanyData("Café del Mar", "", "", "", "MX", "MXN")
    assert (till.terminal().name, str(till.time_zone())) == ("Barra", "America/Mexico_City")


def test_what_is_said_goes_before_what_is_proposed(shell: Shell) -> None:
    made = shell.json("init", "--country", "ES", "--currency", "usd", "--zone", "atlantic/canary")
    assert (made["currency"], made["timezone"]) == ("USD", "Atlantic/Canary")


@pytest.mark.parametrize(
    ("machine", "where"),
    [
        ("America/Lima", ("PE", "PEN", "America/Lima")),
        ("UTC", ("ES", "EUR", "Europe/Madrid")),
    ],
)
def test_a_till_is_where_its_machine_is_else_in_spain_and_the_demo_bar_is_in_barcelona(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, machine: str, where: tuple[str, str, str]
) -> None:
    monkeypatch.setenv("TZ", machine)
    monkeypatch.setenv("LANG", "C")
    shell.run("init")
    till = BundledTill(shell.home / "till.db")
    company = till.configuration().company
    assert (company.country, company.currency, str(till.time_zone())) == where
    till.close()
    (shell.home / "till.db").unlink()
    made = shell.json("init", "--catalogue", "demo")
    assert (made["currency"], made["timezone"]) == ("EUR", "Europe/Madrid")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--country", "Atlantis"], "Atlantis is not a country"),
        (["--currency", "doubloon"], "doubloon is not a currency"),
        (["--name", ""], "The name of a shop is 1 to 100"),
        (["--name", "x" * 101], "The name of a shop is 1 to 100"),
    ],
)
def test_a_till_that_cannot_be_is_not_made(shell: Shell, arguments: list[str], words: str) -> None:
    assert words in shell.run("init", *arguments, code=2).stderr
    assert not shell.home.exists()


def test_prices_stay_in_the_currency_that_they_were_made_in(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_bytes(encode(BAR))
    refusal = shell.run("init", "--catalogue", str(file), "--currency", "USD", code=2).stderr
    assert "are in EUR: a till in USD cannot have them. No till was made." in refusal
    assert shell.json("init", "--catalogue", str(file), "--country", "PT")["currency"] == "EUR"


def test_a_till_begins_with_the_catalogue_of_a_document(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_bytes(encode(BAR))
    shell.run("init", "--catalogue", str(file))
    till = BundledTill(shell.home / "till.db")
    assert in_use(till.configuration()) == in_use(BAR)
    assert list(till.configuration_backups()) == []
    shell.run("sale", "--item", BAR.items[0].code, "--pay", BAR.payment_methods[0].code)
    assert shell.json("status")["receipts"] == 1


def test_the_demo_bar_is_a_catalogue_that_any_till_takes(shell: Shell) -> None:
    assert len(decode(encode(DEMO_BAR)).configuration.items) == len(DEMO_BAR.items)
    assert "is ready to sell" in shell.run("init", "--catalogue", "demo").stdout


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (None, "No such file or directory"),
        (b"{", "has no catalogue that can be used"),
        (encode(BAR).replace(b'"rate":"', b'"rate":"x'), "taxes T10, rate"),
    ],
)
def test_a_catalogue_that_cannot_be_used_makes_no_till(
    shell: Shell, tmp_path: Path, written: bytes | None, words: str
) -> None:
    file = tmp_path / "shop.json"
    if written is not None:
        file.write_bytes(written)
    refusal = shell.run("init", "--catalogue", str(file), code=2).stderr
    assert words in refusal
    assert "No till was made." in refusal
    assert not shell.home.exists()
