"""What each page of a catalogue stands on: the store, its catalogue as it is now, and how an edit is saved.

An edit is made on the version that its form names. Where somebody else has saved meanwhile, the page says
what they changed, keeps what was typed, and names the new version: sending it again saves it on top."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import Response

from factorypos_tui.server import errors
from factorypos_tui.server.catalogue.checking import Document
from factorypos_tui.server.catalogue.difference import RecordChange, compare
from factorypos_tui.server.catalogue.editing import Wrong
from factorypos_tui.server.catalogue.fields import NAMES
from factorypos_tui.server.catalogue.wording import change_words, counts_words, fault_words
from factorypos_tui.server.domain import catalogues
from factorypos_tui.server.domain.catalogues import Catalogue, currency_of
from factorypos_tui.server.domain.members import Role, store_for
from factorypos_tui.server.errors import FieldProblem, Refused
from factorypos_tui.server.storage.tables import Company, Store
from factorypos_tui.server.web.visits import OwnersVisit
from factorypos_tui.server.words import told

MOST_LINES = 200
"""So many changes are written out on one page."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store and its catalogue as somebody visits them."""

    visit: OwnersVisit
    store: Store
    company: Company
    catalogue: Catalogue

    @property
    def document(self) -> Document:
        return self.catalogue.document

    @property
    def currency(self) -> str:
        return currency_of(self.document, self.company)

    def path(self, rest: str = "") -> str:
        return f"/stores/{self.store.id}/catalogue{rest}"

    def page(
        self, template: str, refused: Refused | None = None, meanwhile: Sequence[str] = (), **values: object
    ) -> Response:
        """A page; `meanwhile` is what somebody else has changed."""
        return self.visit.page(
            f"catalogue/{template}", refused, 200, shelf=self, meanwhile=meanwhile, NAMES=NAMES, **values
        )

    def lines(self, changes: Sequence[RecordChange]) -> list[str]:
        """The first changes in words, and how many there are beside them."""
        lines = [change_words(change, self.currency) for change in changes[:MOST_LINES]]
        if len(changes) > MOST_LINES:
            lines.append(told("… and {n} more").format(n=len(changes) - MOST_LINES))
        return lines


Again = Callable[[Shelf, Refused, Sequence[str]], Response]
"""The page of a form once more, with why it was refused and what somebody else has changed meanwhile."""


def open_shelf(visit: OwnersVisit, store_id: UUID) -> Shelf:
    """Raises `NotYours`."""
    database = visit.database
    with database.connection_context():
        store = store_for(database, visit.account, str(store_id), Role.MANAGER)
        company = Company.select().where(Company.id == store.company_id).get(database)
        return Shelf(visit, store, company, catalogues.current_catalogue(database, store))


def carry_out(
    visit: OwnersVisit, store_id: UUID, edit: Callable[[Shelf], Document], again: Again, back: str
) -> Response:
    """Save what `edit` makes of the catalogue and lead to `back`, a path within the catalogue; else show the
    form again."""
    shelf = open_shelf(visit, store_id)
    if visit.form.get("seen", "") != (shelf.catalogue.etag or ""):
        return again(shelf, _changed(shelf), _meanwhile(shelf))
    try:
        edited = edit(shelf)
        with visit.database.connection_context(), visit.database.atomic():
            store_for(visit.database, visit.account, shelf.store.id, Role.MANAGER)
            changes = catalogues.save(
                visit.database, visit.cloud.now(), visit.account, shelf.store, shelf.catalogue, edited
            )
    except Wrong as wrong:
        return again(shelf, refusal_of(wrong), ())
    except errors.Changed:
        shelf = open_shelf(visit, store_id)
        return again(shelf, _changed(shelf), _meanwhile(shelf))
    except errors.RoleTooLow:
        raise
    except errors.Refused as refused:
        return again(shelf, refused, ())
    return visit.go(shelf.path(back), _saved_words(shelf, changes))


def refusal_of(wrong: Wrong) -> errors.Invalid:
    """What a till would refuse, with the fields named."""
    words = told("A till would refuse this, so nothing was saved. {faults}")
    faults = " ".join(fault_words(fault) for fault in wrong.faults[:5])
    fields = [FieldProblem(fault.field, "invalid", fault.message) for fault in wrong.faults]
    return errors.Invalid(fields, words.format(faults=faults))


def _changed(shelf: Shelf) -> errors.Changed:
    words = told(
        "Somebody else has changed the catalogue meanwhile, so yours was not saved yet. What they changed "
        "stands below; what you typed is still here. Send it again to save it on top."
    )
    return errors.Changed(words, shelf.catalogue.etag)


def _meanwhile(shelf: Shelf) -> list[str]:
    """What has changed since the version that the form names."""
    etag = shelf.visit.form.get("seen", "")
    with shelf.visit.database.connection_context():
        seen = catalogues.catalogue_seen(shelf.visit.database, shelf.store, etag)
    return shelf.lines(compare(seen.document, shelf.document)) if seen else []


def _saved_words(shelf: Shelf, changes: Sequence[RecordChange]) -> str:
    if not changes:
        return told("Nothing has changed.")
    words = change_words(changes[0], shelf.currency) if len(changes) == 1 else counts_words([*changes])
    return told("Saved: {changes} Tills can download it.").format(changes=words.rstrip(".") + ".")
