"""The worked example: three days of a shop, receipt by receipt."""

from datetime import datetime

from tests.support.unicenta.shop import Shop, free, listed


def at(day: int, time: str) -> datetime:
    """A time of November 2026, on the till's clock."""
    return datetime.fromisoformat(f"2026-11-{day:02} {time}")


def live_the_example(shop: Shop) -> None:
    """Two closed days and a running one. The shop's tables are there."""
    shop.open("m-2", 2, at(2, "08:00"))
    shop.move_cash("cashin", 100.0, at(2, "08:01"), "m01")
    shop.sell([listed("p-cof", 2)], [("cash", 3.00)], id_="r01", at=at(2, "09:05"), number=1)
    _beside_the_sales(shop)
    shop.sell(
        [listed("p-win"), listed("p-che", 0.350)],
        [("ccard", 16.515)],
        id_="r02",
        at=at(2, "10:30"),
        number=2,
    )
    menus = [listed("p-men", 2), free("Discount 10%", 2, -1.14, "t-10")]
    paid = [("cash", 10.00), ("ccard", 12.492)]
    shop.sell(menus, paid, id_="r03", at=at(2, "13:15"), number=3, person="u-ben")
    shop.sell([listed("p-shi")], [("debt", 15.0)], id_="r04", at=at(2, "14:00"), number=4, person="u-ben")
    shop.sell([listed("p-win", -1)], [("cashrefund", -9.90)], id_="r05", at=at(2, "18:00"), number=1, kind=1)
    shop.move_cash("cashout", -30.0, at(2, "20:00"), "m02")
    if shop.generation.schema != "unicenta3.sql":
        shop.run("UPDATE {closedcash} SET nosales = 1 WHERE money = 'm-2'")
    shop.close(at(2, "22:10"), "m-3")
    _second_day(shop)
    shop.close(at(3, "23:59:30"), "m-4")
    shop.sell([listed("p-cof")], [("cash", 1.50)], id_="r14", at=at(4, "00:05"), number=12)
    shop.sell([listed("p-win")], [("ccard", 9.90)], id_="r15", at=at(4, "09:00"), number=13, person="u-ben")
    shop.run("INSERT INTO {sharedtickets} (id, name) VALUES ('s1', 'Table 1')")


def _second_day(shop: Shop) -> None:
    shop.sell([listed("p-cof", 3)], [("cash", 4.50)], id_="r06", at=at(3, "08:30"), number=5)
    shop.sell([free("Misc", 1, 5 / 1.21, "t-21")], [("cash", 5.0)], id_="r07", at=at(3, "11:00"), number=6)
    ben = "u-ben"
    shop.sell(
        [listed("p-che", 0.333)], [("cash", 6.2937)], id_="r08", at=at(3, "12:00"), number=7, person=ben
    )
    shop.sell([listed("p-che", 0.127)], [("cash", 2.40)], id_="r09", at=at(3, "12:30"), number=8, person=ben)
    settled = [("cash", 15.0), ("debtpaid", -15.0)]
    shop.sell([], settled, id_="r10", at=at(3, "13:00"), number=1, kind=2, person=ben)
    shop.sell([listed("p-men")], [("free", 12.50)], id_="r11", at=at(3, "16:00"), number=9)
    taken_back = [listed("p-win"), listed("p-cof", -1)]
    shop.sell(taken_back, [("ccard", 8.40)], id_="r12", at=at(3, "17:00"), number=10)
    shop.sell([listed("p-shi")], [("voucherin", 20.0)], id_="r13", at=at(3, "18:00"), number=11, person=ben)


def _beside_the_sales(shop: Shop) -> None:
    """What the server notes by its own clock, where this generation has tables for it."""
    if shop.generation.schema == "unicenta3.sql":
        return
    gone = [("12:00", "Ana Void", "p-cof", "Coffee"), ("15:00", "Ben Void", None, "Ticket Deleted")]
    opened = [("11:00", "No Sale"), ("22:10", "Close Cash")]
    id_, values = ("id, ", "%s, ") if shop.generation.schema == "chromis.sql" else ("", "")
    for number, (time, name, product, what) in enumerate(gone):
        shop.run(
            f"INSERT INTO {{lineremoved}} ({id_}removeddate, name, productid, productname, units)"
            f" VALUES ({values}%s, %s, %s, %s, 1)",
            *([f"l{number}"] if id_ else []),
            *(at(2, time), name, product, what),
        )
    for number, (time, what) in enumerate(opened):
        shop.run(
            f"INSERT INTO {{draweropened}} ({id_}opendate, name, ticketid) VALUES ({values}%s, 'Ana', %s)",
            *([f"d{number}"] if id_ else []),
            *(at(2, time), what),
        )
