"""Why a report needs a person, and what to do about it. Pure."""

from textual.content import Content

from factorypos_tui.core.language import N_, _
from factorypos_tui.core.language.money import format_money
from factorypos_tui.core.language.text import as_sentence, plain
from factorypos_tui.core.operations.inspecting import Inspected
from factorypos_tui.core.queue.wording import reason_words
from factorypos_tui.tui.screens.queue.rows import name_of

_CONFLICT = "report_conflict"
_LONGEST_FIELD = 60
_STEPS = {
    _CONFLICT: (
        N_("Compare both sides below: which one is the day as it was?"),
        N_("The one at FactoryCLOUD? Press L: that one counts, and both are kept."),
        N_("This one? Call your supporter: a till was set back, or is there twice."),
        N_("When FactoryCLOUD no longer holds the other one, press R."),
    ),
    "invalid": (
        N_("Note what FactoryCLOUD named above, and call your supporter."),
        N_("Install the newest version of this program: FactoryCLOUD may ask for more than this one sends."),
        N_("Then press R. The report is safe here until it is taken, and holds up no other."),
    ),
    "too_large": (
        N_("Call your supporter: the day has more items or users in it than FactoryCLOUD takes."),
        N_(
            "When FactoryCLOUD takes larger reports, press R. The report is safe here, and holds up no other."
        ),
    ),
    "crashes": (
        N_("Was the program ended by force each time? Press R."),
        N_("If it happens again, call your supporter: the log says at which report the program ended."),
        N_("It is safe here, is tried again once a day by itself, and holds up no other."),
    ),
    "not_rebuilt": (
        N_(
            "V in Synchronization status compares with FactoryCLOUD. Is the day there, identical? All is"
            " well."
        ),
        N_("If not, call your supporter: a backup of the till may have the day as it was closed."),
        N_("When the till has that day again, press R. This report holds up no other."),
    ),
}
_OTHER_STEPS = (
    N_("Call your supporter, and read out what stands above."),
    N_("When that has been dealt with, press R. The report is safe here, and holds up no other."),
)


def why(inspected: Inspected) -> list[Content]:
    """The report and the reason; then the fields that FactoryCLOUD named, a line each."""
    shipment = inspected.shipment
    reason = plain(reason_words(shipment.last_error or ""))
    if shipment.last_status is not None:
        reason += f" ({shipment.last_status} {plain(shipment.last_error or '')})"
    lines = [
        Content.styled(f"{name_of(shipment)}, {format_money(shipment.net, shipment.currency)}", "bold"),
        Content(as_sentence(reason)),
    ]
    if inspected.named:
        lines.append(Content(_("It named:")))
    return lines + [
        Content(f"  {plain(problem.field, _LONGEST_FIELD)}: {plain(problem.message or problem.code)}")
        for problem in inspected.named
    ]


def what_to_do(inspected: Inspected) -> list[Content]:
    steps = _STEPS.get(inspected.shipment.last_error or "", _OTHER_STEPS)
    numbered = [Content(f"{number}. {_(step)}") for number, step in enumerate(steps, 1)]
    return [Content.styled(_("What to do"), "bold"), *numbered]
