"""The result of a comparison with FactoryCLOUD in words, the same for the command and the screen."""

from collections.abc import Iterable

from factorypos_tui.core.language import _, counted, format_number, format_numbers
from factorypos_tui.core.language.hints import command
from factorypos_tui.core.operations.verification import Verification
from factorypos_tui.core.queue.hash_chain import breaks_words
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.wording import waiting_words


def verdict_words(verification: Verification) -> str:
    """How many of the closed days FactoryCLOUD has as they were closed."""
    if not verification.compared:
        return _("There is no Z report here yet.")
    identical = (
        verification.compared
        - len(verification.missing)
        - len(verification.different)
        - len(verification.unreported)
    )
    if identical < verification.compared:
        sentence = _("{n} of {total} Z reports are in FactoryCLOUD, identical.")
        return sentence.format(n=format_number(identical), total=format_number(verification.compared))
    return counted(
        "The only Z report is in FactoryCLOUD, identical.",
        "All {n} Z reports are in FactoryCLOUD, identical.",
        identical,
    )


def no_report_words(numbers: Iterable[int]) -> str:
    """That the till's rows make no report of these closed days."""
    words = _("No report yet: Z {numbers}. Safe at the till. What has to be mended there, says: {command}")
    return words.format(numbers=format_numbers(numbers), command=command("status"))


def finding_words(verification: Verification) -> list[str]:
    """What is not as it should be, by Z number, each kind with its meaning; empty where all is well."""
    different = [difference.here for difference in verification.different]
    kinds = (
        (_("Missing there: Z {numbers}. Safe here."), [z.z_number for z in verification.repairable]),
        (
            _("Not there yet: Z {numbers}. Safe here, and sent when the link allows."),
            [z.z_number for z in verification.waiting],
        ),
        (
            _(
                "Missing there: Z {numbers}. Safe here; made for another store, and sent once that one is"
                " assigned again."
            ),
            [z.z_number for z in verification.of_another_store],
        ),
        (
            _(
                "Left out by choice when the store was assigned: Z {numbers}. Safe at the till; they can be"
                " sent after all."
            ),
            [z.z_number for z in verification.left_out],
        ),
        (
            _(
                "Kept there for the account that this terminal belonged to before: Z {numbers}. This account"
                " does not see them. Nothing needs to be done."
            ),
            [z.z_number for z in verification.of_another_account],
        ),
        (
            _("Missing there, and accepted so: Z {numbers}. Kept here."),
            [z.z_number for z in verification.accepted],
        ),
        (
            _("Different there: Z {numbers}. Both sides keep what they have. Call your supporter."),
            [z.z_number for z in different if z.state is not State.ACCEPTED],
        ),
        (
            _("Different there, and accepted so: Z {numbers}. FactoryCLOUD keeps both."),
            [z.z_number for z in different if z.state is State.ACCEPTED],
        ),
        (
            _("Only there: Z {numbers}. This terminal has no such day, or not any more."),
            [z.z_number for z in verification.only_there],
        ),
    )
    sentences = [sentence.format(numbers=format_numbers(numbers)) for sentence, numbers in kinds if numbers]
    if verification.unreported:
        sentences.append(no_report_words(verification.unreported))
    return [*sentences, *map(waiting_words, verification.stranded), *breaks_words(verification.breaks)]
