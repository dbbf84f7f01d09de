"""What a person's commands have done, in words, the same for commands and screens."""

from collections.abc import Sequence

from factorypos_tui.core.account.accounts import LoggedIn
from factorypos_tui.core.language import _, counted, format_numbers
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.operations.resending import Resendable
from factorypos_tui.core.queue.waiting import Waiting

_LONGEST_ACCOUNT, _LONGEST_NAME = 40, 60


def disconnected_words(told: bool) -> str:
    """What disconnecting has done. `told`: FactoryCLOUD knows of it."""
    if told:
        return _(
            "Disconnected. This terminal sends nothing until you log in and assign a store again, or use"
            " a code."
        )
    return _(
        "Disconnected here, but FactoryCLOUD could not be told. To be safe, have the owner take this terminal"
        " away there."
    )


def logged_in_words(done: LoggedIn) -> str:
    """Who is logged in now; that the e-mail is to be confirmed, if it is; and if the log-in of before goes on
    in FactoryCLOUD, that it does."""
    words = [_("Logged in as {account}.").format(account=plain(done.account, _LONGEST_ACCOUNT))]
    if not done.is_confirmed:
        words.append(_("FactoryCLOUD has mailed you a link: open it, and confirm your e-mail there."))
    if not done.ended_before:
        words.append(not_ended_words())
    return " ".join(words)


def not_ended_words() -> str:
    """That the log-in of before goes on in FactoryCLOUD."""
    return _("FactoryCLOUD could not be told that the log-in of before has ended: it ends there by itself.")


def logged_out_words(told: bool, *, sends: bool) -> str:
    """What logging out has done. `told`: FactoryCLOUD knows of it; `sends`: a store is assigned."""
    words = _("Logged out.") if told else _("Logged out here, but FactoryCLOUD could not be told.")
    return " ".join([words, _("Reports go on being sent.")]) if sends else words


def log_in_ended_words(told: bool) -> str:
    """That the log-in has ended with the assignment. `told`: FactoryCLOUD knows of it."""
    if told:
        return _("Your log-in has ended, as reports need none.")
    return _("Your log-in has ended here, as reports need none; FactoryCLOUD could not be told.")


def kept_words(waiting: int) -> str:
    """What happens to waiting reports when the terminal is disconnected."""
    if not waiting:
        return _("Nothing waits: all reports have been sent.")
    return counted(
        "{n} report waits; it stays here and goes to its store when that is assigned again.",
        "{n} reports wait; they stay here and go to their store when that is assigned again.",
        waiting,
    )


def again_words(count: int) -> str:
    """That reports were queued again."""
    return counted("{n} report will be sent again.", "{n} reports will be sent again.", count)


def queued_words(count: int) -> str:
    """That days which were left out are sent after all."""
    return counted("{n} report will be sent.", "{n} reports will be sent.", count)


def left_out_words(left_out: Sequence[tuple[int, int]]) -> str:
    """Which closed days a person chose not to send; empty where there are none."""
    if not left_out:
        return ""
    numbers = (number for first, last in left_out for number in range(first, last + 1))
    return _("left out by choice: Z {numbers}").format(numbers=format_numbers(numbers))


def passed_over_words(resendable: Resendable, left_out: Sequence[tuple[int, int]]) -> list[str]:
    """Which reports and closed days resending does not queue again, and why: one sentence each."""
    sentences = []
    if days := left_out_words(left_out):
        sentences.append(_("Not among them, {days}.").format(days=days))
    if resendable.waiting:
        sentences.append(
            counted(
                "{n} report waits already and goes by itself.",
                "{n} reports wait already and go by themselves.",
                resendable.waiting,
            )
        )
    return [*sentences, *map(_of_another_words, resendable.of_others)]


def _of_another_words(others: Waiting) -> str:
    store = plain(others.store.name, _LONGEST_NAME)
    if others.assigned_by:
        return counted(
            "{n} report of {store} is not sent: log in as {account} and assign that store again.",
            "{n} reports of {store} are not sent: log in as {account} and assign that store again.",
            others.reports,
            store=store,
            account=others.assigned_by,
        )
    return counted(
        "{n} report of {store} is not sent: assign that store again.",
        "{n} reports of {store} are not sent: assign that store again.",
        others.reports,
        store=store,
    )
