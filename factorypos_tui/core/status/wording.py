"""The state of a terminal in words: whether all closed days are sent, else where they are."""

from datetime import datetime

from factorypos_tui.core.delivery.closes import Reading, moment_of
from factorypos_tui.core.delivery.contact import Contact
from factorypos_tui.core.delivery.link import LinkState
from factorypos_tui.core.delivery.link_wording import link_name, trouble_words
from factorypos_tui.core.language import N_, _, counted, format_number, format_numbers
from factorypos_tui.core.language.moments import when_words
from factorypos_tui.core.models import Close
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import state_name
from factorypos_tui.core.reports.findings import holds_up
from factorypos_tui.core.status.status import Status
from factorypos_tui.core.status.till_view import TillState

_TILLS = {
    TillState.ABSENT: N_("no till here"),
    TillState.UNREADABLE: N_("till cannot be read"),
    TillState.DAMAGED: N_("till damaged"),
}


def link_glance(status: Status) -> str:
    """How the link is; where it is not online, also when the cloud answered last."""
    name = link_name(status.link)
    if status.assignment is None or status.link.state is LinkState.ONLINE:
        return name
    return f"{name}, {heard_words(status.contact, status.at)}"


def link_line(status: Status) -> str:
    """The same with the reason, and when the next try is."""
    if status.assignment is None:
        return link_name(status.link)
    glance, link = f"{link_name(status.link)}, {heard_words(status.contact, status.at)}", status.link
    if not link.reason:
        return glance
    if link.state is LinkState.UNKNOWN:
        return _("{link}; at the last try: {why}").format(link=glance, why=trouble_words(link))
    return f"{glance}: {trouble_words(link)}"


def heard_words(contact: Contact, now: datetime) -> str:
    """When the cloud answered last."""
    if contact.at is None:
        return _("no answer so far")
    return _("last answer {when}").format(when=when_words(contact.at, now))


def no_address_words() -> str:
    """That nothing can be sent from here, and what to set."""
    return _(
        "No address of FactoryCLOUD is set: write cloud_url into config.toml, or set FACTORYPOS_CLOUD_URL."
        " Nothing is sent without it."
    )


def sent_words(status: Status) -> str:
    """Whether all is sent; else what is not, since when, and why that cannot be told."""
    waiting, since, attention = status.waiting, status.waiting_since, status.needing_a_person
    parts = []
    if waiting and since:
        when = when_words(since, status.at)
        parts.append(_("{n} waiting since {when}").format(n=format_number(waiting), when=when))
    reading = status.till_view.not_queued.reading
    parts += [reading_words(reading)] if reading and status.holder else not_queued_words(status)
    if attention:
        parts.append(counted("{n} needs attention", "{n} need attention", attention))
    if till := _TILLS.get(status.till_view.state):
        parts.append(_(till))
    return ", ".join(parts) or _nothing_left_words(status)


def reading_words(reading: Reading) -> str:
    """How far the collector is with a long history."""
    return _("Reading the till's days: {done} of {total}").format(
        done=format_number(reading.done), total=format_number(reading.total)
    )


def not_queued_words(status: Status) -> list[str]:
    """How many closed days are not queued, one text for each reason."""
    counts, not_queued = [], status.till_view.not_queued
    if uncollected := len(not_queued.uncollected):
        counts.append(counted("{n} closed day not queued", "{n} closed days not queued", uncollected))
    if unassigned := len(not_queued.unassigned):
        counts.append(counted("{n} closed day, no store yet", "{n} closed days, no store yet", unassigned))
    return counts


def not_queued_sentences(status: Status) -> list[str]:
    """Which days these are, and when they will be queued."""
    not_queued = status.till_view.not_queued
    held_up = {finding.z_number for finding in status.till_view.findings if holds_up(finding)}
    kinds = (
        (
            _("Closed and not queued yet: Z {numbers}. Safe at the till; the sender queues them."),
            [close for close in not_queued.uncollected if close.z_number not in held_up],
        ),
        (
            _("Closed, and no report yet: Z {numbers}. Safe at the till, where rows have to be mended."),
            [close for close in not_queued.uncollected if close.z_number in held_up],
        ),
        (_("Closed without a store: Z {numbers}. Safe at the till; assign a store."), not_queued.unassigned),
    )
    return [
        words.format(numbers=format_numbers(close.z_number for close in closes))
        for words, closes in kinds
        if closes
    ]


def not_queued_days(status: Status) -> list[tuple[Close, str]]:
    """These days, the newest first, each with the reason."""
    not_queued = status.till_view.not_queued
    days = [(close, _("not queued yet")) for close in not_queued.uncollected]
    days += [(close, _("no store yet")) for close in not_queued.unassigned]
    return days[::-1]


def last_z_words(status: Status) -> str:
    """The newest known closed day, and whether it has arrived."""
    last, newest = status.last_z, max(_days_without_a_row(status), default=None)
    if newest and (last is None or newest[0] > (last.z_number or 0)):
        return _("last Z {n} {state}").format(n=newest[0], state=newest[1])
    if last is None:
        return _("no Z yet")
    if last.delivered_at is None or last.state is not State.DELIVERED:
        return _("last Z {n} {state}").format(n=last.z_number, state=state_name(last.state))
    return _("last Z {n} sent {when}").format(n=last.z_number, when=when_words(last.delivered_at, status.at))


def _days_without_a_row(status: Status) -> list[tuple[int, str]]:
    days = [(close.z_number, words) for close, words in not_queued_days(status)]
    return days + [(last, _("left out")) for _first, last in status.left_out]


def clock_words(offset_s: int) -> str:
    """How far this machine's clock is from the cloud's."""
    sentence = (
        _("This machine's clock is {span} ahead of FactoryCLOUD's. Set it right.")
        if offset_s > 0
        else _("This machine's clock is {span} behind FactoryCLOUD's. Set it right.")
    )
    return sentence.format(span=_span(abs(offset_s)))


def waiting_since(status: Status) -> datetime | None:
    """Since when the oldest closed day of the assigned store has been waiting, in the queue or before."""
    moments = [moment_of(close) for close in status.till_view.not_queued.uncollected[:1]]
    return min((found for found in [status.z_waiting_since, *moments] if found), default=None)


def _nothing_left_words(status: Status) -> str:
    if status.assignment is None:
        return _("nothing waits")
    but = ", ".join(exception_words(status))
    return _("all sent but {exceptions}").format(exceptions=but) if but else _("all sent")


def exception_words(status: Status) -> list[str]:
    """How many closed days FactoryCLOUD does not have as they were closed, though none of them waits."""
    left_out = sum(last - first + 1 for first, last in status.left_out)
    exceptions = [counted("{n} left out", "{n} left out", left_out)] if left_out else []
    return exceptions + [
        state.about.stays(n) for state, n in status.counts.items() if state.about.stays and n
    ]


def _span(seconds: int) -> str:
    if seconds < 2 * 3600:
        return _("{n} min").format(n=format_number(seconds // 60))
    if seconds < 2 * 86400:
        return _("{n} h").format(n=format_number(seconds // 3600))
    return _("{n} days").format(n=format_number(seconds // 86400))
