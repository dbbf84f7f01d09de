"""The document of a closing: its shape. Pure."""

from pydantic import BaseModel

from factorypos_tui.server.documents.report import Payment, Perpetual, Tax, Totals
from factorypos_tui.server.domain.closings.periods import Kind


class ClosedZ(BaseModel):
    terminal_id: str
    z_number: int
    business_date: str
    report_id: str
    content_hash: str


class ClosingSignature(BaseModel):
    key_id: str
    value: str


class ClosingDocument(BaseModel):
    """A closing, as it was signed; amounts are minor units."""

    schema_version: int
    closing_id: str
    scope: str
    scope_id: str
    period: Kind
    name: str
    first_date: str
    last_date: str
    currency: str
    revision: int
    corrects: str | None
    made_at: str
    zs: list[ClosedZ]
    receipts: int
    totals: Totals
    taxes: list[Tax]
    payments: list[Payment]
    perpetual: Perpetual
    previous_hash: str | None
    content_hash: str
    signature: ClosingSignature
