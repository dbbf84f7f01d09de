"""What the program says about its state: one wording for commands and screens."""

from collections.abc import Sequence
from datetime import datetime

from factorypos_tui.core.errors import Cause
from factorypos_tui.core.language import (
    N_,
    _,
    format_date,
    format_day,
    format_number,
    format_numbers,
    format_time,
    ngettext,
    on_the_wall,
)
from factorypos_tui.core.link import NOT_ASSIGNED, Link, LinkState
from factorypos_tui.core.lock import Holder
from factorypos_tui.core.shipments import State
from factorypos_tui.core.status import Status
from factorypos_tui.core.text import folded

_STATES = {
    State.PENDING: N_("waiting"),
    State.SENDING: N_("sending"),
    State.DELIVERED: N_("delivered"),
    State.ATTENTION: N_("attention"),
    State.ACCEPTED: N_("accepted"),
    State.SUPERSEDED: N_("superseded"),
}
_LINKS = {
    LinkState.ONLINE: N_("Online"),
    LinkState.OFFLINE: N_("Offline"),
    LinkState.HELD: N_("Held"),
    LinkState.UNKNOWN: N_("Not known"),
}
_REASONS = {
    "dns": N_("FactoryCLOUD's address cannot be found; check the network"),
    "connection": N_("FactoryCLOUD cannot be reached; check the network"),
    "timeout": N_("FactoryCLOUD does not answer in time"),
    "tls": N_("no protected connection to FactoryCLOUD can be made; check cloud_url"),
    Cause.CONNECTION_REFUSED: N_("nobody answers at FactoryCLOUD's address; check its port in cloud_url"),
    Cause.CERTIFICATE_EXPIRED: N_(
        "FactoryCLOUD's certificate has expired; check this machine's clock, then tell whoever runs "
        "FactoryCLOUD"
    ),
    Cause.CERTIFICATE_UNTRUSTED: N_(
        "FactoryCLOUD's certificate is not trusted; check this machine's clock and ca_file"
    ),
    Cause.WRONG_HOST: N_("the certificate there is another address's; check the name in cloud_url"),
    Cause.NOT_TLS: N_("what answers there does not speak https; check the port in cloud_url"),
    Cause.PROXY_AUTHENTICATION: N_(
        "the proxy wants a user name and a password; set them in proxy in config.toml"
    ),
    Cause.PROXY_UNREACHABLE: N_("the proxy cannot be reached; check proxy in config.toml"),
    Cause.REDIRECT: N_(
        "something else answers and sends everybody on, the log says where; check cloud_url, or is there a "
        "log-in page on this network?"
    ),
    Cause.KEYRING_LOCKED: N_(
        "the keyring of this machine does not give the token; unlock it by logging in to this machine"
    ),
    Cause.TOKEN_MISSING: N_("this terminal's token is missing; assign the store again"),
    "overloaded": N_("FactoryCLOUD is busy"),
    "server_error": N_("FactoryCLOUD has trouble of its own"),
    "not_factorycloud": N_(
        "something else answers for FactoryCLOUD; check cloud_url, or is there a log-in page on this network?"
    ),
    "wrong_receipt": N_("FactoryCLOUD's receipts do not match; call support"),
    "terminal_revoked": N_("this terminal was revoked; assign the store again"),
    "unauthorized": N_("this terminal's token is not accepted; assign the store again"),
    "configuration": N_("the address or certificate in config.toml cannot be used"),
    "storage": N_("the token of this terminal cannot be read"),
    "unexpected": N_("something unexpected went wrong; the log says more"),
    "no_token": N_("this terminal's token is missing; assign the store again"),  # of older versions
    "forbidden": N_("FactoryCLOUD does not let this terminal send; call support"),
    "not_found": N_("FactoryCLOUD does not know what was asked for; check cloud_url"),
    "refuses_everything": N_("FactoryCLOUD refuses every report; call support"),
    "interrupted": N_("sending was interrupted"),
    "unfinished": N_("sending them takes longer than expected"),
    "crashes": N_("the program ended three times while it sent this report; call support"),
    "damaged": N_("the copy kept here was damaged; the till makes it again"),
    "not_rebuilt": N_("the copy kept here is lost, and the till no longer makes the same report"),
    "report_conflict": N_("FactoryCLOUD holds another report with this number"),
    "invalid": N_("FactoryCLOUD finds the report invalid"),
    "too_large": N_("the report is too large for FactoryCLOUD"),
}

TOKEN_REASONS = frozenset({"terminal_revoked", "unauthorized", "no_token"})
"""Reasons of a held link that assigning the store again mends."""
PERSONS_REASONS = TOKEN_REASONS | {"configuration", "forbidden", "refuses_everything"}
"""Reasons of a link that nothing mends by itself, whoever sends or not."""
UNREACHABLE_REASONS = frozenset({"not_factorycloud", "wrong_receipt", "tls"})
"""Reasons of a held link that say FactoryCLOUD was not reached, though something answered."""
OWN_REASONS = frozenset({"crashes", "not_rebuilt"})
"""Reasons why a report needs a person that are not FactoryCLOUD's: it was set aside here."""


def state_name(state: State) -> str:
    """A shipment's state in a word."""
    return _(_STATES[state])


def reason_words(reason: str) -> str:
    """What a machine word of a failure means; an unknown one stands for itself."""
    return _(_REASONS[reason]) if reason in _REASONS else reason


def states_named(word: str) -> list[State]:
    """The states whose name begins with `word`."""
    return [state for state in State if folded(state_name(state)).startswith(folded(word))]


def reasons_saying(word: str) -> list[str]:
    """The machine words of the failures whose meaning has `word` in it."""
    return [reason for reason in _REASONS if folded(word) in folded(reason_words(reason))]


def link_name(link: Link) -> str:
    """The link's state in a word or two."""
    return _("Not connected") if link.reason == NOT_ASSIGNED.reason else _(_LINKS[link.state])


def link_words(link: Link) -> str:
    """The link and, where it is not online, why and when the next try is."""
    if not link.reason or link.reason == NOT_ASSIGNED.reason:
        return link_name(link)
    return f"{link_name(link)}: {trouble_words(link)}"


def trouble_words(link: Link) -> str:
    """Why a link is not online, and when the next try is."""
    words = reason_words(link.cause or link.reason or "")
    if link.next_try_at:
        words += " " + _("(next try {time})").format(time=format_time(link.next_try_at))
    return words


def disconnected_words(told: bool) -> str:
    """What disconnecting has done; `told`: FactoryCLOUD knows of it."""
    if told:
        return _("Disconnected. This terminal sends nothing until you log in and assign a store again.")
    return _(
        "Disconnected here, but FactoryCLOUD could not be told. To be safe, have the owner take this terminal"
        " away there."
    )


def kept_words(waiting: int) -> str:
    """What becomes of reports that wait when the terminal is disconnected."""
    if not waiting:
        return _("Nothing waits: all reports have been sent.")
    return ngettext(
        "{n} report waits; it stays here and goes to its store when that is assigned again.",
        "{n} reports wait; they stay here and go to their store when that is assigned again.",
        waiting,
    ).format(n=format_number(waiting))


def again_words(count: int) -> str:
    """That reports were queued once more."""
    words = ngettext("{n} report will be sent again.", "{n} reports will be sent again.", count)
    return words.format(n=format_number(count))


def queued_words(count: int) -> str:
    """That days which were left out go up after all."""
    words = ngettext("{n} report will be sent.", "{n} reports will be sent.", count)
    return words.format(n=format_number(count))


def left_out_words(left_out: Sequence[tuple[int, int]]) -> str:
    """Which closed days somebody chose not to send; empty where there are none."""
    if not left_out:
        return ""
    numbers = (number for first, last in left_out for number in range(first, last + 1))
    return _("left out by choice: Z {numbers}").format(numbers=format_numbers(numbers))


def not_resent_words(left_out: Sequence[tuple[int, int]]) -> str:
    """That these are not sent where all are sent again; empty where there are none."""
    words = left_out_words(left_out)
    return _("Not among them, {days}.").format(days=words) if words else ""


def next_x_words(status: Status, now: datetime) -> str:
    """When the running day goes up next, and how often."""
    if not status.send_x_report:
        return _("Off: FactoryCLOUD gets the figures of a day when it is closed.")
    if status.next_x_at is None:
        return _("On: the first X Report goes once a business is assigned.")
    return _(
        "The next X Report goes at {time}, then one every {minutes} minutes while there are sales."
    ).format(
        time=format_time(max(status.next_x_at, now)),
        minutes=format_number(int(status.x_interval.total_seconds()) // 60),
    )


def credentials_words(backend: str | None, encrypted: bool) -> str:
    """Where the tokens of this terminal rest; empty where there never was one."""
    if backend is None:
        return ""
    if encrypted:
        return _("encrypted, kept by this machine ({backend})").format(backend=backend)
    return _("in a file that only this user can read, not encrypted")


def when_words(instant: datetime, now: datetime) -> str:
    """A moment: the time if it was today, else the day."""
    day = on_the_wall(instant).date()
    return format_time(instant) if day == on_the_wall(now).date() else format_day(day)


def moment_words(instant: datetime) -> str:
    """A moment of any year: `29 Nov 2026 14:05`."""
    return f"{format_date(on_the_wall(instant).date())} {format_time(instant)}"


def drainer_words(holder: Holder | None, own_pid: int) -> str:
    """Who sends, on a line of its own."""
    return _("sending: {who}").format(who=drainer_name(holder, own_pid))


def drainer_name(holder: Holder | None, own_pid: int) -> str:
    """This app, the service, another app, or nobody."""
    if holder is None:
        return _("nobody")
    if holder.pid == own_pid:
        return _("this app")
    return _("service") if holder.kind == "worker" else _("another app")
