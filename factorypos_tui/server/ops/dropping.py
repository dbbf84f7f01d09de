"""What an administrator does with documents that are so old that nobody asks for them any more."""

from collections.abc import Iterator

from peewee import Database

from factorypos_tui.server.domain.cloud import instant, utc_now
from factorypos_tui.server.ops.administration import ACTOR, AdministrationError
from factorypos_tui.server.storage import bodies
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.bodies import Age, Bodies
from factorypos_tui.server.words import told


def to_drop(database: Database, month: str) -> Bodies:
    """The documents of Zs of months before one, `2024-01`, that their stores need no longer keep. Raises
    `AdministrationError` where some of them must stay: those of this month and of the last one, and what a
    contradiction about a report may need."""
    newest = _last_month()
    if month > newest:
        raise AdministrationError(
            told(
                "The documents of this month and of the last one stay. The latest month that can be given is "
                "{month}. Nothing was deleted."
            ).format(month=newest)
        )
    with database.connection_context():
        if bodies.has_contradicted(database, _age(month)):
            raise AdministrationError(
                told(
                    "Reports of those months contradict others, and nobody has decided. Nothing was deleted. "
                    "Run: cloud conflict list"
                )
            )
        return bodies.bodies_of_age(database, _age(month))


def drop(database: Database, month: str, found: Bodies) -> Iterator[str]:
    """Delete them, month by month; yields each month under way. What is left after an interruption, the same
    call deletes."""
    now = instant(utc_now())
    with database.connection_context():
        with database.atomic():
            bodies.note_drop(database, now, _age(month), found.count)
            audit(database, now, ACTOR, "documents.dropped", f"{found.count} before {month}")
        yield from bodies.drop_bodies(database, _age(month))


def _age(month: str) -> Age:
    return Age(month, utc_now().year)


def _last_month() -> str:
    this = utc_now().date().replace(day=1)
    year, month = (this.year, this.month - 1) if this.month > 1 else (this.year - 1, 12)
    return this.replace(year=year, month=month).isoformat()[:7]
