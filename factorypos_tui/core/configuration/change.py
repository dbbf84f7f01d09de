"""What taking a configuration does to a till. Pure: the till's adapter calls it inside its transaction.

Records that sales refer to are never dropped: they stay, no longer in use. A tax or payment method of today's
sales does not change before the day is closed."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from factorypos_tui.core.configuration.configuration import (
    RECORD_SECTIONS,
    AnyRecord,
    Configuration,
    Item,
    Record,
    Section,
)
from factorypos_tui.core.configuration.difference import Difference
from factorypos_tui.core.errors import DayOpen, Stopped, TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.text import plain

_MOST_NAMED = 5


class Why(StrEnum):
    """What a backup was made before."""

    DOWNLOAD = "download"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class Sold:
    """What sales have fixed."""

    taxes: AbstractSet[str]
    """Codes of the taxes of sales in the open period."""
    payment_methods: AbstractSet[str]
    """Codes of the payment methods of sales in the open period."""
    ever: bool
    """Whether this till has sold at all."""


@dataclass(frozen=True, slots=True)
class References:
    """The codes that sales of any time refer to."""

    departments: AbstractSet[str]
    taxes: AbstractSet[str]
    payment_methods: AbstractSet[str]
    users: AbstractSet[str]
    items: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class Held:
    """A record that cannot change until the day is closed."""

    section: Section
    code: str


@dataclass(frozen=True, slots=True)
class Change:
    """A configuration beside what the till had when a person looked. Nothing is changed yet."""

    here: Configuration
    """What the till had."""
    wanted: Configuration
    difference: Difference
    held: Sequence[Held]
    """The records because of which it cannot be taken before the day is closed."""
    why: Why


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: the backup that was made first, and how many records left use. Those were dropped, or
    kept because sales refer to them."""

    backup_id: int
    dropped: int
    kept: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A configuration that was replaced, and by what."""

    id: int
    taken_at: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Watch:
    """A person who watches while a change is applied, and may stop it."""

    tell: Callable[[int, int], object] = lambda _done, _total: None
    """Called with the rows written so far and the rows in all."""
    stopped: Callable[[], bool] = lambda: False
    """Asked until just before the commit."""

    def see(self, done: int, total: int) -> None:
        """Tell how many rows are written; raises `Stopped` where the person wants to stop."""
        self.tell(done, total)
        if self.stopped():
            raise Stopped(_("Stopped. Nothing was changed."))


UNWATCHED = Watch()


def held_today(current: Configuration, wanted: Configuration, sold: Sold) -> Sequence[Held]:
    """The taxes and payment methods of sales in the open period that `wanted` would change.

    Raises `TillError` where the currency is not the one that this till has sold in: that never changes."""
    if sold.ever and wanted.company.currency != current.company.currency:
        raise TillError(
            _(
                "The prices in FactoryCLOUD are in {theirs}, but this till has sold in {ours}. "
                "Nothing was changed. Correct the currency in FactoryCLOUD."
            ).format(theirs=wanted.company.currency, ours=current.company.currency)
        )
    return [
        *_differing(Section.TAXES, current.taxes, wanted.taxes, sold.taxes),
        *_differing(
            Section.PAYMENT_METHODS, current.payment_methods, wanted.payment_methods, sold.payment_methods
        ),
    ]


def changed_meanwhile() -> TillError:
    """The error for a till that is no longer as the person saw it."""
    return TillError(_("The till was changed in the meantime. Nothing else was changed. Look at it again."))


def refuse_held(held: Sequence[Held]) -> None:
    """Raise `DayOpen`, which names the records, if `held` has any."""
    if held:
        raise DayOpen(held_words(held) + " " + _("Nothing was changed."))


def held_words(held: Sequence[Held]) -> str:
    """Which records today's sales refer to, and that the day must be closed before they can change."""
    names = ", ".join(plain(record.code) for record in held[:_MOST_NAMED])
    names += ", …" if len(held) > _MOST_NAMED else ""
    return _("Today's sales refer to what would change: {names}. Close the day first.").format(names=names)


def target(current: Configuration, wanted: Configuration, sales: References) -> Configuration:
    """What the till holds afterwards: `wanted`, and those of its own records that must stay, no longer in
    use."""
    levels = {level.code for level in wanted.price_levels}
    taken = {item.barcode for item in wanted.items}
    stay = [_out_of_use(item, levels, taken) for item in _staying(current.items, wanted.items, sales.items)]
    return Configuration(
        company=wanted.company,
        departments=_with(
            wanted.departments,
            _staying(
                current.departments, wanted.departments, sales.departments | {i.department for i in stay}
            ),
        ),
        taxes=_with(
            wanted.taxes, _staying(current.taxes, wanted.taxes, sales.taxes | {item.tax for item in stay})
        ),
        price_levels=wanted.price_levels,
        payment_methods=_with(
            wanted.payment_methods,
            _staying(current.payment_methods, wanted.payment_methods, sales.payment_methods),
        ),
        users=_with(wanted.users, _staying(current.users, wanted.users, sales.users)),
        items=_with(wanted.items, stay),
    )


def leaving(current: Configuration, wanted: Configuration) -> int:
    """How many records in use are not in `wanted`."""
    return sum(
        len(
            {record.code for record in getattr(current, section.value) if record.active}
            - {record.code for record in getattr(wanted, section.value)}
        )
        for section in RECORD_SECTIONS
    )


def _differing(
    section: Section, here: Sequence[Record], wanted: Sequence[Record], sold: AbstractSet[str]
) -> list[Held]:
    before = {record.code: record for record in here if record.active}
    after = {record.code: record for record in wanted if record.active}
    return [Held(section, code) for code in sorted(sold) if before.get(code) != after.get(code)]


def _staying(
    current: Sequence[AnyRecord], wanted: Sequence[AnyRecord], referred: AbstractSet[str]
) -> list[AnyRecord]:
    """Of what `wanted` does not name: what sales refer to, and what was out of use before."""
    named = {record.code for record in wanted}
    left = (record for record in current if record.code not in named)
    return [replace(record, active=False) for record in left if record.code in referred or not record.active]


def _out_of_use(item: Item, levels: AbstractSet[str], taken: AbstractSet[str | None]) -> Item:
    """The item without prices of levels that are gone, and without a barcode that another item has now."""
    return replace(
        item,
        prices={level: price for level, price in item.prices.items() if level in levels},
        barcode=None if item.barcode in taken else item.barcode,
    )


def _with(records: Sequence[AnyRecord], more: Sequence[AnyRecord]) -> Sequence[AnyRecord]:
    return tuple(sorted((*records, *more), key=lambda record: record.code))
