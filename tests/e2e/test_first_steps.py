"""From an empty home to the first Z by the list of first steps: real server, real engine, real terminal."""

from pathlib import Path

import pytest

from tests.e2e.test_first_day import EMAIL, fill_in
from tests.support.terminals import PASSWORD, Terminal, serve_cloud
from tests.support.windows import terminal

_WORDS = {
    "en": (
        "3 Have a look around first",
        "First steps",
        "F6 Make a till",
        "2 Assign business",
        "F4 Close the day",
        "Z 1 is in FactoryCLOUD",
        "This account has no company yet.",
        "This company has no store yet.",
        "1 Send every day from the first close on",
    ),
    "es": (
        "3 Echar antes un vistazo",
        "Primeros pasos",
        "F6 Crear una caja",
        "2 Asignar negocio",
        "F4 Cerrar el día",
        "Z 1 está en FactoryCLOUD",
        "Esta cuenta aún no tiene empresas.",
        "Esta empresa aún no tiene tiendas.",
        "1 Enviar cada día desde el primer cierre",
    ),
}


@pytest.mark.parametrize(("language", "term"), [("en", "xterm-256color"), ("es", "linux")])
def test_the_list_leads_from_an_empty_home_to_the_first_z_and_never_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, term: str
) -> None:
    welcome, steps, make, assign, close, moment, no_company, no_store, send = _WORDS[language]
    monkeypatch.setenv("TZ", "Europe/Madrid")
    with serve_cloud(tmp_path / "cloud") as address:
        monkeypatch.setenv("FACTORYPOS_CLOUD_URL", address)
        monkeypatch.setenv("LC_ALL", f"{language}_ES.UTF-8")  # the server has said in English where it is
        till = Terminal(tmp_path / "till", address)
        with terminal("--home", str(till.home), term=term) as window:
            window.sees(welcome)
            window.press("2")
            fill_in(window, EMAIL, "Ana", PASSWORD, PASSWORD)
            window.sees(steps, make, EMAIL)
            window.press("f6", then=("(ES)", "EUR", "Europe/Madrid"))
            fill_in(window, "Bar Lima", "", "", "")
            window.press("demo")
            window.press("enter", then="Bar Lima")
            window.press("enter", then=("Terminal 01", assign))
            window.press("2", then=no_company)
            window.press("enter", then=("ES", "EUR"))
            fill_in(window, "Lima SL", "", "", "")
            window.sees(no_store)
            window.press("f6", then="Europe/Madrid")
            fill_in(window, "Bar Lima", "", "")
            window.sees("Bar Lima (Lima SL).", send)
            window.press("1", then=("Bar Lima - Terminal 01", steps, close))
            till.run("till", "sale", "--item", "CAFE")
            till.run("till", "close")
            window.sees(moment)
            window.press("down")
            window.settles()
            assert steps not in window.screen
            window.press("f10")
            assert window.ends() == 0
        with terminal("--home", str(till.home), term=term) as window:
            window.sees("Bar Lima - Terminal 01", " Z 1 ")
            assert steps not in window.screen
            window.press("f10")
        status = till.json("status")
        assert (status["last_z"]["number"], status["queue"]["delivered"]) == (1, 1)
        assert till.json("till", "status")["terminal"]["name"] == "Terminal 01"
