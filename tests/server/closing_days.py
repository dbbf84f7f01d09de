"""Days of a till that follow each other, over the months of a year."""

from datetime import UTC, datetime

from tests.server.shop import Json, Till


def chained(till: Till, *days: str, first: int = 1, before: Json | None = None) -> list[Json]:
    """A Z of each day; the totals since the first sale go on."""
    made: list[Json] = []
    for number, day in enumerate(days, first):
        net = 100 * number
        sales, refunds = (net + 40, 40)
        if before:
            sales += before["perpetual"]["sales"]
            refunds += before["perpetual"]["refunds"]
        z = till.z(
            number,
            net=net,
            business_date=day,
            opened_at=f"{day}T07:00:00Z",
            closed_at=f"{day}T22:00:00Z",
            perpetual={"sales": sales, "refunds": refunds, "net": sales - refunds},
            previous_hash=before["content_hash"] if before else None,
        )
        made.append(z)
        before = z
    return made


def at(day: str) -> datetime:
    """Noon of a day."""
    return datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC)
