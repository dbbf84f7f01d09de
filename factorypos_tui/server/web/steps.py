"""The ladder of a day in words: each line has a sign, a name and what it means. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from factorypos_tui.server.domain.ladders import DayInSteps, Ladder
from factorypos_tui.server.web import wording as w
from factorypos_tui.server.words import told


@dataclass(frozen=True, slots=True)
class Line:
    sign: str
    name: str
    meaning: str
    closed: str
    so_far: str
    is_sum: bool = False


def lines_of(steps: DayInSteps, currency: str) -> Sequence[Line]:
    """From gross to net, to what was paid, to the cash in the drawers."""
    closed, so_far = steps.of(currency)

    def line(
        sign: str, name: str, meaning: str, value: Callable[[Ladder], int | None], is_sum: bool = False
    ) -> Line:
        of_closed, of_so_far = (w.money(value(it), currency) if it else w.NOTHING for it in (closed, so_far))
        return Line(sign, name, meaning, of_closed, of_so_far, is_sum)

    return [
        *_sales(line),
        *_payments(steps, currency),
        *_drawers(line),
    ]


_Make = Callable[..., Line]


def _sales(line: _Make) -> Iterator[Line]:
    yield line("", told("Gross"), told("All that was sold, tax included."), lambda it: it.sums.gross)
    yield line("−", told("Discounts"), told("Taken off at the till."), lambda it: it.sums.discounts)
    yield line("−", told("Refunds"), told("Given back for earlier sales."), lambda it: it.sums.refunds)
    meaning = told("What was taken, tax included: the figure that days are compared by.")
    yield line("=", told("Net"), meaning, lambda it: it.sums.net, is_sum=True)
    yield line("", told("of which tax"), told("It is in the net already."), lambda it: it.sums.tax)
    meaning = told("What amounts were rounded by when they were paid.")
    yield line("+", told("Rounding"), meaning, lambda it: it.sums.rounding)
    yield line("+", told("Tips"), told("Paid beyond the price; they are no sales."), lambda it: it.sums.tips)
    yield line("=", told("Paid"), told("The sum of all payments."), lambda it: it.sums.paid, is_sum=True)


def _payments(steps: DayInSteps, currency: str) -> Iterator[Line]:
    for named, closed, so_far in steps.rows(currency, "payments"):
        of_closed, of_so_far = (w.money(row["amount"] if row else None, currency) for row in (closed, so_far))
        yield Line("", named["name"], "", of_closed, of_so_far)


def _drawers(line: _Make) -> Iterator[Line]:
    def drawer(name: str) -> Callable[[Ladder], int | None]:
        return lambda it: getattr(it.drawers, name) if it.drawers else None

    meaning = told("Change that was in the drawers when the day began.")
    yield line("", told("In the drawer at first"), meaning, drawer("opening_float"))
    yield line("+", told("Paid in"), told("Put in without a sale."), drawer("paid_in"))
    yield line("−", told("Paid out"), told("Taken out without a sale."), drawer("paid_out"))
    meaning = told("What the tills reckon is in the drawers: the cash that was paid is in it.")
    yield line("=", told("Expected"), meaning, drawer("expected"), is_sum=True)
    meaning = told("What people counted. A dash where nobody did.")
    yield line("", told("Counted"), meaning, drawer("counted"))
    meaning = told("Counted less expected, of the drawers that were counted.")
    yield line("", told("Over or short"), meaning, drawer("over_short"), is_sum=True)
