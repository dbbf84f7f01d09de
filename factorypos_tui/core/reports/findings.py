"""What a person has to know of a till's rows; the close, `status` and `check` tell it.

Whatever rows another program wrote, a closed day becomes a report, or a finding says why it waits."""

from collections.abc import Iterable
from enum import StrEnum

from factorypos_tui.core.errors import Unreportable
from factorypos_tui.core.language import N_, _, format_number
from factorypos_tui.core.language.text import plain
from factorypos_tui.core.models import TillFinding

MOST_RECEIPTS = 100
"""The most receipts that one finding names."""
_MOST_TOLD = 5


class Code(StrEnum):
    """The kinds of findings, in the order in which they are told."""

    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_CURRENCY = "unknown_currency"
    OUT_OF_RANGE = "out_of_range"
    BAD_ID = "bad_id"
    TOO_LARGE = "too_large"
    IN_NO_Z = "in_no_z"
    LEFT_OPEN = "left_open"
    CHANGED_SINCE = "changed_since"
    CLOCK_BEHIND = "clock_behind"
    DAY_OPEN = "day_open"
    DOES_NOT_ADD_UP = "does_not_add_up"
    PERPETUAL = "perpetual"
    BAD_TEXT = "bad_text"
    LATE_SALE = "late_sale"
    SOLD_AFTER_CLOSE = "sold_after_close"
    ODD_TAXES = "odd_taxes"
    ODD_PAYMENTS = "odd_payments"
    UNKNOWN_MOVEMENT = "unknown_movement"
    NUMBER_TWICE = "number_twice"
    VOUCHER_EXCESS = "voucher_excess"


HOLDING_UP = frozenset(
    {Code.UNKNOWN_ZONE, Code.UNKNOWN_CURRENCY, Code.OUT_OF_RANGE, Code.BAD_ID, Code.TOO_LARGE}
)
"""A day with one of these findings has no report until its rows are mended."""
_OF_EVERY_DAY = frozenset({Code.VOUCHER_EXCESS})
"""What a shop does as a matter of course: it is told, and nobody has to see to it."""
_WORDS = {
    Code.UNKNOWN_ZONE: N_("its time zone is not known"),
    Code.UNKNOWN_CURRENCY: N_("its currency is not three letters"),
    Code.OUT_OF_RANGE: N_("an instant or a number is out of range"),
    Code.BAD_ID: N_("the id of the day or of the till is not a UUID"),
    Code.TOO_LARGE: N_("it is larger than FactoryCLOUD takes"),
    Code.CLOCK_BEHIND: N_(
        "the till's clock shows a time before the last close. It is wrong now, and has to be set right, or it"
        " was wrong then, and the next close mends that"
    ),
    Code.DAY_OPEN: N_("the last receipt is more than 36 hours old, and the day is still open. Close it"),
    Code.DOES_NOT_ADD_UP: N_(
        "payments or taxes do not agree with the lines. The lines count; the rest stands as rounding, or as"
        " unexplained tax"
    ),
    Code.PERPETUAL: N_("its totals since the first sale do not follow from the day before"),
    Code.BAD_TEXT: N_("text that no program can read was replaced"),
    Code.LATE_SALE: N_("sold before the day was opened, and counted in this day"),
    Code.IN_NO_Z: N_("sold into the day after its report was made. This money is in no Z"),
    Code.LEFT_OPEN: N_("its program left the day open and sells into another one. This money is in no Z"),
    Code.CHANGED_SINCE: N_("changed or deleted after the day's report was made. The report stays as it was"),
    Code.SOLD_AFTER_CLOSE: N_("sold after the day was closed, and counted in this day"),
    Code.ODD_TAXES: N_(
        "the taxes do not agree with the lines. The taxes count, and what has no tax stands at 0 %"
    ),
    Code.ODD_PAYMENTS: N_("the payments do not agree with the lines. What they differ by stands as rounding"),
    Code.UNKNOWN_MOVEMENT: N_(
        "money without a sale, of a kind that is not known. It stands as paid in or paid out"
    ),
    Code.NUMBER_TWICE: N_("two receipts have one number. Both are counted"),
    Code.VOUCHER_EXCESS: N_(
        "a voucher was worth more than what was bought with it. The rest of it stands as rounding"
    ),
}


def holds_up(finding: TillFinding) -> bool:
    """Whether the closed day waits because of this finding."""
    return finding.z_number is not None and finding.code in HOLDING_UP


def needs_a_person(finding: TillFinding) -> bool:
    """Whether somebody should see to it."""
    return finding.code not in _OF_EVERY_DAY


def unreportable(code: Code, receipts: tuple[str, ...] = ()) -> Unreportable:
    """The error for a period that cannot become a report."""
    return Unreportable(_(_WORDS[code]), code.value, receipts)


def finding_document(finding: TillFinding) -> dict[str, object]:
    """A finding as JSON."""
    return {"code": finding.code, "z_number": finding.z_number, "receipts": list(finding.receipts)}


def finding_words(finding: TillFinding) -> str:
    """A sentence or two for the person at the till."""
    day = _("The running day") if finding.z_number is None else _("Z {n}").format(n=finding.z_number)
    sentence = _("{day}: {what}").format(day=day, what=_(_WORDS[Code(finding.code)]))
    if finding.receipts:
        named = ", ".join(plain(number, 40) for number in finding.receipts[:_MOST_TOLD])
        if left := len(finding.receipts) - _MOST_TOLD:
            named = (
                _("{numbers} and {n} more").format(numbers=named, n=format_number(left))
                if left > 0
                else named
            )
        sentence = _("{words} (receipts {numbers})").format(words=sentence, numbers=named)
    sentence += "."
    if holds_up(finding):
        sentence += " " + _("It is not sent until that is mended; the other days go on.")
    return sentence


def in_order(findings: Iterable[TillFinding]) -> tuple[TillFinding, ...]:
    """Those that hold a day up come first, then newest days first within a kind. Of findings that are told
    twice the first stays."""
    kinds, told = list(Code), dict[tuple[str, int | None], TillFinding]()
    for finding in findings:
        told.setdefault((finding.code, finding.z_number), finding)
    return tuple(
        sorted(told.values(), key=lambda found: (kinds.index(Code(found.code)), -(found.z_number or 1 << 60)))
    )
