"""`worker` until it is stopped: it waits for its first store, and begins again with what an administrator
changed."""

import logging
import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

from factorypos_tui.cli import service_manager
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.journal_lines import saying_what_matters
from factorypos_tui.cli.output import say
from factorypos_tui.cli.owner import act_as_owner
from factorypos_tui.cli.reading import reading_line
from factorypos_tui.cli.station import open_station
from factorypos_tui.cli.tills import UniCenta
from factorypos_tui.core.delivery.drain import busy
from factorypos_tui.core.delivery.link import ask_for_a_try
from factorypos_tui.core.delivery.worker import Drained
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.snapshot import Snapshot
from factorypos_tui.core.station import Station
from factorypos_tui.core.status.wording import no_address_words

_LOOK_S = 2.0
_log = logging.getLogger(__name__)


def send_until_stopped(home: Home) -> Drained:
    """Send until SIGTERM, SIGINT or SIGHUP; returns what was sent. Raises `WorkerBusy` where another process
    sends already, but a service waits for its turn."""
    stopped = threading.Event()
    delivered = refused = 0
    begins_again = False
    while True:
        setup = Setup(home)
        with open_station(home) as station:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # opening can be killed at any line
                signal.signal(number, lambda *_args: stopped.set())
            if begins_again:  # what the link rests for may be mended
                ask_for_a_try(station.database, station.clock.now())
            waits = begins_again or service_manager.is_there()
            with saying_what_matters(home.config().log_level):
                drained = _send(station, setup, stopped, waits=waits)
        delivered, refused = delivered + drained.delivered, refused + drained.attention
        if stopped.is_set():
            return replace(drained, delivered=delivered, attention=refused)
        begins_again = True


def _send(station: Station, setup: "Setup", stopped: threading.Event, *, waits: bool) -> Drained:
    """Send until stopped, or until the setup has changed and every thread has ended."""
    engine = Engine(station, "worker")
    if not engine.start() and not waits:
        engine.stop()
        raise busy(station)
    service_manager.notify("READY=1")
    engine.subscribe(Saying())
    with reading_line() as tell:
        engine.subscribe(lambda snapshot: tell(snapshot.status.till_view.not_queued.reading))
        _watch(engine, setup, stopped)
    return engine.drained()


def _watch(engine: Engine, setup: "Setup", stopped: threading.Event) -> None:
    """Tell the service manager that the engine works, until that has ended."""
    has_changed = False
    pause = min(_LOOK_S, service_manager.watchdog_interval_s() or _LOOK_S)
    while not stopped.wait(pause):
        if not engine.hangs():
            service_manager.notify("WATCHDOG=1")
        has_changed = has_changed or setup.has_changed()
        if has_changed and engine.stop():
            say(_("The configuration has changed: beginning again with it."))
            return
    service_manager.notify("STOPPING=1")
    engine.stop()


class Saying:
    """Says what the worker does or waits for, once each time that it changes: to the person or the journal,
    and to the service manager."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, snapshot: Snapshot) -> None:
        """Say what is new."""
        words = _words(snapshot)
        if words != self._said:
            self._said = words
            say(words)
            service_manager.notify(f"STATUS={words}")


def _words(snapshot: Snapshot) -> str:
    holder = snapshot.status.holder
    if holder and holder.pid != os.getpid():
        words = _("Process {pid} sends the reports; this one waits until that one ends.")
        return words.format(pid=holder.pid)
    if snapshot.status.assignment is None:
        return _("No store is assigned yet; this waits for one: {command}").format(command=command("assign"))
    if snapshot.status.cloud_url is None:
        return no_address_words()
    return _("Sending reports. Ctrl+C stops.")


class Setup:
    """The files that a station reads once, when it is opened."""

    def __init__(self, home: Home) -> None:
        """They are as they should be now. Raises as `Home.config`."""
        self._home = home
        config = home.config()
        password = config.till.password_file if isinstance(config.till, UniCenta) else ""
        names = ("config.toml", "unicenta.toml", config.ca_file, password)
        self._files = [home.path / name for name in names if name]
        self._seen = self._marks()

    def has_changed(self) -> bool:
        """Whether they are others now, and can be used. Where they cannot, it is said once, and sending goes
        on as before."""
        marks = self._marks()
        if marks == self._seen:
            return False
        self._seen = marks
        try:
            act_as_owner(self._home.path)
            self._home.config()
        except FactoryPosError as error:
            _log.error("config.toml not taken", extra={"facts": {"error": str(error)}})  # which says it
            say(_("This goes on as before, until that is mended."))
            return False
        return True

    def _marks(self) -> list[object]:
        return [_mark(file) for file in self._files]


def _mark(file: Path) -> tuple[int, ...]:
    """What differs once a file was written, or given another owner or mode."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_size, found.st_ctime_ns
