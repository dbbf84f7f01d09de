"""The taxes that FloCafe knows: it keeps those of its country in a pack, as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from factorypos_tui.tills.flocafe.flo_database import Row, Snapshot
from factorypos_tui.tills.flocafe.taxes import TaxGroup, decimal_of, group_of
from factorypos_tui.tills.flocafe.values import loaded, objects, text


def fetch_tax_pack(snapshot: Snapshot) -> Sequence[Row]:
    """The pack in use, if this version of FloCafe has packs."""
    if not (
        snapshot.has("country_packs", "status", "active_version_id")
        and snapshot.has("country_pack_versions", "id", "pack_json")
    ):
        return ()
    return snapshot.rows(
        "SELECT pack_json FROM country_packs JOIN country_pack_versions"
        " ON country_pack_versions.id = active_version_id"
        " WHERE status = 'active' AND (country = '*' OR country ="
        " (SELECT value FROM settings WHERE key = 'country')) ORDER BY country = '*' LIMIT 1"
    )


def taxes_in(pack: Sequence[Row]) -> Mapping[str, TaxGroup]:
    """The tax of each category of taxes. Those of sales to other states are left out."""
    found = loaded(pack[0][0]) if pack else None
    if not isinstance(found, Mapping):
        return {}
    rules = {text(rule.get("id")): rule for rule in objects(found.get("rules")) if _is_usual(rule)}
    taxes: dict[str, TaxGroup] = {}
    for category in objects(found.get("categories")):
        ids = category.get("ruleIds")
        parts = [rules[key] for id_ in (ids if isinstance(ids, list) else ()) if (key := text(id_)) in rules]
        if parts:
            rates = ((text(part.get("label"), "Tax"), decimal_of(part.get("rate"))) for part in parts)
            taxes[text(category.get("id"))] = group_of(tuple(rates))
    return taxes


def _is_usual(rule: Mapping[str, Any]) -> bool:
    conditions = rule.get("conditions")
    between_states = (
        isinstance(conditions, Mapping) and conditions.get("customerStateRelation") == "interstate"
    )
    return rule.get("type") == "percent" and not between_states
