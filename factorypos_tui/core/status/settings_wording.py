"""Words for the screen Configuration: when the next X is sent, and where the tokens are kept."""

from datetime import datetime

from factorypos_tui.core.language import _, counted, format_time
from factorypos_tui.core.status.status import Status


def next_x_words(status: Status, now: datetime) -> str:
    """When the running day is sent next, and how often."""
    if not status.send_x_report:
        return _("Off: FactoryCLOUD gets the figures of a day when it is closed.")
    if status.next_x_at is None:
        return _("On: the first X Report goes once a business is assigned.")
    return counted(
        "The next X Report goes at {time}, then one every minute while there are sales.",
        "The next X Report goes at {time}, then one every {n} minutes while there are sales.",
        int(status.x_interval.total_seconds()) // 60,
        time=format_time(max(status.next_x_at, now)),
    )


def credentials_words(backend: str | None, encrypted: bool) -> str:
    """Where this terminal's tokens are kept; empty where it never had one."""
    if backend is None:
        return ""
    if encrypted:
        return _("encrypted, kept by this machine ({backend})").format(backend=backend)
    return _("in a file that only this user can read, not encrypted")
