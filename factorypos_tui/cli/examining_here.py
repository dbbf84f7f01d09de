"""Checks of `doctor` that need no terminal: the program, the screen, the home and its settings."""

import os
import platform
import pwd
import sys
from collections.abc import Mapping
from dataclasses import replace

from factorypos_tui.cli.home import Home
from factorypos_tui.cli.owner import MACHINES_HOME, act_as_owner
from factorypos_tui.cli.station import SOFTWARE
from factorypos_tui.core.doctor import machine
from factorypos_tui.core.doctor.findings import Facts, Finding, Verdict
from factorypos_tui.core.language import _
from factorypos_tui.core.language.hints import program
from factorypos_tui.core.status.wording import no_address_words


def look_at_program() -> Finding:
    """Versions, as a supporter asks for them first."""
    import sqlite3

    from factorypos_tui.cli.build import version_of_this_build

    facts: Facts = {
        "version": version_of_this_build(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.system(),
        "machine": platform.machine(),
    }
    words = _("{software} on Python {python}, SQLite {sqlite}, {system} {machine}.")
    return Finding(Verdict.FINE, words.format(software=SOFTWARE, **facts), facts=facts)


def look_at_terminal(environment: Mapping[str, str]) -> Finding:
    """What the app can show here."""
    from factorypos_tui.tui.room import is_too_small, size_of
    from factorypos_tui.tui.tty.policy import policy_of

    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return Finding(Verdict.NOT_AVAILABLE, _("This is no terminal: input or output is a file or a pipe."))
    policy, (columns, lines) = policy_of(environment), size_of(sys.stderr.fileno())
    term = environment.get("TERM", "")
    facts: Facts = {
        "term": term,
        "columns": columns,
        "lines": lines,
        "colours": policy.colours.value,
        "glyphs": policy.glyphs.value,
        "encoding": policy.encoding,
    }
    shown = _("TERM={term}, {columns} x {lines}, {colours} colours, glyphs: {glyphs}, {encoding}.")
    words = shown.format(**facts)
    if term in ("", "dumb", "unknown"):
        return Finding(
            Verdict.PARTIAL, words + " " + _("It cannot show the app; commands work."), facts=facts
        )
    if is_too_small(columns, lines):
        return Finding(Verdict.PARTIAL, words + " " + _("It is too small for the app."), facts=facts)
    return Finding(Verdict.FINE, words, facts=facts)


def look_at_owner(home: Home) -> Finding:
    """Whose the home and its files are. Raises `StorageError` where they are not of one user."""
    act_as_owner(home.path)
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    words = _("The folder and its files are of {owner}.").format(owner=name)
    return Finding(Verdict.FINE, words, facts={"is_root": uid == 0})


def look_at_settings(home: Home, environment: Mapping[str, str]) -> Finding:
    """Where each setting comes from; no value is told. Raises `UsageError` where `config.toml` is wrong."""
    config, sources = home.config(environment), {"home": home.named_by, **home.sources(environment)}
    named: dict[str, list[str]] = {}
    for name, source in sources.items():
        named.setdefault(source, []).append(name)
    usual = named.pop("default", [])
    sentences = [
        _("From {source}: {names}.").format(source=source, names=", ".join(names))
        for source, names in named.items()
    ]
    if usual:
        sentences.append(_("Not set, so as the program has them: {names}.").format(names=", ".join(usual)))
    words = " ".join(sentences)
    facts: Facts = {**sources, "till_kind": config.till.kind}
    if config.cloud_url is None:
        return Finding(Verdict.PARTIAL, f"{no_address_words()} {words}", facts=facts)
    return Finding(Verdict.FINE, words, facts=facts)


def look_at_folder(home: Home) -> Finding:
    """The folder itself. There is one."""
    found = machine.look_at_folder(home.path)
    is_the_machines = not MACHINES_HOME.exists() or home.path.absolute() == MACHINES_HOME
    facts: Facts = {**found.facts, "beside_the_machines": not is_the_machines}
    if found.verdict is not Verdict.FINE or is_the_machines:
        return replace(found, facts=facts)
    words = _(
        "The service of this machine works on {machines}, and this is {folder}: two terminals, each with a"
        " till and a queue of its own."
    ).format(machines=MACHINES_HOME, folder=home.path)
    return Finding(Verdict.PARTIAL, words, f"sudo {program(MACHINES_HOME)} doctor", facts)


def look_at_room(home: Home) -> Finding:
    """Room on the disk of the folder. There is one."""
    return machine.look_at_room(home.path)


def look_at_disk(home: Home) -> Finding:
    """How fast the disk of the folder makes data safe. There is one."""
    return machine.look_at_sync_speed(home.path)
