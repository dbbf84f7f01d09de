"""What `till connect` asks of FloCafe's file: whose it is, and its last closes as its own paper has them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from factorypos_tui.core.connecting.found import Access, FoundHost, PaperClose
from factorypos_tui.core.errors import TillError
from factorypos_tui.core.language import _
from factorypos_tui.core.language.money import currency_exponent
from factorypos_tui.tills.flocafe.closures import DAY, Closure, closure_of, fetch_closures
from factorypos_tui.tills.flocafe.facts import NAME, Facts, facts_of, settings_of
from factorypos_tui.tills.flocafe.flo_database import FloDatabase, Snapshot
from factorypos_tui.tills.flocafe.taxes import decimal_of
from factorypos_tui.tills.flocafe.values import cents, objects, text, to_minor

_IDENTITIES = ("cloud_pos_hash", "telemetry_anon_id")
"""Settings that FloCafe makes at its first start; its backups have them, too."""
_FIRST_BILL = "SELECT bill_number || ' ' || paid_at FROM bills WHERE paid_at IS NOT NULL ORDER BY id LIMIT 1"


def hosts(access: Access, home: Path) -> Sequence[FoundHost]:  # noqa: ARG001 - every adapter is asked alike
    """The one till that a file of FloCafe is. Raises `TillError` and `StorageError`."""
    file = FloDatabase(Path(access.address))
    try:
        said = file.read(settings_of)
        identity = file.read(_identity)
        closures = [closure_of(row) for row in file.read(lambda it: fetch_closures(it, DAY, 0))]
    finally:
        file.close()
    if not identity:
        raise TillError(_("Nothing was ever sold with this FloCafe. Sell something, and connect it then."))
    facts = facts_of(said, {})
    newest = closures[-1] if closures else None
    return [
        FoundHost(
            host=NAME,
            identity=identity,
            closes=len(closures),
            last_z=newest.z_number if newest else None,
            last_closed=_on_its_wall(newest.closed_at, facts) if newest else None,
            facts=said,
        )
    ]


def last_closes(
    access: Access,
    home: Path,  # noqa: ARG001 - every adapter is asked alike
    host: str,  # noqa: ARG001
    currency: str,
    n: int,
) -> Sequence[PaperClose]:
    """The newest closed days, newest first, as its Z report prints them. Raises `TillError` and
    `StorageError`."""
    file = FloDatabase(Path(access.address))
    try:
        facts = facts_of(file.read(settings_of), {})
        closures = [closure_of(row) for row in file.read(lambda it: fetch_closures(it, DAY, 0))]
    finally:
        file.close()
    return [_paper(closure, facts, currency) for closure in reversed(closures[-n:])]


def _paper(closure: Closure, facts: Facts, currency: str) -> PaperClose:
    total = closure.amount("net_collected_cents")
    taxed = (decimal_of(part.get("amount")) for part in objects(closure.tax_components))
    tax = to_minor(sum(taxed, Decimal(0)), currency_exponent(currency))
    payments = objects(closure.payment_methods)
    return PaperClose(
        z_number=closure.z_number,
        closed_at=_on_its_wall(closure.closed_at, facts),
        receipts=closure.amount("bill_count"),
        net=total - tax,
        tax=tax,
        total=total,
        payments=[(text(it.get("method"), NAME), cents(it.get("total_cents"), "")) for it in payments],
    )


def _on_its_wall(instant: datetime, facts: Facts) -> datetime:
    """The time on the wall of the shop; UTC, as FloCafe has it, where its time zone is unknown."""
    try:
        return instant.astimezone(facts.zone()).replace(tzinfo=None)
    except (TillError, OverflowError):
        return instant.replace(tzinfo=None)


def _identity(snapshot: Snapshot) -> str:
    for key in _IDENTITIES:
        if found := text(snapshot.value("SELECT value FROM settings WHERE key = ?", key)):
            return found
    return text(snapshot.value(_FIRST_BILL))
