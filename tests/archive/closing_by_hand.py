"""Closings made by hand: the sums of their days."""

import uuid
from calendar import monthrange
from collections.abc import Iterable

from tests.archive.by_hand import Document, with_hash


def closing(
    zs: Iterable[Document],
    scope: tuple[str, str],
    name: str,
    previous: str | None,
    corrects: tuple[int, str | None] = (0, None),
    last: Iterable[Document] = (),
) -> Document:
    """A closing; `corrects`: its revision and what it corrects; `last`: the last Z of terminals, by default
    the newest of `zs`."""
    zs = sorted(zs, key=lambda it: (it["terminal_id"], it["z_number"]))
    newest = {it["terminal_id"]: it for it in zs} | {it["terminal_id"]: it for it in last}
    month = int(name[5:] or 12)
    return with_hash(
        {
            "schema_version": 1,
            "closing_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scope}{name}{corrects[0]}")),
            "scope": scope[0],
            "scope_id": scope[1],
            "period": "month" if len(name) > 4 else "year",
            "name": name,
            "first_date": f"{name[:4]}-{name[5:] or '01'}-01",
            "last_date": f"{name[:4]}-{month:02}-{monthrange(int(name[:4]), month)[1]}",
            "currency": "EUR",
            "revision": corrects[0],
            "corrects": corrects[1],
            "made_at": "2026-02-20T00:00:00Z",
            "zs": [
                {
                    it: z[it]
                    for it in ("terminal_id", "z_number", "business_date", "report_id", "content_hash")
                }
                for z in zs
            ],
            "receipts": sum(z["receipts"]["count"] for z in zs),
            "totals": _sum(z["totals"] for z in zs),
            "taxes": _sum_rows((row for z in zs for row in z["taxes"]), ("code", "name", "rate")),
            "payments": _sum_rows((row for z in zs for row in z["payments"]), ("code", "name", "type")),
            "perpetual": _sum(z["perpetual"] for z in newest.values()),
            "previous_hash": previous,
        }
    )


def _sum(groups: Iterable[Document]) -> Document:
    sums: Document = {}
    for group in groups:
        for name, value in group.items():
            sums[name] = sums.get(name, 0) + value
    return sums


def _sum_rows(rows: Iterable[Document], keys: tuple[str, ...]) -> list[Document]:
    sums: dict[tuple[str, ...], Document] = {}
    for row in rows:
        key = tuple(row[it] for it in keys)
        more = {name: value for name, value in row.items() if name not in keys}
        sums[key] = _sum([sums.get(key, {}), more])
    return [dict(zip(keys, key, strict=True)) | sums[key] for key in sorted(sums)]
