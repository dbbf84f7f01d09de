"""What was sold in periods: those of many periods are read by one statement for each table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from factorypos_tui.tills.unicenta import values
from factorypos_tui.tills.unicenta.attributes import MOST_BYTES
from factorypos_tui.tills.unicenta.rows import CashRow, LineRow, PaymentRow, TaxRow, TicketRow
from factorypos_tui.tills.unicenta.tables import Row, Tables

# The money is that of the close: where case does not count for the server, a receipt may spell it otherwise.
_TICKETS = (
    "SELECT {receipts[id]}, {receipts[datenew]}, {tickets[id]}, {tickets[tickettype]}, {tickets[ticketid]},"
    " {tickets[person]}, {people[name]}, {closedcash[money]} FROM {closedcash}"
    " JOIN {receipts} ON {receipts[money]} = {closedcash[money]} LEFT JOIN {tickets}"
    " ON {tickets[id]} = {receipts[id]} LEFT JOIN {people} ON {people[id]} = {tickets[person]}"
    " WHERE {closedcash[money]} IN "
)
_LINES = (
    "SELECT {ticketlines[ticket]}, {ticketlines[line]}, {ticketlines[product]}, {ticketlines[units]},"
    " {ticketlines[price]}, {ticketlines[taxid]},"
    f" SUBSTRING({{ticketlines[attributes]}} FROM 1 FOR {MOST_BYTES + 1}) FROM {{receipts}}"
    " JOIN {ticketlines} ON {ticketlines[ticket]} = {receipts[id]} WHERE {receipts[money]} IN "
)
_ITEMS = (
    "SELECT DISTINCT {ticketlines[product]}, {products[name]}, {products[reference]}, {products[category]},"
    " {categories[name]} FROM {receipts} JOIN {ticketlines} ON {ticketlines[ticket]} = {receipts[id]}"
    " JOIN {products} ON {products[id]} = {ticketlines[product]}"
    " LEFT JOIN {categories} ON {categories[id]} = {products[category]} WHERE {receipts[money]} IN "
)
_TAXES = (
    "SELECT {taxlines[receipt]}, {taxlines[taxid]}, {taxlines[base]}, {taxlines[amount]} FROM {receipts}"
    " JOIN {taxlines} ON {taxlines[receipt]} = {receipts[id]} WHERE {receipts[money]} IN "
)
_PAYMENTS = (
    "SELECT {payments[receipt]}, {payments[payment]}, {payments[total]}, {payments[notes]} FROM {receipts}"
    " JOIN {payments} ON {payments[receipt]} = {receipts[id]} WHERE {receipts[money]} IN "
)


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold in one period; each list in the order of (at, kind, number) of its tickets."""

    tickets: list[TicketRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    taxes: list[TaxRow] = field(default_factory=list)
    payments: list[PaymentRow] = field(default_factory=list)


def read_sales(tables: Tables, periods: Sequence[CashRow]) -> Sequence[Sales]:
    """What was sold in each of these periods. Raises `TillError`."""
    moneys = [cash.money for cash in periods]
    places = ", ".join(["%s"] * len(moneys))

    def rows(statement: str) -> list[Row]:
        return tables.rows(f"{statement}({places})", *moneys)

    sold: Mapping[str, Sales] = {money: Sales() for money in moneys}
    of_ticket: dict[str, Sales] = {}
    for row in rows(_TICKETS):
        ticket, sales = values.ticket(row), sold[str(row[-1])]
        sales.tickets.append(ticket)
        of_ticket[ticket.id] = sales
    items = {str(row[0]): values.item(row) for row in rows(_ITEMS)}
    for line in (values.line(row, items) for row in rows(_LINES)):
        if line.ticket in of_ticket:
            of_ticket[line.ticket].lines.append(line)
    for tax in map(values.tax, rows(_TAXES)):
        if tax.ticket in of_ticket:
            of_ticket[tax.ticket].taxes.append(tax)
    for payment in map(values.payment, rows(_PAYMENTS)):
        if payment.ticket in of_ticket:
            of_ticket[payment.ticket].payments.append(payment)
    for sales in sold.values():
        _put_in_order(sales)
    return list(sold.values())


def _put_in_order(sales: Sales) -> None:
    sales.tickets.sort(key=_order)
    place = {ticket.id: number for number, ticket in enumerate(sales.tickets)}
    sales.lines.sort(key=lambda line: (place[line.ticket], line.line))
    sales.taxes.sort(key=lambda tax: (place[tax.ticket], tax.tax, str(tax.base)))
    sales.payments.sort(key=lambda paid: (place[paid.ticket], paid.name, str(paid.total)))


def _order(ticket: TicketRow) -> tuple[datetime, int, int, str]:
    return ticket.at, -1 if ticket.kind is None else ticket.kind, ticket.number, ticket.id
