"""What is known of a company is changed, and who needs a second factor there."""

from peewee import Database

from factorypos_tui.server import errors
from factorypos_tui.server.documents.faults import fault
from factorypos_tui.server.domain.companies import (
    FACTOR_RULES,
    CompanyChange,
    CompanyForm,
    FactorRule,
    stores_in,
)
from factorypos_tui.server.domain.company_news import tell_owners
from factorypos_tui.server.domain.quotas import note_change
from factorypos_tui.server.domain.second_factor.factors import are_on
from factorypos_tui.server.domain.seen import replace_seen
from factorypos_tui.server.mail.people_letters import Told
from factorypos_tui.server.storage.report_tables import XReport, ZReport
from factorypos_tui.server.storage.tables import Account, Company, Store
from factorypos_tui.server.words import told


def change_company(
    database: Database, now: str, account: Account, company: Company, form: CompanyChange
) -> None:
    """Set what is known of a company, which is as it was seen; in the caller's transaction. Raises
    `Outdated`, and `Invalid` for another currency once a store has reports in the one of before, or where
    an owner asks others for a second factor and has none."""
    stores = stores_in(company).select(Store.id)
    if form.currency != company.currency and any(
        table.select().where(table.store_id.in_(stores)).exists(database) for table in (ZReport, XReport)
    ):
        words = told("There are reports in {currency} already. Make another company for another currency.")
        raise errors.Invalid([fault("currency", words.format(currency=company.currency))])
    others = form.model_dump(exclude={"second_factor_from"})
    replace_seen(database, company, CompanyForm.model_validate(others))
    note_change(database, now, account.id, "company.changed", company.id, company_id=company.id)
    if form.second_factor_from is not None:
        set_factor_rule(database, now, account, company, form.second_factor_from)


def set_factor_rule(
    database: Database, now: str, account: Account, company: Company, rule: FactorRule
) -> None:
    """Say who needs a second factor in a company whose rule is as it was seen; in the caller's transaction.
    Owners are told where fewer people need one. Raises `Outdated`, and `Invalid` where an owner asks others
    for one and has none."""
    before = company.second_factor_from
    if rule == before:
        return
    if rule != "nobody" and not are_on(database, account.id):
        words = told("You have no second factor yourself. Set one up first, on the page of your account.")
        raise errors.Invalid([fault("second_factor_from", words)])
    same = (Company.id == company.id) & (Company.second_factor_from == before)
    if not Company.update(second_factor_from=rule).where(same).execute(database):
        raise errors.Outdated(None)
    action = "company.second_factor_rule_set"
    note_change(database, now, account.id, action, company.id, company_id=company.id)
    rules: list[str] = list(FACTOR_RULES)
    if rules.index(rule) < rules.index(before):
        news = Told("factor_rule_lowered", company.name, account.name, role=FACTOR_RULES[rule])
        tell_owners(database, now, company.id, news)
