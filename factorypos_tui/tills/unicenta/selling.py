"""The lines of a receipt as core's facts: their direction, their names as sold, their share of the money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from factorypos_tui.core.reports.figures import UNEXPLAINED
from factorypos_tui.core.reports.sales import Line
from factorypos_tui.tills.unicenta.attributes import code_of, name_of, properties_of
from factorypos_tui.tills.unicenta.remainders import NOISE
from factorypos_tui.tills.unicenta.rows import LineRow

NONE = "none"
"""The code of the department of what has none."""
_DISCOUNT, _FREE = "discount", "free"
_NO_DEPARTMENT = (NONE, NONE)


@dataclass(slots=True)
class Seller:
    """Tells the lines of one receipt, in their order."""

    categories: Mapping[str, str]
    """Names of today by id."""
    is_refund: bool
    is_comp: bool
    reads_all: bool = True
    """Whether the names as sold could be read."""
    _above: tuple[str, str] = field(default=_NO_DEPARTMENT)

    def line(self, row: LineRow, tax: str, amount: int) -> Line:
        """A line that is worth `amount` minor units, tax included."""
        if row.product is None and row.price < 0:
            return self._discount(row, tax, amount)
        item, name, department = self._as_sold(row)
        self._above = department
        goes_back = amount < 0 or (amount == 0 and self._is_taken_back(row))
        quantity = abs(row.units.quantize(NOISE))
        return Line(
            item, name, *department, tax, quantity, abs(amount), is_refund=goes_back, is_comp=self.is_comp
        )

    def _discount(self, row: LineRow, tax: str, amount: int) -> Line:
        """What is taken off the line above; in a refund it comes back."""
        comes_back = amount > 0 or (amount == 0 and self._is_taken_back(row))
        return Line(_DISCOUNT, _DISCOUNT, *self._above, tax, Decimal(0), 0, abs(amount), is_refund=comes_back)

    def _is_taken_back(self, row: LineRow) -> bool:
        return row.units < 0 or (self.is_refund and row.units == 0)

    def _as_sold(self, row: LineRow) -> tuple[str, str, tuple[str, str]]:
        """(code, name, department) of an item, as they were when it was sold if that can still be read."""
        if row.product is None:
            return _FREE, _FREE, _NO_DEPARTMENT
        sold = properties_of(row.attributes)
        if sold is None:
            sold, self.reads_all = {}, False
        item = code_of(sold.get("product.reference") or row.product_reference, code_of(row.product, NONE))
        name = name_of(sold.get("product.name", ""), row.product_name, item)
        category = sold.get("product.categoryid") or row.category
        department = code_of(category, NONE)
        known = row.category_name if category == row.category else ""
        return item, name, (department, name_of(self.categories.get(category, ""), known, department))


def unexplained(tax: str, amount: int) -> Line:
    """What the taxes say was sold, and no line does."""
    return Line(UNEXPLAINED, UNEXPLAINED, *_NO_DEPARTMENT, tax, Decimal(0), abs(amount), is_refund=amount < 0)
