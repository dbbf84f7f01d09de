"""The link to FactoryCLOUD in words, and which process sends; the same for commands and screens."""

from dataclasses import dataclass

from factorypos_tui.core.delivery.link import NOT_ASSIGNED, Link, LinkState
from factorypos_tui.core.language import N_, _, format_time
from factorypos_tui.core.queue.wording import reason_words
from factorypos_tui.core.storage.lock import Holder

_LINKS = {
    LinkState.ONLINE: N_("Online"),
    LinkState.OFFLINE: N_("Offline"),
    LinkState.HELD: N_("Held"),
    LinkState.UNKNOWN: N_("Not known"),
}


def link_name(link: Link) -> str:
    """The link's state in a word or two."""
    return _("Not connected") if link.reason == NOT_ASSIGNED.reason else _(_LINKS[link.state])


def link_words(link: Link) -> str:
    """The link; where it is not online, also why, and when the next try is."""
    if not link.reason or link.reason == NOT_ASSIGNED.reason:
        return link_name(link)
    return f"{link_name(link)}: {trouble_words(link)}"


def trouble_words(link: Link) -> str:
    """Why a link is not online, and when the next try is."""
    words = reason_words(link.cause or link.reason or "")
    if link.next_try_at:
        words += " " + _("(next try {time})").format(time=format_time(link.next_try_at))
    return words


def drainer_words(holder: Holder | None, own_pid: int) -> str:
    """Which process sends, on a line of its own."""
    return _(_sender(holder, own_pid).on_a_line)


def drainer_name(holder: Holder | None, own_pid: int) -> str:
    """This app, the service, another app, or none."""
    return _(_sender(holder, own_pid).name)


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who sends, alone and on a line of its own, translated when it is shown."""

    name: str
    on_a_line: str


_NOBODY = _Sender(N_("nobody"), N_("sending: nobody"))
_THIS_APP = _Sender(N_("this app"), N_("sending: this app"))
_ANOTHER_APP = _Sender(N_("another app"), N_("sending: another app"))
_SERVICE = _Sender(N_("service"), N_("sending: service"))


def _sender(holder: Holder | None, own_pid: int) -> _Sender:
    if holder is None:
        return _NOBODY
    if holder.pid == own_pid:
        return _THIS_APP
    return _SERVICE if holder.kind == "worker" else _ANOTHER_APP
