"""A Z report of an export: what of it the chain, the sums and the closings need. Its bytes must be canonical,
its hash its own, and its figures must add up."""

from dataclasses import dataclass

from factorypos_tui.archive.verify.faults import N_, Amount, Kind, found
from factorypos_tui.archive.verify.reading import Fields, content_digest, parse

TOTALS = ("gross", "discounts", "refunds", "net", "tax", "rounding", "tips")
TAX = ("base", "tax", "gross")
PAYMENT = ("sales_count", "sales_amount", "refund_count", "refund_amount", "tips", "amount")


@dataclass(frozen=True, slots=True)
class Perpetual:
    """What a terminal took and gave back since its first sale, in minor units."""

    sales: int
    refunds: int

    def __add__(self, more: "Perpetual") -> "Perpetual":
        return Perpetual(self.sales + more.sales, self.refunds + more.refunds)

    def __sub__(self, less: "Perpetual") -> "Perpetual":
        return Perpetual(self.sales - less.sales, self.refunds - less.refunds)


Rows = tuple[tuple[tuple[str, ...], tuple[int, ...]], ...]
"""Rows of a table: what each is of, and its figures."""


@dataclass(frozen=True, slots=True)
class Z:
    """A closed day."""

    path: str
    terminal_id: str
    z_number: int
    report_id: str
    business_date: str
    currency: str
    is_late: bool
    content_hash: str
    previous_hash: str | None
    receipts: int
    totals: tuple[int, ...]
    """In the order of `TOTALS`."""
    taxes: Rows
    """By code and rate, in the order of `TAX`."""
    payments: Rows
    """By code, in the order of `PAYMENT`."""
    perpetual: Perpetual

    @property
    def took(self) -> Perpetual:
        """What the day adds to the totals since the first sale."""
        gross, discounts, refunds, *_others = self.totals
        return Perpetual(gross - discounts, refunds)


def read_z(raw: bytes, path: str) -> Z:
    """The Z in the bytes of a file; raises `FaultFound` where it is not what it says."""
    document = parse(raw, path)
    fields = Fields(document, path)
    _check_name(fields, path)
    if content_digest(document, raw) != fields.sha256("content_hash"):
        raise found(Kind.CONTENT_CHANGED, path, N_("Its content does not fit its hash."))
    return _checked_sums(_z(fields, path), fields)


def _check_name(fields: Fields, path: str) -> None:
    fields.one_of("kind", "Z")
    _folder, terminal_id, name = path.split("/")
    if fields.uuid("terminal_id") != terminal_id or f"Z{fields.whole('z_number', 1):08}.json" != name:
        words = N_("The file holds Z {z_number} of terminal {terminal_id}.")
        z_number, terminal_id = fields.whole("z_number"), fields.uuid("terminal_id")
        raise found(Kind.NOT_CLOSED, path, words, z_number=z_number, terminal_id=terminal_id)


def _z(fields: Fields, path: str) -> Z:
    fields.whole("schema_version", 1)
    totals, perpetual = fields.group("totals"), fields.group("perpetual")
    since = Perpetual(perpetual.whole("sales"), perpetual.whole("refunds"))
    if since.sales - since.refunds != perpetual.whole("net"):
        raise found(
            Kind.DOES_NOT_ADD_UP, path, N_("The total since the first sale is not sales less refunds.")
        )
    return Z(
        path,
        fields.uuid("terminal_id"),
        fields.whole("z_number", 1),
        fields.uuid("report_id"),
        fields.day("business_date"),
        fields.currency("currency"),
        fields.one_of("close_reason", "manual", "auto", "late") == "late",
        fields.sha256("content_hash"),
        None if fields.is_null("previous_hash") else fields.sha256("previous_hash"),
        fields.group("receipts").whole("count", 0),
        tuple(totals.whole(name) for name in TOTALS),
        rows_of(fields, "taxes", ("code", "rate"), TAX),
        rows_of(fields, "payments", ("code",), PAYMENT),
        since,
    )


def rows_of(fields: Fields, name: str, keys: tuple[str, ...], figures: tuple[str, ...]) -> Rows:
    """The rows of a table of a report or of a closing."""
    return tuple(
        (tuple(row.text(key) for key in keys), tuple(row.whole(figure) for figure in figures))
        for row in fields.rows(name)
    )


def _checked_sums(z: Z, fields: Fields) -> Z:
    gross, discounts, refunds, net, tax, rounding, tips = z.totals
    paid = net + rounding + tips
    sums = (
        (N_("Gross less discounts less refunds is {sum}, net is {total}."), gross - discounts - refunds, net),
        (N_("The departments add up to {sum}, net is {total}."), _sum(fields, "departments"), net),
        (N_("The hours add up to {sum}, net is {total}."), _sum(fields, "hours"), net),
        (N_("The tax rows add up to {sum}, net is {total}."), sum(it[2] for _, it in z.taxes), net),
        (N_("The taxes add up to {sum}, the tax is {total}."), sum(it[1] for _, it in z.taxes), tax),
        (
            N_("The payments add up to {sum}; net, rounding and tips to {total}."),
            sum(it[5] for _, it in z.payments),
            paid,
        ),
    )
    for words, added, total in sums:
        if added != total:
            amounts = {"sum": Amount(added, z.currency), "total": Amount(total, z.currency)}
            raise found(Kind.DOES_NOT_ADD_UP, z.path, words, **amounts)
    if any(base + tax != gross for _key, (base, tax, gross) in z.taxes):
        raise found(Kind.DOES_NOT_ADD_UP, z.path, N_("A tax row is not its base and its tax."))
    if any(took - gave + tip != all_ for _key, (_n, took, _m, gave, tip, all_) in z.payments):
        raise found(Kind.DOES_NOT_ADD_UP, z.path, N_("A payment is not sales less refunds and tips."))
    return z


def _sum(fields: Fields, name: str) -> int:
    return sum(row.whole("amount") for row in fields.rows(name))
