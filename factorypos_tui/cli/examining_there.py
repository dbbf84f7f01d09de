"""Checks of `doctor` that ask FactoryCLOUD. They change nothing there or here."""

from collections.abc import Sequence

from factorypos_tui.cli.home import Home
from factorypos_tui.core.account.assignment import assigned, terminal_token
from factorypos_tui.core.doctor.findings import Facts, Finding, Verdict
from factorypos_tui.core.doctor.terminal_state import Look, TerminalState
from factorypos_tui.core.errors import CloudRefused, CloudUnreachable, NotConnected, StorageError, UsageError
from factorypos_tui.core.language import N_, _, counted, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.queue import shipments


def look_at_network(home: Home) -> Finding:
    """The way to FactoryCLOUD: name, address, certificate, answer. Raises `UsageError`."""
    from factorypos_tui.cloud.steps import Step, walk_to_cloud

    try:
        config = home.config()
    except (UsageError, StorageError):
        return Finding(Verdict.NOT_AVAILABLE, _("It cannot be looked at: see the check settings."))
    if config.cloud_url is None:
        return Finding(Verdict.NOT_AVAILABLE, _("No address of FactoryCLOUD is known."))
    walk = walk_to_cloud(config.cloud_url, ca_file=config.ca_file, proxy=config.proxy)
    cause = walk.trouble.cause if walk.trouble else None
    facts: Facts = {
        **{step.value: step in walk.reached for step in Step},
        "proxy": walk.proxy is not None,
        "proxy_from": home.sources()["proxy"],
        "ca_file": config.ca_file is not None,
        "cause": cause.value if cause else None,
    }
    ways = [_proxy_words(walk.proxy, config.proxy, home.sources()["proxy"]), _trust_words(config.ca_file)]
    reached = ", ".join(step.value.upper() for step in walk.reached)
    if walk.trouble is None:
        words = _("FactoryCLOUD answers: {steps}.").format(steps=reached)
        return Finding(Verdict.FINE, " ".join([words, *ways]), facts=facts)
    so_far = _("Went well: {steps}.").format(steps=reached) if reached else _("Not even the name was found.")
    return Finding(Verdict.MISSING, " ".join([str(walk.trouble), so_far, *ways]), facts=facts)


def _proxy_words(on_the_way: str | None, named: str | None, source: str) -> str:
    if on_the_way:
        return _("Through the proxy {proxy}, from {source}.").format(proxy=on_the_way, source=source)
    if named:
        return _("Without the proxy: FactoryCLOUD is on this machine, or NO_PROXY names it.")
    return _("Without a proxy.")


def _trust_words(ca_file: str | None) -> str:
    if ca_file:
        return _("It trusts the authorities of this system, and the CA file.")
    return _("It trusts the authorities of this system.")


def look_at_token(state: TerminalState) -> Finding:
    """Whether FactoryCLOUD takes the token of this terminal, and for which store. Raises `TokenRefused`."""
    station = state.station
    try:
        assignment = assigned(station.database)
        bound = station.cloud().binding(terminal_token(station, assignment))
    except (NotConnected, StorageError, CloudUnreachable, UsageError):
        words = _("FactoryCLOUD cannot be asked: see the checks store, credentials and network.")
        return Finding(Verdict.NOT_AVAILABLE, words)
    facts: Facts = {
        "same_store": bound.store.id == assignment.store.id,
        "same_terminal": bound.terminal.id == assignment.terminal.id,
    }
    if not all(facts.values()):
        words = _("FactoryCLOUD takes the token for {store}, and this terminal sends for {ours}.")
        words = words.format(store=bound.store.name, ours=assignment.store.name)
        return Finding(Verdict.MISSING, words, command("assign"), facts)
    words = _("FactoryCLOUD takes the token, for {store}.").format(store=bound.store.name)
    return Finding(Verdict.FINE, words, facts=facts)


def look_at_days_there(state: TerminalState) -> Finding:
    """Whether FactoryCLOUD says that it has every Z that it has confirmed."""
    station = state.station
    try:
        assignment = assigned(station.database)
        confirmed = shipments.delivered_z_numbers(station.database, assignment.terminal.id)
        held = station.cloud().held_zs(terminal_token(station, assignment))
    except (NotConnected, StorageError, CloudUnreachable, CloudRefused, UsageError):
        words = _("FactoryCLOUD cannot be asked: see the check token.")
        return Finding(Verdict.NOT_AVAILABLE, words)
    numbers = {z.z_number for z in held}
    lost = sorted(confirmed - numbers)
    facts: Facts = {"there": len(numbers), "last": max(numbers, default=None), "lost": len(lost)}
    if lost:
        words = _("FactoryCLOUD has confirmed these closes and does not have them now: Z {numbers}.")
        return Finding(Verdict.MISSING, words.format(numbers=format_numbers(lost)), command("verify"), facts)
    if not numbers:
        return Finding(Verdict.FINE, _("FactoryCLOUD has no close of this terminal yet."), facts=facts)
    words = counted(
        "FactoryCLOUD says that it has {n} close of this terminal: Z {last}.",
        "FactoryCLOUD says that it has {n} closes of this terminal; the last one is Z {last}.",
        len(numbers),
        last=max(numbers),
    )
    return Finding(Verdict.FINE, words, facts=facts)


LOOKS_THERE: Sequence[Look] = (
    ("token", N_("Whether FactoryCLOUD takes the token, and for which store."), look_at_token),
    ("days-there", N_("Which closes FactoryCLOUD says it has."), look_at_days_there),
)
