"""Who needs a second factor in a company: whoever changes that proves who it is."""

from uuid import UUID

from fastapi import APIRouter, Response

from factorypos_tui.server.domain.companies import FACTOR_RULES, FactorRule
from factorypos_tui.server.domain.company_changes import set_factor_rule
from factorypos_tui.server.domain.forms import Form
from factorypos_tui.server.domain.members import Role, company_for
from factorypos_tui.server.errors import Refused
from factorypos_tui.server.web.members import NEVER_HERE
from factorypos_tui.server.web.visits import OwnersVisit, Proved
from factorypos_tui.server.words import told

router = APIRouter(prefix="/companies/{company_id}/second-factor", include_in_schema=False)


class RuleForm(Form):
    second_factor_from: FactorRule


@router.get("")
def rule_page(visit: Proved, company_id: UUID) -> Response:
    return _page(visit, company_id)


@router.post("")
def set_rule(visit: Proved, company_id: UUID) -> Response:
    database = visit.database
    try:
        form = visit.read(RuleForm)
        with database.connection_context(), database.atomic():
            company = company_for(database, visit.account, str(company_id), Role.OWNER)
            set_factor_rule(database, visit.cloud.now(), visit.account, company, form.second_factor_from)
    except NEVER_HERE:
        raise
    except Refused as refused:
        return _page(visit, company_id, refused)
    visit.cloud.postman.call()
    return visit.go(f"/companies/{company_id}", told("Saved."))


def _page(visit: OwnersVisit, company_id: UUID, refused: Refused | None = None) -> Response:
    with visit.database.connection_context():
        company = company_for(visit.database, visit.account, str(company_id), Role.OWNER)
    rules = [(rule, told(words)) for rule, words in FACTOR_RULES.items()]
    return visit.page("factor_rule.html", refused, company=company, rules=rules)
