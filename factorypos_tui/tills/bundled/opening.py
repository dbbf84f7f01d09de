"""A new till: who it is, its first catalogue, and its first period."""

import json
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from factorypos_tui.core.configuration.configuration import CompanyData, Configuration
from factorypos_tui.core.configuration.fields import LONGEST_NAME
from factorypos_tui.core.errors import TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.tills.bundled.configuration import COMPANY_COLUMNS
from factorypos_tui.tills.bundled.configuring import write_difference
from factorypos_tui.tills.bundled.periods import open_first
from factorypos_tui.tills.bundled.till_database import TillDatabase

_COUNTRY, _CURRENCY = "ES", "EUR"


def open_till(
    path: Path,
    wanted: Configuration,
    *,
    now: datetime,
    name: str,
    timezone: str = "Europe/Madrid",
    opening_float: int = 0,
) -> None:
    """Make `path` a till with the configuration `wanted`, and open its first period at `now`. Where `wanted`
    names no company, country or currency, they are the till's name, Spain and the euro.

    Raises `TillError` where there is a till already, `UsageError` for an unusable name or time zone."""
    company = _whole(wanted.company, name)
    _refuse_unusable(name, company.name or "", timezone)
    database = TillDatabase(path)
    with database.connection(), database.transaction():
        if database.value("SELECT COUNT(*) FROM terminal"):
            raise TillError(_("There is a till already at {file}. It was not touched.").format(file=path))
        database.execute(
            "INSERT INTO terminal (one, id, name, wizard_finished, licence, timezone, opening_float,"
            " currency) VALUES (1, ?, ?, 1, ?, ?, ?, ?)",
            str(uuid.uuid4()),
            name,
            json.dumps({"configuration_upload": True}),
            timezone,
            opening_float,
            company.currency,
        )
        database.execute(
            f"INSERT INTO company (one, {', '.join(COMPANY_COLUMNS)})"
            f" VALUES (1{', ?' * len(COMPANY_COLUMNS)})",
            *(getattr(company, column) for column in COMPANY_COLUMNS),
        )
        write_difference(database, Configuration(company), replace(wanted, company=company))
        open_first(database, now)


def _refuse_unusable(name: str, shop: str, timezone: str) -> None:
    if timezone not in available_timezones():
        raise UsageError(
            _("{name} is not a time zone. Write it like Europe/Madrid.").format(name=timezone[:40])
        )
    refuse_bad_name(name)
    if not _is_a_name(shop):
        raise UsageError(_("The name of a shop is 1 to 100 printable characters."))


def refuse_bad_name(name: str) -> None:
    """Raise `UsageError` for what no terminal can be called."""
    if not _is_a_name(name):
        raise UsageError(_("A terminal name is 1 to 100 printable characters."))


def _is_a_name(name: str) -> bool:
    return name.isprintable() and 1 <= len(name) <= LONGEST_NAME and name == name.strip()


def _whole(company: CompanyData, name: str) -> CompanyData:
    return CompanyData(
        name if company.name is None else company.name,
        company.tax_id or "",
        company.address or "",
        company.city or "",
        company.country or _COUNTRY,
        company.currency or _CURRENCY,
    )
