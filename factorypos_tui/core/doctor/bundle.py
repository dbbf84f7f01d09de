"""What a bundle for support holds. Each value in it is a number, a word of ours or an id. Everything
else is left out, and counted."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from factorypos_tui.core.doctor.findings import Examined
from factorypos_tui.core.status.log_wording import EVENTS, Entry

_MODULE = re.compile(r"factorypos_tui[a-z0-9_.]{1,60}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_WORD = re.compile(r"[a-z0-9_-]{1,40}|[XZ]", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,15}(Z|[+-]\d\d:\d\d)", re.ASCII)
_FRAME = re.compile(r'File "[^"]*/(factorypos_tui/[\w/]+\.py)", line (\d+), in (\w+)', re.ASCII)
_NUMBERS = frozenset(
    {
        "attempt",
        "reports",
        "changes",
        "latency_ms",
        "wait_s",
        "status",
        "z_number",
        "revision",
        "not_salvaged",
    }
)
_WORDS = frozenset({"kind", "reason", "code", "cause", "result", "place", "mark", "check"})
_ONE_OF = {"event": EVENTS.keys(), "level": ("debug", "info", "warning", "error", "critical")}
_PATTERNS = {"at": _INSTANT, "from": _MODULE, "report_id": _UUID} | dict.fromkeys(_WORDS, _WORD)
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Leak:
    """Something of the shop's that a file of the bundle would have held."""

    file: str
    what: str
    """What it is, never the thing itself."""


def report_file(version: str, examined: Examined) -> str:
    """The verdicts and facts of an examination as JSON; no words, since these may name what is the shop's."""
    checks = [
        {"name": check.name, "verdict": finding.verdict.value, "facts": dict(finding.facts)}
        for check, finding in examined
    ]
    return json.dumps({"version": version, "checks": checks}, indent=1)


def log_file(entries: Iterable[Entry]) -> str:
    """The lines of the log as far as they may leave, each with the number of fields that were left out."""
    return "".join(json.dumps(_allowed(entry)) + "\n" for entry in entries)


def _allowed(entry: Entry) -> dict[str, object]:
    line: dict[str, object] = {name: value for name, value in entry.items() if _may_leave(name, value)}
    left_out = len(entry) - len(line)
    if frames := _frames(entry.get("traceback")):
        line["frames"] = frames
    return line | ({"left_out": left_out} if left_out else {})


def _may_leave(name: str, value: object) -> bool:
    if name in _NUMBERS:
        return isinstance(value, int)
    if not isinstance(value, str):
        return False
    if name in _ONE_OF:
        return value in _ONE_OF[name]
    return name in _PATTERNS and _PATTERNS[name].fullmatch(value) is not None


def _frames(traceback: object) -> list[str]:
    """Where our own code was when it failed; the message of an error is never taken."""
    return [f"{file}:{line} {name}" for file, line, name in _FRAME.findall(str(traceback))][-20:]


def leaks_in(files: Mapping[str, str], names: Mapping[str, Iterable[str]]) -> Iterator[Leak]:
    """Where a file holds what must not leave. `names`: what it is, and each text of that kind. Texts of fewer
    than three letters are in every file, and are not looked for."""
    for what, texts in names.items():
        for text in texts:
            wanted = text.strip().casefold()
            if len(wanted) < _SHORTEST_NAME:
                continue
            pattern = re.compile(
                rf"(?<!\w){re.escape(json.dumps(wanted)[1:-1])}(?!\w)|(?<!\w){re.escape(wanted)}(?!\w)"
            )
            for file, content in files.items():
                if pattern.search(content.casefold()):
                    yield Leak(file, what)
