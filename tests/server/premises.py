"""An owner with one of everything that an address of the API can name."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from factorypos_tui.archive.export.charts import packaged
from factorypos_tui.server.domain.closings.making import Scope, close_due
from factorypos_tui.server.domain.keys import current_signer
from factorypos_tui.server.domain.members import Role
from factorypos_tui.server.storage.closing_tables import Closing
from tests.server.shop import Json, Owner, Shop, Till, sealed
from tests.server.test_configuration import FIRST, document

CHART = packaged("pgc").decode()
NO_ALARM = str(uuid.UUID(int=0))
"""Alarms begin in rounds, and no round is made here."""


@dataclass(frozen=True, slots=True)
class Premises:
    """What an account has: a company, a store with a till, a report, a conflict, a configuration."""

    owner: Owner
    till: Till
    sister: Till
    """In another store of the same account."""
    company: str
    session: str
    """The id of a session that no test calls with."""
    report: Json
    contested: Json
    """A report that another one contradicts."""
    etag: str
    """Of the configuration, which is version 1."""
    code: str
    """The id of an enrolment code."""
    invitation: str
    """The id of an open invitation."""
    member: str
    """The id of an account that is a member beside the owner."""
    closing: str
    """The id of a closing of the store."""
    closing_of_all: str
    """The id of one of the company."""

    @property
    def ids(self) -> dict[str, str]:
        """By their names in addresses."""
        return {
            "company_id": self.company,
            "store_id": self.till.store,
            "terminal_id": self.till.id,
            "session_id": self.session,
            "code_id": self.code,
            "invitation_id": self.invitation,
            "account_id": self.member,
            "closing_id": self.closing,
            "report_id": self.report["report_id"],
            "version": "1",
            "alarm_id": NO_ALARM,
            "section": "items",
            "day": self.report["business_date"],
        }


def premises(shop: Shop, name: str = "Bar Ana") -> Premises:
    """`name` is that of the company and of its stores."""
    owner = shop.owner()
    spare = owner.call("GET", "/sessions").json()["items"][0]["id"]
    owner = shop.log_in(owner.email)
    company = owner.company(name=name)
    till, sister = (owner.assign(owner.store(company, name=name)) for _ in range(2))
    report, contested = till.z(1), till.z(2, str(uuid.uuid4()))
    contradicting = sealed({**contested, "close_reason": "auto"})
    assert till.send_all([report, contested, contradicting]).status_code == 200
    uploaded = till.call("PUT", "/configuration", json=document(), headers=FIRST)
    code = owner.call("POST", f"/stores/{till.store}/enrolment-codes", json={}).json()["id"]
    form = {"email": "eva@example.com", "role": "viewer"}
    invitation = owner.call("POST", f"/companies/{company}/invitations", json=form).json()["id"]
    clerk = owner.admit(shop.owner(), company, Role.MANAGER)
    member = clerk.call("GET", "/sessions/current").json()["id"]
    chart = owner.call("PUT", f"/companies/{company}/chart", json={"document": CHART}, headers=FIRST)
    assert chart.status_code == 201, chart.text
    return Premises(
        *(owner, till, sister, company, spare, report, contested, uploaded.headers["etag"], code),
        *(invitation, member),
        *(closed(shop, Scope("store", till.store)), closed(shop, Scope("company", company))),
    )


def closed(shop: Shop, scope: Scope) -> str:
    """Close the month of its days; the id of the closing."""
    database = shop.cloud.database
    with database.connection_context():
        signer = current_signer(database)
        assert signer is not None
        assert close_due(database, datetime(2026, 5, 1, tzinfo=UTC), signer, scope, 1) == 1
        own = (Closing.scope == scope.kind, Closing.scope_id == scope.id)
        return str(Closing.select(Closing.id).where(*own).scalar(database))
