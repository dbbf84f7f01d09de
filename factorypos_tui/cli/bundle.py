"""The bundle for support: collected, allowed, searched for what is the shop's, and only then written."""

import json
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from factorypos_tui import __version__
from factorypos_tui.cli.examination import Patient
from factorypos_tui.cli.log import entries_of
from factorypos_tui.core.account.accounts import account
from factorypos_tui.core.account.assignment import TERMINAL, kept_of, load_assignment
from factorypos_tui.core.account.ending import USER
from factorypos_tui.core.doctor.bundle import leaks_in, log_file, report_file
from factorypos_tui.core.doctor.findings import Examined
from factorypos_tui.core.errors import FactoryPosError, KeyringLocked, TokenMissing
from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.instants import rfc3339, utc_now
from factorypos_tui.core.station import Station
from factorypos_tui.core.storage.files import new_private_bytes

_MOST_LINES = 20_000
_README = N_(
    "Made by an examination of this terminal. It was sent nowhere; whoever made it decides who gets it.\n\n"
    "manifest.json  what is in here, and what could not be collected\n"
    "report.json    each check: its verdict, and its facts as numbers and words of the program\n"
    "log.jsonl      the log: times, events, numbers and ids; each free text was left out, and counted\n\n"
    "It holds no password, no token, no name, no address and no amount. The ids of reports are in it.\n"
)


def write_bundle(patient: Patient, examined: Examined, path: Path) -> Path:
    """Write the bundle as a new file for its owner only. Raises `FactoryPosError` where the bundle would hold
    something of the shop's, and `UsageError` where there is a file of this name: then nothing is written."""
    collected: dict[str, str] = {"report.json": report_file(__version__, examined)}
    missing: dict[str, str] = {}
    _collect("log.jsonl", lambda: log_file(_newest(patient)), collected, missing)
    manifest = {"made_at": rfc3339(utc_now()), "version": __version__, "not_collected": missing}
    collected["manifest.json"] = json.dumps(
        manifest | {"files": sorted([*collected, "README.txt"])}, indent=1
    )
    _refuse_leaks(patient, collected, missing)
    collected["README.txt"] = _(_README)
    with new_private_bytes(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in collected.items():
            archive.writestr(name, content)
    return path


def _collect(name: str, make: Callable[[], str], collected: dict[str, str], missing: dict[str, str]) -> None:
    try:
        collected[name] = make()
    except (FactoryPosError, OSError) as error:
        missing[name] = type(error).__name__


def _newest(patient: Patient) -> Iterable[Mapping[str, object]]:
    return deque(entries_of(patient.home.logs), _MOST_LINES)


def _refuse_leaks(patient: Patient, files: Mapping[str, str], missing: Mapping[str, str]) -> None:
    names = {N_("the folder"): [str(patient.home.path)]}
    try:
        names |= _names_of(patient.state().station)
    except FactoryPosError as error:
        if "log.jsonl" not in missing and files["log.jsonl"]:
            raise FactoryPosError(
                _("No bundle was written: what must not be in it cannot be read. {why}").format(why=error)
            ) from error
    for leak in leaks_in(files, names):
        raise FactoryPosError(
            _("No bundle was written: {file} would have held {what}. Please report that.").format(
                file=leak.file, what=_(leak.what)
            )
        )


def _names_of(station: Station) -> dict[str, list[str]]:
    """All that must not leave, by what it is."""
    assignment = load_assignment(station.database)
    names = {
        N_("a token"): [_token(station, TERMINAL), _token(station, USER)],
        N_("an e-mail address"): [account(station) or ""],
        N_("an address of FactoryCLOUD"): [station.cloud_url or ""],
        N_("a name of the shop's"): [station.terminal_name or ""],
    }
    if assignment:
        names[N_("an e-mail address")].append(assignment.assigned_by or "")
        names[N_("a name of the shop's")] += [
            assignment.company.name,
            assignment.store.name,
            assignment.terminal.name,
        ]
    return names | _names_at_the_till(station)


def _token(station: Station, name: str) -> str:
    """Empty also where this process cannot read it: then it cannot have come into the files either."""
    with suppress(KeyringLocked, TokenMissing):
        kept = kept_of(station.credentials().get(name))
        return kept.token if kept else ""
    return ""


def _names_at_the_till(station: Station) -> dict[str, list[str]]:
    try:
        held = station.till.configuration()
    except FactoryPosError:  # a till that cannot be read tells no name, and wrote none into the log
        return {}
    return {
        N_("what the till says of the company"): [held.company.name or "", held.company.tax_id or ""],
        N_("a name of a user of the till"): [user.name for user in held.users],
    }
