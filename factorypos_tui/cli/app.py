"""The full-screen app: refuses an unsuitable terminal, runs the engine behind the screens, and ends with an
exit code that tells the truth."""

import gc
import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.engine import Engine
from factorypos_tui.core.errors import TerminalUnsuitable
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.settings import get_setting
from factorypos_tui.core.snapshot import take_snapshot
from factorypos_tui.core.station import Station

if TYPE_CHECKING:
    from factorypos_tui.core.doctor.findings import Examination

# Textual reads these when it is imported. It animates nothing, and our driver decides how many colours reach
# the terminal.
_TEXTUAL_SWITCHES = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_COLOR_SYSTEM": "truecolor"}
# How long Textual waits after an Esc for the rest of a key's sequence, in ms. A slow line needs time to send
# the whole sequence; at the machine itself Esc should act at once.
_BEGIN_AGAIN = -1  # `BEGIN_AGAIN` of the app, which is not loaded here
_ESC_DELAY_REMOTE, _ESC_DELAY_HERE = "400", "50"


def run_app(home: Home, looks: Mapping[str, str]) -> None:
    """Open the app of a home and end the process with the app's exit code. `looks` override the settings.

    Raises `TerminalUnsuitable` where nobody could see the app."""
    refuse_unsuitable_terminal(os.environ)
    code = _BEGIN_AGAIN
    while code == _BEGIN_AGAIN:
        with open_station(home) as station:
            code = show(home, station, looks)
    sys.exit(code)


def looks_asked_for(options: Mapping[str, object]) -> dict[str, str]:
    """The settings that options before the command set for this run only."""
    colours = {"colours": str(options["colours"])} if options["colours"] else {}
    return colours | ({"glyphs": "ascii"} if options["ascii"] else {})


def examination_of(home: Home) -> "Examination":
    """The checks of `doctor` for the app, over the station that is open already. The first frame does not
    wait for their code."""
    from factorypos_tui.cli.bundle import write_bundle
    from factorypos_tui.cli.examination import Patient, checks_of
    from factorypos_tui.core.doctor.findings import Examination
    from factorypos_tui.core.doctor.terminal_state import TerminalState

    def patient(station: Station) -> Patient:
        return Patient(home, lambda: TerminalState(station))

    return Examination(
        checks=lambda station: checks_of(patient(station)),
        write_bundle=lambda station, examined, path: write_bundle(patient(station), examined, path),
    )


def show(home: Home, station: Station, looks: Mapping[str, str]) -> int:
    """Run engine and app until the operator leaves; returns the exit code. `looks` override the settings."""
    for name, value in _TEXTUAL_SWITCHES.items():
        os.environ.setdefault(name, value)
    remote = os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY")
    os.environ.setdefault("ESCDELAY", _ESC_DELAY_REMOTE if remote else _ESC_DELAY_HERE)
    from factorypos_tui.tui.app import FactoryPosApp

    engine = Engine(station, "app")

    def begin() -> None:
        gc.collect()
        gc.freeze()  # later frames need what the first one needed
        gc.enable()
        engine.start_looking()

    with station.connections():  # the app asks from threads of its own
        names = ("theme", "colours", "glyphs", "mouse")
        settings = {name: get_setting(station.database, name) for name in names}
        first = take_snapshot(station)
    mouse = settings.pop("mouse") == "on"
    examination = partial(examination_of, home)
    app = FactoryPosApp(
        engine, first, station.clock, {**settings, **looks}, begin=begin, examination=examination
    )
    try:
        app.run(mouse=mouse)
    finally:
        engine.stop()
    while app.return_code == _BEGIN_AGAIN and not engine.stop():
        pass  # a request may be under way; the engine that follows needs the lock
    return app.return_code or 0


def refuse_unsuitable_terminal(environment: Mapping[str, str]) -> None:
    """Raise `TerminalUnsuitable` where there is no terminal, or a dumb one."""
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise TerminalUnsuitable(
            _("The app needs a terminal. Without one, use the commands: {command}").format(
                command=command("--help")
            )
        )
    if environment.get("TERM", "") in ("", "dumb", "unknown"):
        words = _(
            "This terminal cannot show the app (TERM is not set, or dumb). Set it, such as"
            " TERM=xterm-256color, or use the commands: {command}"
        )
        raise TerminalUnsuitable(words.format(command=command("--help")))
