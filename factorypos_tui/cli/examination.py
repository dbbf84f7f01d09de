"""The checks of `doctor`, joined: what the machine, the terminal, the till and FactoryCLOUD say."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial

from factorypos_tui.cli.examining_here import (
    look_at_disk,
    look_at_folder,
    look_at_owner,
    look_at_program,
    look_at_room,
    look_at_settings,
    look_at_terminal,
)
from factorypos_tui.cli.examining_there import LOOKS_THERE, look_at_network
from factorypos_tui.cli.home import Home
from factorypos_tui.cli.owner import act_as_owner
from factorypos_tui.cli.station import open_station
from factorypos_tui.core.account.assignment import load_assignment
from factorypos_tui.core.doctor.findings import Check, Finding, Verdict
from factorypos_tui.core.doctor.terminal_state import LOOKS, SLOW_LOOKS, Look, TerminalState
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.language import N_, _


class NoTerminal(FactoryPosError):
    """There is nothing to look at."""


class Patient:
    """The terminal that is examined, opened as far as that is possible."""

    def __init__(self, home: Home, open_it: Callable[[], TerminalState]) -> None:
        """`open_it` raises `FactoryPosError` where the terminal cannot be opened."""
        self.home = home
        self._open = open_it
        self._opened: TerminalState | FactoryPosError | None = None
        self._is_cut_off = False

    def state(self) -> TerminalState:
        """What the terminal knows. Raises `FactoryPosError` where it cannot be opened; that is tried once."""
        if self._opened is None:
            try:
                self._opened = self._open()
            except FactoryPosError as error:
                self._opened = error
        if isinstance(self._opened, FactoryPosError):
            raise self._opened
        return self._opened

    def where_open(self, look: Callable[[TerminalState], Finding]) -> Finding:
        """What `look` finds; nothing where the terminal cannot be opened: the check `files` says why."""
        try:
            state = self.state()
        except NoTerminal as error:
            return Finding(Verdict.NOT_AVAILABLE, str(error))
        except FactoryPosError:
            words = _("It cannot be looked at: see the checks settings and files.")
            return Finding(Verdict.NOT_AVAILABLE, words)
        return look(state)

    def look_at_network(self) -> Finding:
        """What the way to FactoryCLOUD is like. Raises `FactoryPosError`."""
        found = look_at_network(self.home)
        self._is_cut_off = found.is_bad
        return found

    def where_answered(self, look: Callable[[TerminalState], Finding]) -> Finding:
        """What FactoryCLOUD says; it is not waited for again where the check `network` has found no way."""
        if self._is_cut_off:
            words = _("FactoryCLOUD cannot be asked: see the check network.")
            return Finding(Verdict.NOT_AVAILABLE, words)
        return self.where_open(look)


def open_state(home: Home, rooms: ExitStack) -> TerminalState:
    """Open the terminal of a home; it is closed with `rooms`. Where there is none, none is made. Raises
    `FactoryPosError`."""
    act_as_owner(home.path)
    if not (home.sync_db.exists() or home.till_db.exists()):
        raise NoTerminal(home.why_no_terminal())
    return TerminalState(rooms.enter_context(open_station(home)))


def checks_of(patient: Patient, environment: Mapping[str, str] = os.environ) -> Sequence[Check]:
    """Every check, the slow ones last."""
    at = patient.home

    def on_it(looks: Iterable[Look], *, slow: bool = False) -> list[Check]:
        return [Check(name, about, partial(patient.where_open, look), slow) for name, about, look in looks]

    folder, room, sync_speed = (
        partial(_where_there_is_one, at, look) for look in (look_at_folder, look_at_room, look_at_disk)
    )
    return (
        Check("program", N_("Versions of this program and of what it runs on."), look_at_program),
        Check("terminal", N_("What this terminal can show."), partial(look_at_terminal, environment)),
        Check("owner", N_("Whose the folder and its files are."), partial(look_at_owner, at)),
        Check(
            "settings", N_("Where each setting comes from."), partial(_look_at_settings, patient, environment)
        ),
        Check("folder", N_("Modes and file system of the folder."), folder),
        Check("files", N_("Damaged files, and those set aside."), partial(_look_at_files, patient)),
        Check("room", N_("Room on the disk."), room),
        *on_it(LOOKS),
        Check("sync-speed", N_("How fast the disk makes data safe."), sync_speed, is_slow=True),
        *on_it(SLOW_LOOKS, slow=True),
        Check("network", N_("The way to FactoryCLOUD, step by step."), patient.look_at_network, is_slow=True),
        *(
            Check(name, about, partial(patient.where_answered, look), True)
            for name, about, look in LOOKS_THERE
        ),
    )


def _where_there_is_one(home: Home, look: Callable[[Home], Finding]) -> Finding:
    """What `look` finds; nothing where there is no folder."""
    if home.path.is_dir():
        return look(home)
    verdict = Verdict.MISSING if look is look_at_folder else Verdict.NOT_AVAILABLE
    return Finding(verdict, home.why_no_terminal())


def _look_at_settings(patient: Patient, environment: Mapping[str, str]) -> Finding:
    """The settings. Without an address, no store gets reports. Raises as `look_at_settings`."""
    found = look_at_settings(patient.home, environment)
    if found.verdict is Verdict.PARTIAL:
        with suppress(FactoryPosError):
            if load_assignment(patient.state().station.database) is not None:
                return replace(found, verdict=Verdict.MISSING)
    return found


def _look_at_files(patient: Patient) -> Finding:
    """The files of the terminal. Raises `FactoryPosError` where it cannot be opened."""
    try:
        patient.home.config()
    except FactoryPosError:
        return Finding(Verdict.NOT_AVAILABLE, _("It cannot be looked at: see the check settings."))
    try:
        return patient.state().look_at_files()
    except NoTerminal as error:
        return Finding(Verdict.NOT_AVAILABLE, str(error))
