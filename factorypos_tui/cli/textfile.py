"""The figures of `check` as a file that node_exporter's textfile collector reads."""

import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from factorypos_tui import __version__
from factorypos_tui.core.status.thresholds import Figure
from factorypos_tui.core.storage.files import disk_errors_in_words

_BYTES_IN_A_MIB = 1 << 20
_NAMES: Mapping[str, tuple[str, str]] = {
    "waiting": ("waiting_reports", "Reports that wait to be sent."),
    "not_queued": ("not_queued_days", "Closed days that are in no queue yet."),
    "attention": ("attention_reports", "Reports that need a person."),
    "behind": ("behind_seconds", "How long the oldest closed day has waited."),
    "clock_offset": ("clock_offset_seconds", "How far this clock is from that of FactoryCLOUD."),
    "disk_free": ("disk_free_bytes", "Room on the disk."),
}


def write_textfile(
    file: Path, home: Path, checked_at: float, state: int, figures: Mapping[str, Figure]
) -> None:
    """Put the file in place of the one that is there, at once: a collector reads it whole, and as any user.
    Raises `StorageError`."""
    text = "".join(_lines(home, checked_at, state, figures))
    coming = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with disk_errors_in_words(file):
        try:
            with os.fdopen(os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as stream:
                os.fchmod(stream.fileno(), 0o644)
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            coming.replace(file)
        finally:
            coming.unlink(missing_ok=True)


def _lines(home: Path, checked_at: float, state: int, figures: Mapping[str, Figure]) -> Iterator[str]:
    place = f'home="{_escaped(str(home))}"'
    yield from _metric("build_info", "The version of the program.", f'{place},version="{__version__}"', 1)
    yield from _metric("checked_timestamp_seconds", "When this was written.", place, int(checked_at))
    yield from _metric("check_state", "The judgement: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.", place, state)
    for label, figure in figures.items():
        if figure.value is not None:
            name, about = _NAMES[label]
            factor = _BYTES_IN_A_MIB if figure.unit == "MB" else 1
            yield from _metric(name, about, place, figure.value * factor)


def _metric(name: str, about: str, labels: str, value: int) -> Iterator[str]:
    full = f"factorypos_{name}"
    yield f"# HELP {full} {about}\n# TYPE {full} gauge\n{full}{{{labels}}} {value}\n"


def _escaped(text: str) -> str:
    text = text.encode("utf-8", "replace").decode()
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
