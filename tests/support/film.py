"""Records `docs/tour.cast`: the program on a terminal, from the welcome to the end of a first day.

    python -m tests.support.film > docs/tour.cast

Everything on it is real: the program, its FactoryCLOUD, the till's sales. Only time is staged: the clocks
show one noon, and how long a frame stands is what a person needs to read it, however fast this machine is."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from factorypos_tui.tills.bundled.demo_bar import DEMO_BAR
from factorypos_tui.tills.bundled.opening import open_till
from factorypos_tui.tills.bundled.seeding import seed_days, sell_one
from factorypos_tui.tills.bundled.till import BundledTill
from tests.support import another_day
from tests.support.cast import Cast, Moment
from tests.support.configurations import with_item, without_item
from tests.support.windows import Terminal, terminal

COLUMNS, LINES = 100, 30
NOON = datetime(2026, 11, 23, 12, 40, tzinfo=UTC)
EMAIL, PASSWORD = "ana@example.com", "a long enough secret"
_MORNING = {6: 6, 7: 14, 8: 18, 9: 15, 10: 19, 11: 24, 12: 10}
"""Hour, UTC -> receipts."""
_LETTER_S, _GLANCE_S, _LOOK_S, _READ_S = 0.07, 1.0, 2.5, 5.0
_QUIET_S = 0.25


class Camera:
    """Presses keys on a terminal, and lets each picture stand for as long as a person needs for it."""

    def __init__(self, window: Terminal) -> None:
        self._window = window
        self._now_s, self._seen = 0.0, 0
        self.moments: list[Moment] = []

    def types(self, text: str) -> None:
        """A text, letter by letter."""
        for letter in text:
            self._window.press(letter)
            self._stands(_LETTER_S)

    def presses(self, key: str, *words: str, for_s: float = _LOOK_S) -> None:
        """A key; `words` are on the screen after it, which then stands for some seconds."""
        self._window.press(key)
        self.sees(*words, for_s=for_s)

    def sees(self, *words: str, for_s: float = _LOOK_S) -> None:
        """Something that comes by itself."""
        self._window.sees(*words)
        self._window.settles(_QUIET_S)
        self._stands(for_s)

    def _stands(self, for_s: float) -> None:
        self._films(0)
        begun = time.monotonic()
        while (passed_s := time.monotonic() - begun) < for_s:
            self._window.settles(min(for_s - passed_s, _QUIET_S))
            self._films(passed_s)
        self._now_s += for_s

    def _films(self, passed_s: float) -> None:
        if new := self._window.bytes[self._seen :]:
            self.moments.append(Moment(self._now_s + passed_s, new.decode()))
        self._seen += len(new)


def tour(camera: Camera, shop: "Shop") -> None:
    """What an operator does on the first day, and sees."""
    camera.sees("FactoryCLOUD", "Enter Choose", for_s=_READ_S)  # the welcome
    camera.presses("enter", "Password", for_s=_GLANCE_S)
    camera.types(EMAIL)
    camera.presses("enter", for_s=_GLANCE_S)
    camera.types(PASSWORD)
    camera.presses("enter", "Logged in")
    camera.presses("2", "Maritim SL", "1 of 1")
    camera.presses("enter", "Bar Maritim", "1 of 1")
    camera.presses("enter", "closed Z reports", for_s=_READ_S)
    camera.presses("1", "Everything is sent", for_s=_READ_S)
    for _receipt in range(3):
        shop.sells()
        camera.sees(f"{shop.receipts} receipts", for_s=_GLANCE_S)
    camera.presses("f4", "Cash counted")
    camera.types("459,80")
    camera.presses("enter", "The drawer is")
    camera.presses("enter", "Z 15", "Everything is sent", for_s=_READ_S)
    camera.presses("4", "delivered", "Z 15, ")
    camera.presses("enter", "Z REPORT 15")
    camera.presses("down", for_s=_GLANCE_S)
    camera.presses("escape", "Z 15, ", for_s=_GLANCE_S)
    camera.presses("escape", "Everything is sent", for_s=_GLANCE_S)
    camera.presses("f", "all its tills")
    camera.presses("w", "The last 12 weeks")
    camera.presses("escape", "Everything is sent", for_s=_GLANCE_S)
    shop.changes_prices()
    camera.presses("6", "1 Data Download")
    camera.presses("1", "CORTADO", for_s=_READ_S)
    camera.presses("enter", "Leave it as it is")
    camera.presses("down", for_s=_GLANCE_S)
    camera.presses("enter", "All right")
    camera.presses("1", "Data Download", for_s=_GLANCE_S)
    camera.presses("escape", "Everything is sent", for_s=_GLANCE_S)
    camera.presses("3", "What it does")
    camera.presses("f10")


class Shop:
    """Bar Maritim: its till, its owner, and the FactoryCLOUD that they use."""

    def __init__(self, folder: Path, ahead: timedelta, cloud_url: str) -> None:
        self.home, self._owner, self._ahead = folder / "till", folder / "owner", ahead
        self._environment = os.environ | {"FACTORYPOS_CLOUD_URL": cloud_url}
        self._till, self._chance = BundledTill(self.home / "till.db"), Random(1)  # noqa: S311

    def opens(self) -> None:
        """Two weeks and a morning lie behind it; the owner has an account with one store."""
        seed_days(self.home / "till.db", days=14, seed=1, now=NOON, terminal_name="Terminal 01")
        for hour, receipts in _MORNING.items():
            for number in range(receipts):
                self._sell(NOON.replace(hour=hour, minute=2 * number))
        self._owner_runs("register", "--email", EMAIL, "--name", "Ana", "--password-stdin", stdin=PASSWORD)
        company = self._owner_runs("companies", "create", "--name", "Maritim SL", "--json")
        store = self._owner_runs(
            *("stores", "create", "--company", json.loads(company)["id"], "--name", "Bar Maritim", "--json")
        )
        self._place = json.loads(company)["id"], json.loads(store)["id"]

    @property
    def receipts(self) -> int:
        """Those of the running day."""
        return self._till.status().receipts

    def sells(self) -> None:
        """One more receipt."""
        self._sell(datetime.now(UTC) + self._ahead)

    def changes_prices(self) -> None:
        """At another till of the store, the owner changes prices, and gives them to FactoryCLOUD."""
        dearer = with_item(DEMO_BAR, "CAFE", prices={"BARRA": 150, "TERRAZA": 180})
        dearer = with_item(dearer, "CORTADO", prices={"BARRA": 160, "TERRAZA": 190})
        dearer = without_item(with_item(dearer, "TE", name="Té verde"), "FLAN")
        open_till(self._owner / "till.db", dearer, now=NOON, name="Terminal 02", timezone="Europe/Madrid")
        company, store = self._place
        self._owner_runs("assign", "--company", company, "--store", store, "--history", "none")
        self._owner_runs("config", "push", "--yes")

    def command(self) -> list[str]:
        """The program at this shop's till."""
        return another_day.command(self._ahead, "--home", str(self.home))

    def _sell(self, now: datetime) -> None:
        sell_one(self._till, self._chance, now)

    def _owner_runs(self, *arguments: str, stdin: str = "") -> str:
        command = another_day.command(self._ahead, "--home", str(self._owner), *arguments)
        done = subprocess.run(
            command, input=stdin, env=self._environment, check=True, capture_output=True, text=True
        )
        return done.stdout


@contextmanager
def factory_cloud(home: Path, ahead: timedelta) -> Iterator[str]:
    """A FactoryCLOUD; gives its address."""
    command = another_day.command(ahead, "--home", str(home), "cloud", "serve", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=sys.stderr, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()


def record() -> Cast:
    """The film."""
    os.environ |= {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "TZ": "Europe/Madrid"}
    os.environ |= {"LANG": "C.UTF-8", "LANGUAGE": "en", "COLORTERM": ""}
    ahead = NOON - datetime.now(UTC)
    with tempfile.TemporaryDirectory() as name, factory_cloud(Path(name) / "cloud", ahead) as address:
        shop = Shop(Path(name), ahead, address)
        shop.opens()
        environment = {"FACTORYPOS_CLOUD_URL": address}
        with terminal(program=shop.command(), size=(COLUMNS, LINES), environment=environment) as window:
            camera = Camera(window)
            tour(camera, shop)
    return Cast("factorypos-tui", COLUMNS, LINES, camera.moments)


if __name__ == "__main__":
    sys.stdout.write(record().text)
