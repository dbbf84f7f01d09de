"""Words for the screen Configuration and for commands: when the next X is sent, and where tokens rest."""

from datetime import datetime

from factorypos_tui.core.credentials import Held, Rest, is_encrypted
from factorypos_tui.core.language import N_, _, counted, format_time
from factorypos_tui.core.language.text import as_sentence
from factorypos_tui.core.status.status import Status

_PLACES = {
    "systemd": N_("systemd credential"),
    "keyring": N_("keyring"),
    "file": N_("file"),
    "memory": N_("memory"),
}
_HELD = {
    Held.IN_USE: N_("{place}: the token in use"),
    Held.COPY: N_("{place}: a copy of the token in use"),
    Held.NOT_CHOSEN: N_("{place}: the token, where config.toml does not want it"),
    Held.OLDER: N_("{place}: an older token, which is not used"),
    Held.NOTHING: N_("{place}: nothing"),
    Held.ABSENT: N_("{place}: there is none here"),
    Held.LOCKED: N_("{place}: locked, or it does not answer"),
}


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


def place_words(place: str | None) -> str:
    """Where this terminal's token rests; empty where it never had one."""
    if place is None:
        return ""
    if is_encrypted(place):
        return _("encrypted, kept by this machine ({backend})").format(backend=place)
    if place == "systemd":
        return _("a systemd credential, which only the service can read")
    return _("in a file that only this user can read, not encrypted")


def resting_words(rest: Rest) -> str:
    """What one place has, in a sentence."""
    return as_sentence(_(_HELD[rest.held]).format(place=_(_PLACES[rest.place])))
