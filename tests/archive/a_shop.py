"""The shop whose export the tests check: `Bar Marítim` with its bar and its kiosk."""

from tests.archive import by_hand
from tests.archive.by_hand import BAR, COMPANY, KIOSK, STORE, ByHand, Document
from tests.archive.closing_by_hand import closing

DATES = {
    1: "2025-12-29",
    2: "2025-12-30",
    3: "2025-12-31",
    4: "2026-01-02",
    5: "2026-01-03",
    6: "2026-01-04",
    7: "2026-01-05",
    8: "2026-01-31",
    10: "2026-02-01",
    11: "2026-02-02",
}
"""Z 5 of the bar came late, after Z 6; its till left the number 9 out."""
LATE, LEFT_OUT, ROTATED_AT = 5, 9, 8


def a_shop() -> ByHand:
    """All of it: signed at the bar, with two keys, not signed at the kiosk."""
    bar, kiosk = _bar(), _kiosk()
    shop = ByHand([*bar, *kiosk])
    for z in bar:
        is_old = z["z_number"] < ROTATED_AT
        key, key_id = (by_hand.OLD_KEY, "old") if is_old else (by_hand.NEW_KEY, "new")
        shop.acknowledgements.append(by_hand.acknowledgement(z, key, key_id))
    shop.acknowledgements += [by_hand.acknowledgement(z) for z in kiosk]
    shop.keys = [
        by_hand.key_document(by_hand.OLD_KEY, "old", retired_at="2026-01-31T00:00:00Z"),
        by_hand.key_document(by_hand.NEW_KEY, "new"),
    ]
    shop.closings = [by_hand.signed(it, by_hand.NEW_KEY, "new") for it in _closings(bar, kiosk)]
    return shop


def without_signatures(shop: ByHand) -> ByHand:
    """The same from a cloud that signs nothing."""
    for document in (*shop.acknowledgements, *shop.closings):
        document.pop("signature", None)
    shop.keys = []
    return shop


def leave_out(shop: ByHand, *z_numbers: int) -> ByHand:
    """The same, of which some days of the bar were for another store and not asked for; nothing is signed."""
    shop = without_signatures(shop)
    shop.acknowledgements.clear()
    shop.closings.clear()
    shop.not_here = [it for it in shop.reports if it["terminal_id"] == BAR and it["z_number"] in z_numbers]
    shop.reports = [it for it in shop.reports if it not in shop.not_here]
    return shop


def took(z: Document) -> tuple[int, int]:
    totals = z["totals"]
    return totals["gross"] - totals["discounts"], totals["refunds"]


def _bar() -> list[Document]:
    zs: dict[int, Document] = {}
    newest, total, owed = None, (0, 0), (0, 0)
    for number, date in DATES.items():
        reason = "late" if number == LATE else "manual"
        z = by_hand.report(BAR, number, date, 1000 + 100 * number, newest, total, reason)
        zs[number] = z
        if number == LATE:  # Z 6 was made before it; the totals have it from Z 7 on
            owed = took(z)
            continue
        newest, total = z["content_hash"], (z["perpetual"]["sales"], z["perpetual"]["refunds"])
        total, owed = (
            (total[0] + owed[0], total[1] + owed[1]) if number > LATE else total,
            ((0, 0) if number > LATE else owed),
        )
    return list(zs.values())


def _kiosk() -> list[Document]:
    """Begins with Z 40, which names one that is not here."""
    zs: list[Document] = []
    previous, total = "ab" * 32, (50_000, 700)
    for number, date in ((40, "2026-01-10"), (41, "2026-01-11"), (42, "2026-02-03")):
        z = by_hand.report(KIOSK, number, date, 500 + number, previous, total, "auto")
        previous, total = z["content_hash"], (z["perpetual"]["sales"], z["perpetual"]["refunds"])
        zs.append(z)
    return zs


def _closings(bar: list[Document], kiosk: list[Document]) -> list[Document]:
    of_bar, of_store = ("terminal", BAR), ("store", STORE)
    december = [z for z in bar if z["business_date"] < "2026"]
    january = [z for z in bar if "2026-01" <= z["business_date"] < "2026-02"]
    in_time = [z for z in january if z["z_number"] != LATE]
    first = closing(december, of_bar, "2025-12", None)
    second = closing(in_time, of_bar, "2026-01", first["content_hash"])
    corrected = closing(january, of_bar, "2026-01", first["content_hash"], (1, second["content_hash"]))
    year = closing(december, of_bar, "2025", None)
    of_kiosk = [z for z in kiosk if z["business_date"] < "2026-02"]
    of_both = closing([*january, *of_kiosk], of_store, "2026-01", None)
    of_company = closing([*january, *of_kiosk], ("company", COMPANY), "2026-01", None)
    return [first, second, corrected, year, of_both, of_company]
