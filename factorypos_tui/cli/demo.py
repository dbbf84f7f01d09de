"""`demo`: a shop that sells and closes, its own FactoryCLOUD, and the app between them."""

import json
import logging
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random
from time import monotonic

import click

from factorypos_tui.cli.app import looks_asked_for, refuse_unsuitable_terminal, show
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.output import print_json, say
from factorypos_tui.cli.station import SOFTWARE, open_station
from factorypos_tui.core.account import accounts
from factorypos_tui.core.account.assignment import History, load_assignment
from factorypos_tui.core.configuration.upload import accept_upload, look_at_upload
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import CloudRefused, FactoryPosError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.instants import utc_now
from factorypos_tui.core.operations.enrolment import assign
from factorypos_tui.core.reports.closing import Closing, DayToClose
from factorypos_tui.core.settings import set_setting
from factorypos_tui.core.station import Station
from factorypos_tui.tills.bundled.periods import close_period
from factorypos_tui.tills.bundled.seeding import seed_days, sell_one
from factorypos_tui.tills.bundled.till import BundledTill

_log = logging.getLogger(__name__)
_DAYS_BEHIND = 14
_SECONDS_BETWEEN_SALES = 2.0
_SALES_A_DAY = 40
_LONGEST_COUNT_S = 60.0
"""A person who leaves the dialog is not heard of: after that, customers are served again."""
_STARTS_WITHIN_S = 30
_ACCOUNT_FILE = "demo.json"
_Customers = AbstractContextManager[Callable[[], None]]
"""Entered by the thread that sells; gives what serves one."""
_Bar = AbstractContextManager[tuple[Station, _Customers]]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """The account that the demo opened at its own FactoryCLOUD."""

    email: str
    password: str


@click.command(
    help=_(
        "Try it out: a bar, its own FactoryCLOUD, and the app.\n\n"
        "The bar keeps selling and closes its days; the FactoryCLOUD runs on this machine only. Everything "
        "is thrown away at the end, unless --home before the command says where to keep it."
    )
)
@click.option("--no-ui", is_flag=True, help=_("Run without the app; print address and account as JSON."))
@click.option(
    "--till",
    type=click.Choice(["bundled", "unicenta"]),
    default="bundled",
    show_default=True,
    help=_("The bar's till: the bundled one, or one in KriolOS's tables on a database server."),
)
@click.option(
    "--till-server",
    metavar="URL",
    help=_("For --till unicenta: any database of a server where the user in the URL may make another one."),
)
@click.pass_context
def demo(ctx: click.Context, no_ui: bool, till: str, till_server: str | None) -> None:
    if not no_ui:
        refuse_unsuitable_terminal(os.environ)
    for number in (signal.SIGTERM, signal.SIGHUP):  # these must stop the cloud and delete the folder
        signal.signal(number, lambda *_args: sys.exit(0))
    kept = ctx.parent is not None and ctx.parent.params["home"]
    if kept and till == "unicenta":
        raise UsageError(_("The database of --till unicenta is thrown away at the end: leave out --home."))
    if till_server and till != "unicenta":
        raise UsageError(_("--till-server is for --till unicenta."))
    looks = looks_asked_for(ctx.parent.params) if ctx.parent else {}
    folder = (
        nullcontext(str(ctx.obj.path)) if kept else tempfile.TemporaryDirectory(prefix="factorypos-demo-")
    )
    with folder as path:
        home = Home(Path(path))
        bar = _unicenta_bar(home, till_server) if till == "unicenta" else _bundled_bar(home)
        sys.exit(_run(home, bar, no_ui, looks))


@contextmanager
def _bundled_bar(home: Home) -> Iterator[tuple[Station, _Customers]]:
    seed_days(home.till_db, days=_DAYS_BEHIND, seed=1, now=utc_now(), terminal_name="Terminal 01")
    with open_station(home) as opened:
        till = _DemoTill(home.till_db)
        yield replace(opened, till=till), _customers(home, till)


@contextmanager
def _unicenta_bar(home: Home, server: str | None) -> Iterator[tuple[Station, _Customers]]:
    from factorypos_tui.cli.demo_unicenta import bar_in_a_database  # only who asks for it has its drivers

    with bar_in_a_database(home, server, _DAYS_BEHIND, _SALES_A_DAY) as serve, open_station(home) as station:
        yield station, nullcontext(serve)


def _run(home: Home, bar: _Bar, no_ui: bool, looks: Mapping[str, str]) -> int:
    account = _account(home)
    with _cloud_running(home) as address:
        _configure(home, address)
        with bar as (station, customers):
            _connect(station, account)
            page = _("The owner's page is {address}/. Log in there as {email} with the password {password}.")
            say(page.format(address=address, email=account.email, password=account.password))
            say(_("Mails that this FactoryCLOUD would send are in {folder}.").format(folder=_outbox(home)))
            with _shop_open(customers):
                if no_ui:
                    return _serve(station, account, home)
                return show(home, station, looks)


def _account(home: Home) -> DemoAccount:
    """The account of a kept demo, or a new one. Refuses a home that is not a demo's."""
    file = home.path / _ACCOUNT_FILE
    if file.exists():
        return DemoAccount(**json.loads(file.read_text("utf-8")))
    if home.sync_db.exists() or home.till_db.exists() or (home.path / "config.toml").exists():
        raise UsageError(_("{folder} is in use and is no demo. It was not touched.").format(folder=home.path))
    account = DemoAccount("demo@example.com", secrets.token_urlsafe(12))
    home.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as lines:  # noqa: PTH123 - a descriptor, made private
        json.dump(asdict(account), lines)
    return account


def _outbox(home: Home) -> Path:
    """Where the demo's FactoryCLOUD puts its mails in place of sending them."""
    return home.path / "cloud" / "outbox"


@contextmanager
def _cloud_running(home: Home) -> Iterator[str]:
    """Run a FactoryCLOUD as a process of its own, on a free port of this machine; gives its address."""
    command = [sys.executable, "-m", "factorypos_tui", "--home", str(home.path / "cloud"), "cloud", "serve"]
    server = subprocess.Popen(
        [*command, "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _address(server)
    finally:
        server.terminate()
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        for stream in (server.stdout, server.stderr):
            if stream:
                stream.close()


def _address(server: "subprocess.Popen[str]") -> str:
    """The address that the server prints when it listens. If it ends instead, its own message is raised."""
    giving_up = threading.Timer(_STARTS_WITHIN_S, server.kill)
    giving_up.start()
    line = server.stdout.readline() if server.stdout else ""
    giving_up.cancel()
    if not line:
        words = server.stderr.read().strip() if server.stderr else ""
        raise FactoryPosError(_("The demo's FactoryCLOUD did not start. {detail}").format(detail=words))
    return line.split()[-1]


def _configure(home: Home, address: str) -> None:
    """Keep tokens in the demo's own folder, never in the keyring of the person who tries it."""
    file = home.path / "config.toml"
    file.touch(mode=0o600)
    file.write_text(f'cloud_url = "{address}"\n\n[credentials]\nbackend = "file"\n', encoding="utf-8")
    for name in ("FACTORYPOS_CLOUD_URL", "FACTORYPOS_CA_FILE"):
        os.environ.pop(name, None)


def _connect(station: Station, account: DemoAccount) -> None:
    """Log in, assign a store and upload what the till sells, as an operator would."""
    try:
        accounts.log_in(station, account.email, account.password)
    except CloudRefused:  # the demo's first start
        accounts.register(station, account.email, account.password, "Ana")
    if load_assignment(station.database):
        return
    companies = accounts.companies(station)
    company = companies[0] if companies else accounts.create_company(station, "Maritim SL", "ES", "EUR")
    stores = accounts.stores(station, company.id)
    store = (
        stores[0] if stores else accounts.create_store(station, company.id, "Bar Maritim", "Europe/Madrid")
    )
    assign(station, company.id, store.id, History.ALL, move=False)
    accept_upload(station, look_at_upload(station))
    set_setting(station.database, "send_x_report", "on")


class _DemoTill(BundledTill):
    """The bar's till. Its customers wait while a person looks at the day to close: what is sold meanwhile
    would refuse every close."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._counter = threading.Lock()
        self._free_at = monotonic()

    @contextmanager
    def counter(self) -> Iterator[bool]:
        """Keep the counter during the block; gives whether customers are served now."""
        with self._counter:
            yield monotonic() >= self._free_at

    def day_to_close(self) -> DayToClose:
        with self._counter:
            self._free_at = monotonic() + _LONGEST_COUNT_S
            return super().day_to_close()

    def close_day(self, seen: DayToClose, counted: int | None = None) -> Closing:
        closing = super().close_day(seen, counted)
        self._free_at = monotonic()
        return closing


@contextmanager
def _customers(home: Home, counted: _DemoTill) -> Iterator[Callable[[], None]]:
    """Sell a receipt, and close the day after enough receipts; but not while a person looks at the day of
    the till that is `counted`."""
    till, random = BundledTill(home.till_db), Random()  # noqa: S311 - a demo's customers

    def serve() -> None:
        with counted.counter() as are_served:
            if are_served:
                sell_one(till, random, utc_now())
                if till.status().receipts >= _SALES_A_DAY:
                    close_period(till.database(), now=utc_now(), software=SOFTWARE)

    try:
        yield serve
    finally:
        till.close()


@contextmanager
def _shop_open(customers: _Customers) -> Iterator[None]:
    """Serve a customer every few seconds."""
    closing_time = threading.Event()

    def sell() -> None:
        with customers as serve:
            while not closing_time.wait(_SECONDS_BETWEEN_SALES):
                try:
                    serve()
                except FactoryPosError as error:
                    _log.warning("no sale", extra={"facts": {"error": str(error)}})

    shop = threading.Thread(target=sell, name="shop", daemon=True)
    shop.start()
    try:
        yield
    finally:
        closing_time.set()
        shop.join()


def _serve(station: Station, account: DemoAccount, home: Home) -> int:
    """Run without a screen until stopped."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_args: stopped.set())
    facts = {"cloud_url": station.cloud_url, "account": asdict(account), "home": str(home.path)}
    print_json(facts | {"outbox": str(_outbox(home))})
    say(_("The shop is open. Ctrl+C closes it."))
    engine = Engine(station, "worker")
    engine.start()
    stopped.wait()
    engine.stop()
    return 0
