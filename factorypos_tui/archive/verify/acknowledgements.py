"""What a cloud answered to a report: it must be about this very report, and signed where it says so."""

from factorypos_tui.archive.verify.faults import N_, Kind, found
from factorypos_tui.archive.verify.reading import Fields, parse
from factorypos_tui.archive.verify.reports import Z
from factorypos_tui.archive.verify.signatures import Signatures


def check_acknowledgement(raw: bytes, path: str, z: Z, signatures: Signatures) -> bool:
    """Whether it is signed. Raises `FaultFound` where it is another report's, or a forger's."""
    document = parse(raw, path)
    fields = Fields(document, path)
    if fields.uuid("report_id") != z.report_id or fields.sha256("content_hash") != z.content_hash:
        raise found(Kind.FORGED, path, N_("It acknowledges another report, or other content."))
    fields.one_of("result", "created", "unchanged")
    received_at = fields.instant("received_at")
    fields.uuid("store_id")
    is_signed = fields.has("signature") and not fields.is_null("signature")
    if is_signed:
        signatures.check(document, fields, received_at, "missing_z_numbers")
    return is_signed
