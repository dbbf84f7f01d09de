"""Pictures of Synchronization status, of a report, and of the questions they ask."""

import threading
from pathlib import Path
from typing import Any

import pytest

from factorypos_tui.core.answers import HeldZ
from factorypos_tui.core.delivery.collector import collect
from factorypos_tui.core.errors import StorageError, TokenRefused
from factorypos_tui.core.language import use_language
from factorypos_tui.core.queue.comparison import note_what_was_closed_elsewhere
from factorypos_tui.core.queue.outbox import Outbox
from factorypos_tui.core.queue.pages import Window, first_window
from tests.support import scenes
from tests.support.hesitant_cloud import wait_on_purpose
from tests.support.operator import Operator, app_of, sending_app
from tests.support.stations import Shop, open_shop
from tests.tui.camera import LARGE, WIDE, WITH_A_PANE, Camera, in_both_languages, keys, story
from tests.tui.long_queue import QUEUE

# --- the list --------------------------------------------------------------------------------------


@in_both_languages("A says what to do", "sustituido")
def test_queue(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, "down", then=words))


def test_queue_closed_elsewhere_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_every_state(shop)
    held = [HeldZ(f"id-{number}", number, "a", shop.clock.now()) for number in (8, 9)]
    note_what_was_closed_elsewhere(shop.station.database, held, last_z=7)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, then="sustituido"))


def test_queue_wide(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, then="superseded"), size=WIDE)


@in_both_languages("Z REPORT 6", "INFORME Z 6")
def test_queue_with_a_pane(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_every_state(shop)
    app = sending_app(shop)
    assert camera.finds_as_pictured(app, keys(QUEUE, "down", then=words), size=WITH_A_PANE)


@in_both_languages("Z REPORT 6", "INFORME Z 6")
def test_queue_large(shop: Shop, camera: Camera, words: str) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, "down", then=words), size=LARGE)


def test_queue_nothing_beside(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)

    async def search_in_vain(operator: Operator) -> None:
        await operator.presses(QUEUE, "slash", *"moon", then="No report fits")
        await operator.no_longer_sees("Z REPORT 7")

    assert camera.finds_as_pictured(sending_app(shop), search_in_vain, size=WITH_A_PANE)


def test_queue_sending(shop: Shop, camera: Camera) -> None:
    shop.connect()
    collect(shop.station)
    Outbox(shop.station.database).claim(shop.queued()[0].store_id, 2, shop.clock.now())
    app = app_of(shop, holder=scenes.THE_SERVICE)
    assert camera.finds_as_pictured(app, keys(QUEUE, "end", then="on its way"))


def test_queue_empty(tmp_path: Path, camera: Camera) -> None:
    with open_shop(tmp_path / "new") as shop:
        scenes.with_companies(shop, [])
        shop.assign_new_store("Bar Maritim")
        assert camera.finds_as_pictured(app_of(shop), keys(QUEUE, then="Nothing yet"))


def test_queue_loading(shop: Shop, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    may_read = threading.Event()

    def read(*asked: Any) -> Window:
        wait_on_purpose(may_read.is_set)
        return first_window(*asked)

    scenes.at_lunch(shop)
    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_list.first_window", read)
    try:
        assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, then="Reading the queue"))
    finally:
        may_read.set()


def test_queue_help(busy: Shop, camera: Camera) -> None:
    assert camera.finds_as_pictured(sending_app(busy), story((QUEUE, "Z 5, "), ("f1", "Home and End")))


def test_queue_offline(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, then="Z 6, "))


def test_queue_held_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.in_trouble(shop, TokenRefused("revoked", 401, "terminal_revoked"))
    assert camera.finds_as_pictured(app_of(shop, holder=scenes.THE_SERVICE), keys(QUEUE, then="Z 6, "))


def test_queue_searched(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, "slash", *"nov", then="9 found"))


def test_queue_nothing_found_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, "slash", *"luna", then="Ningún"))


def test_queue_filtered(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    steps = story((QUEUE, "Newest first"), ("f", "[waiting"), ("s", "Latest day"), ("o", "Earliest day"))
    assert camera.finds_as_pictured(sending_app(shop), steps)


def test_queue_in_trouble(shop: Shop, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise StorageError("sync.db is damaged. Keep a copy of it, do not delete it, and call support.")

    scenes.at_lunch(shop)
    monkeypatch.setattr("factorypos_tui.tui.screens.queue.report_list.first_window", fail)
    assert camera.finds_as_pictured(sending_app(shop), keys(QUEUE, then="is damaged"))


def test_queue_key_says_why_not(busy: Shop, camera: Camera) -> None:
    app = sending_app(busy)
    assert camera.finds_as_pictured(app, story((QUEUE, "Z 5, "), ("r", "does not need attention")))


def test_queue_retry_all(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story((QUEUE, "Z 7, "), ("t", "Send it")))


def test_queue_export_spanish(shop: Shop, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    use_language("es")
    scenes.at_lunch(shop)
    app = sending_app(shop)
    assert camera.finds_as_pictured(app, story((QUEUE, "Z 5, "), ("e", "factorypos-queue-2026-11-23")))


# --- one report ------------------------------------------------------------------------------------

REFUSED = ((QUEUE, "Z 7, "), ("down", "Z 6, "))
READ = (*REFUSED, ("enter", "Report id"))
READ_IN_SPANISH = (*REFUSED, ("enter", "Id del informe"))


def test_report(shop: Shop, camera: Camera) -> None:
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*READ))


def test_report_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*READ_IN_SPANISH))


def test_report_hours(busy: Shop, camera: Camera) -> None:
    pages = [("pagedown", "of")] * 5
    steps = story((QUEUE, "Z 5, "), ("enter", "Report id"), *pages)
    assert camera.finds_as_pictured(sending_app(busy), steps)


def test_report_wide_spanish(shop: Shop, camera: Camera) -> None:
    use_language("es")
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*READ_IN_SPANISH), size=WIDE)


def test_report_large(shop: Shop, camera: Camera) -> None:
    scenes.in_trouble(shop, scenes.NO_NETWORK)
    steps = story((QUEUE, "Z 6, "), ("enter", "Report id"))
    assert camera.finds_as_pictured(sending_app(shop), steps, size=LARGE)


def test_report_damaged(busy: Shop, camera: Camera) -> None:
    busy.station.database.execute("UPDATE body SET bytes = substr(bytes, 1, 200) WHERE shipment_id = 5")
    steps = story((QUEUE, "Z 5, "), ("enter", "damaged"), ("e", "cannot be read. Keep"))
    assert camera.finds_as_pictured(sending_app(busy), steps)


def test_report_hostile(busy: Shop, camera: Camera) -> None:
    scenes.falsify(
        busy,
        5,
        terminal_name="[red]\u202eevil\x1b[2J " + "🍺" * 200,
        timezone="../../etc/passwd",
        opened_at="yesterday",
        totals={"gross": 10**40, "net": "much", "discounts": True, "refunds": -5},
        departments=[{"code": "D", "name": "مقهى " * 60, "amount": 5, "quantity": "1e99"}, "no object"],
        hours=7,
    )
    steps = story((QUEUE, "Z 5, "), ("enter", "HASH"))
    assert camera.finds_as_pictured(sending_app(busy), steps, may_be_cut=True)


def test_report_save(shop: Shop, camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ana")
    scenes.with_every_state(shop)
    assert camera.finds_as_pictured(sending_app(shop), story(*READ, ("e", "Z-6-2026-11-23.txt")))
