"""What the commands of the bundled till print with --json: money in minor units, instants in UTC."""

from typing import Any

from factorypos_tui.core.language.instants import rfc3339
from factorypos_tui.core.models import TillStatus
from factorypos_tui.core.reports.closing import Closing
from factorypos_tui.core.reports.sales import Period, Receipt


def receipt_document(receipt: Receipt, currency: str, *, training: bool) -> dict[str, Any]:
    """A receipt that was just sold; amounts in minor units."""
    return {
        "receipt_uid": receipt.uid,
        "number": receipt.number or None,
        "sold_at": rfc3339(receipt.sold_at),
        "training": training,
        "user": receipt.user_code,
        "lines": [
            {
                "item": line.item_code,
                "name": line.item_name,
                "quantity": f"{line.quantity:f}",
                "net": line.net,
            }
            for line in receipt.lines
        ],
        "taxes": [{"code": tax.code, "base": tax.base, "tax": tax.tax} for tax in receipt.taxes],
        "payments": [
            {"code": paid.code, "amount": paid.amount, "tip": paid.tip} for paid in receipt.payments
        ],
        "net": sum(line.net for line in receipt.lines),
        "currency": currency,
    }


def closing_document(closing: Closing) -> dict[str, Any]:
    """A day that was just closed."""
    return {
        "z_number": closing.z_number,
        "period_id": closing.period_id,
        "business_date": closing.business_date.isoformat(),
        "opened_at": rfc3339(closing.opened_at),
        "closed_at": rfc3339(closing.closed_at),
        "close_reason": closing.close_reason.value,
        "receipts": closing.receipts,
        "net": closing.net,
        "currency": closing.currency,
        "counted": closing.counted,
    }


def running_day_document(now: TillStatus, period: Period | None) -> dict[str, Any]:
    """The running day; `period` is None where none is open."""
    return {
        "kind": now.kind,
        "terminal": {"id": now.terminal.id, "name": now.terminal.name},
        "wizard_finished": now.wizard_finished,
        "last_z_number": now.last_z_number,
        "period_id": period.id if period else None,
        "business_date": period.business_date.isoformat() if period else None,
        "open_period_since": rfc3339(now.open_period_since) if now.open_period_since else None,
        "receipts": now.receipts,
        "net": now.net,
        "currency": now.currency,
        "net_by_hour": [{"hour": hour, "net": net} for hour, net in now.net_by_hour],
    }
