"""A line of the log in words. Pure: the line has not been checked."""

from collections.abc import Mapping
from datetime import datetime

from factorypos_tui.core.language import N_, _, format_day, format_number, on_the_wall
from factorypos_tui.core.language.instants import instant_of
from factorypos_tui.core.language.text import one_line
from factorypos_tui.core.queue.transitions import MOVES
from factorypos_tui.core.queue.wording import reason_words

Entry = Mapping[str, object]
EVENTS = {move.said: move.words for move in MOVES} | {
    "queued": N_("queued"),
    "handed over": N_("goes to the store that is assigned now"),  # logged by older versions, as the next line
    "not sent again": N_("not sent again: its store was left"),
    "asked": N_("FactoryCLOUD was asked"),
    "online again": N_("FactoryCLOUD answers again"),
    "try failed": N_("a try failed"),
    "batch not taken": N_("several at once were not taken; tried one by one"),
    "comparison failed": N_("FactoryCLOUD's list could not be compared"),
    "settlement refused": N_("FactoryCLOUD did not take how a conflict was settled"),
    "closed elsewhere": N_("FactoryCLOUD has days that this till has not closed"),
    "corrected": N_("a damaged value was set right"),
    "corrected in the queue": N_("a damaged value was set right"),
    "salvaged": N_("read out of a damaged file"),
    "nothing could be salvaged": N_("nothing could be read out of a damaged file"),
    "recovered": N_("what a sender left behind waits again"),
    "database set aside": N_("a damaged file was set aside"),
    "assignment recalled": N_("FactoryCLOUD said which store this terminal belongs to"),
    "identity of its own": N_("this till became a terminal of its own"),
    "in trouble": N_("in trouble"),
    "config.toml not taken": N_("what was changed in config.toml was not taken"),
    "held up": N_("a closed day cannot become a report until its rows are mended"),
    "configuration accepted": N_("a configuration was accepted for after the close of the day"),
    "configuration taken back": N_("what was accepted for after the close was taken back"),
    "configuration taken": N_("the accepted configuration was taken after the close"),
    "configuration not taken": N_("the till did not take the accepted configuration"),
    "configuration not compared": N_("FactoryCLOUD's configuration could not be compared with the till's"),
    "no token in the keyring": N_("the keyring gives no token; the file is asked"),
    "token kept in the file": N_("the token is kept in the file"),
    "keyring not asked to forget": N_("the keyring was not asked to forget a token"),
    "older token not used": N_("a token older than the one assigned last is not used"),
    "job failed": N_("something due could not be done"),
    "mark": N_("marked for support"),
    "check crashed": N_("a check of the examination failed itself"),
    "terminal lost": N_("the terminal of the app is gone"),
    "unexpected": N_("something unexpected went wrong"),
    "crash": N_("the app had to stop"),
}
_SENTENCES = ("error", "said")
"""The field that holds the message that was shown; it tells the reason and its cause, too. Older versions
wrote the second."""
_FACTS = {
    "attempt": N_("try {value}"),
    "result": "{value}",
    "reports": N_("reports: {value}"),
    "changes": N_("changes: {value}"),
    "latency_ms": N_("after {value} ms"),
    "wait_s": N_("next try after {value} s"),
    "error": "{value}",
    "said": "{value}",
    "failures": N_("failed tries before: {value}"),
    "method": "{value}",
    "path": "{value}",
}
_REASONS = ("reason", "code", "cause")
_WHY = ("reason", "cause")
_RESULTS = {
    "created": N_("new at FactoryCLOUD"),
    "unchanged": N_("FactoryCLOUD had it already"),
    "replaced": N_("it took the place of an older one"),
    "stale": N_("FactoryCLOUD had a newer one"),
}
_BY = {"here": N_("here"), "there": N_("by the store's owner")}
_NOT_YET = {"attempt": 0, "revision": 0}
_SAID = {"at", "level", "from", "event", "report_id", "kind", "z_number", "status", "traceback"}
_LEVELS = {"warning": "!", "error": "!!", "critical": "!!"}


def entry_words(entry: Entry, *, dated: bool = True) -> str:
    """Instant, level, report, event, and all other facts of the line; without instant and level where whoever
    keeps the words notes both, as the journal does."""
    event = str(entry.get("event", "?"))
    event_words = _(EVENTS[event]) if event in EVENTS else event
    report = _report(entry)
    parts = [
        _when(entry.get("at")) if dated else "",
        _LEVELS.get(str(entry.get("level")), "") if dated else "",
        f"{report}:" if report else "",
        event_words,
    ]
    told = {name: value for name, value in entry.items() if name not in _SAID and value is not None}
    if told.keys() & {*_SENTENCES}:
        told = {name: value for name, value in told.items() if name not in _WHY}
    facts = [_fact(name, value) for name, value in told.items() if _NOT_YET.get(name) != value]
    if entry.get("status") is not None:
        facts.append(f"HTTP {entry['status']}")
    line = " ".join(filter(None, parts)) + (f" ({', '.join(facts)})" if facts else "")
    trace = entry.get("traceback")
    return one_line(line) + (f"\n{trace}" if trace else "")


def instant_of_entry(entry: Entry) -> datetime | None:
    """When the line was written; None where that cannot be read."""
    try:
        return instant_of(str(entry.get("at")))
    except ValueError:
        return None


def _when(at: object) -> str:
    try:
        local = on_the_wall(instant_of(str(at)))
    except (ValueError, OverflowError):
        return "?"
    return f"{format_day(local.date()):>6} {local:%H:%M:%S}"


def _report(entry: Entry) -> str:
    kind, number = entry.get("kind"), entry.get("z_number")
    return f"{kind} {number}" if kind and number is not None else str(kind or "")


def _fact(name: str, value: object) -> str:
    if name in _REASONS:
        return reason_words(str(value))
    words = {"result": _RESULTS, "by": _BY}.get(name, {}).get(str(value))
    if words:
        return _(words)
    shown = format_number(value) if isinstance(value, int) and not isinstance(value, bool) else str(value)
    shown = shown.removesuffix(".") if name in _SENTENCES else shown
    return _(_FACTS[name]).format(value=shown) if name in _FACTS else f"{name} {shown}"
