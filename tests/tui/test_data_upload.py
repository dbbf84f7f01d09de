"""Uploading configuration data at the keyboard: offered only where it may be, and never blindly."""

import pytest

from factorypos_tui.core.configuration.document import encode
from tests.support import catalogues, scenes
from tests.support.configurations import with_item
from tests.support.exchanges import LICENSED, in_the_cloud, license_to
from tests.support.hesitant_cloud import SlowLine, hesitant
from tests.support.operator import Operator, opened
from tests.support.stations import Shop
from tests.tui.test_data import opens_it


def stored_in_the_cloud(shop: Shop) -> str:
    """The document that FactoryCLOUD has."""
    (stored,) = shop.cloud.configurations.values()
    return stored.document.decode()


async def test_data_upload_is_offered_done_once_and_then_no_longer(busy: Shop) -> None:
    license_to(busy, "{}")
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("2", then=("changes in FactoryCLOUD.", "[All 69]", "Items 45"))
        await operator.presses("enter", then=("every terminal of the store?", "Items: 45 new."))
        assert not busy.cloud.configurations
        await operator.accepts(then="FactoryCLOUD has this till's configuration now.")
        assert "Bring back" not in operator.screen
        await operator.presses("enter")
        await operator.sees("uploaded 14:00", "Data Upload is not offered. This till's configuration is in")
        assert "2 Data Upload" not in operator.screen
        await operator.presses("2")
        await operator.settles()
        await operator.sees("In numbers")
    (stored,) = busy.cloud.configurations.values()
    assert stored.document == encode(busy.till.configuration())


@pytest.mark.parametrize(
    ("wizard", "in_cloud", "reason"),
    [(0, False, "wizard of this till is not"), (1, True, "from another terminal")],
)
async def test_where_data_upload_is_not_offered_the_screen_says_why(
    busy: Shop, wizard: int, in_cloud: bool, reason: str
) -> None:
    license_to(busy, "{}")
    busy.till.database().execute("UPDATE terminal SET wizard_finished = ?", wizard)
    if in_cloud:
        in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.sees("Data Upload is not offered.", reason)
        assert "2 Data Upload" not in operator.screen


async def test_a_lost_race_shows_both_sides_and_starts_again_from_the_new_state(busy: Shop) -> None:
    license_to(busy, LICENSED)
    in_the_cloud(busy, catalogues.spring(busy))
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("2", then=("changes in FactoryCLOUD.", "1.50 EUR →     1.40 EUR"))
        in_the_cloud(busy, with_item(catalogues.spring(busy), "AGUA", prices={"BARRA": 999, "TERRAZA": 190}))
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="Since you looked, FactoryCLOUD has changed: Prices: 1 changed.")
        await operator.sees("AGUA ", "9.99 EUR →     1.60 EUR", "1.50 EUR →     1.40 EUR")
        await operator.presses("o")
        await operator.sees("what somebody else has changed", "1.60 EUR →     9.99 EUR", "[All 1]")
        await operator.presses("o", "enter", then=("Leave it as it is", "Prices: 3 changed."))
        assert '"BARRA":999' in stored_in_the_cloud(busy)
        await operator.accepts(then="FactoryCLOUD has this till's configuration now.")
    assert stored_in_the_cloud(busy) == encode(busy.till.configuration()).decode()


async def test_a_race_lost_for_good_is_refused_in_words(busy: Shop) -> None:
    license_to(busy, "{}")
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("2", then="[All 69]")
        in_the_cloud(busy, catalogues.spring(busy))
        theirs = stored_in_the_cloud(busy)
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="Since you looked, FactoryCLOUD has changed")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="upload_not_allowed")
    assert stored_in_the_cloud(busy) == theirs


async def test_the_owners_word_needs_a_log_in_which_is_asked_for_on_the_spot(busy: Shop) -> None:
    license_to(busy, LICENSED)
    in_the_cloud(busy, catalogues.spring(busy))
    busy.cloud.end_sessions()
    async with opened(busy) as operator:
        await opens_it(operator)
        await operator.presses("2", then="1.50 EUR →     1.40 EUR")
        await operator.presses("enter", then="Leave it as it is")
        await operator.accepts(then="F3 logs in.")
        await operator.presses("f3", "enter", then="Password", at="password")
        await operator.enters("a long enough secret", then="FactoryCLOUD has this till's configuration now.")
    assert stored_in_the_cloud(busy) == encode(busy.till.configuration()).decode()


async def sends_and_leaves(operator: Operator, slow: SlowLine) -> None:
    """Upload on a line that is dead from then on, and go back to the choices."""
    slow.may_answer.set()
    await opens_it(operator)
    await operator.presses("2", then="changes in FactoryCLOUD.")
    await operator.presses("enter", then="Leave it as it is")
    slow.may_answer.clear()
    await operator.presses("down", "enter", "enter", then="Sending it to FactoryCLOUD")
    await operator.presses("escape", then=("The upload goes on;", "In numbers", "Asking FactoryCLOUD..."))


async def test_an_upload_left_on_a_dead_line_says_when_it_has_arrived_and_is_sent_once(busy: Shop) -> None:
    with hesitant(busy) as slow:
        async with opened(slow.shop) as operator:
            await sends_and_leaves(operator, slow)
            slow.may_answer.set()
            await operator.sees("FactoryCLOUD has this till's configuration now.")
            await operator.sees("uploaded 14:00")
            assert "2 Data Upload" not in operator.screen
    assert slow.calls.count("put_configuration") == 1


async def test_an_upload_that_was_left_and_fails_says_so_wherever_the_operator_is(busy: Shop) -> None:
    with hesitant(busy) as slow:
        async with opened(slow.shop) as operator:
            await sends_and_leaves(operator, slow)
            await operator.presses("escape", then="Last deliveries")
            busy.cloud.fail_with = scenes.NO_NETWORK
            slow.may_answer.set()
            await operator.sees("The upload was not confirmed. FactoryCLOUD cannot be reached.")
    assert not busy.cloud.configurations


async def test_an_upload_that_was_left_and_loses_the_race_says_so(busy: Shop) -> None:
    license_to(busy, LICENSED)
    in_the_cloud(busy, catalogues.spring(busy))
    with hesitant(busy) as slow:
        async with opened(slow.shop) as operator:
            await sends_and_leaves(operator, slow)
            in_the_cloud(busy, with_item(catalogues.spring(busy), "AGUA", prices={"BARRA": 999}))
            slow.may_answer.set()
            await operator.sees("The upload was not done. Since you looked, FactoryCLOUD has changed:")
            await operator.no_longer_sees("Asking FactoryCLOUD...")
            await operator.presses("2", then="9.99 EUR →     1.60 EUR")
    assert '"BARRA":999' in stored_in_the_cloud(busy)


async def test_a_race_lost_while_help_is_read_shows_both_sides_when_help_is_closed(busy: Shop) -> None:
    license_to(busy, LICENSED)
    in_the_cloud(busy, catalogues.spring(busy))
    with hesitant(busy) as slow:
        slow.may_answer.set()
        async with opened(slow.shop) as operator:
            await opens_it(operator)
            await operator.presses("2", then="changes in FactoryCLOUD.")
            await operator.presses("enter", then="Leave it as it is")
            slow.may_answer.clear()
            await operator.presses("down", "enter", "f1", then="─ Help ─")
            in_the_cloud(busy, with_item(catalogues.spring(busy), "AGUA", prices={"BARRA": 999}))
            slow.may_answer.set()
            await operator.until(lambda: slow.calls.count("configuration") == 3, "the race to be lost")
            await operator.presses("escape")
            await operator.sees("Since you looked, FactoryCLOUD has changed", "9.99 EUR →     1.60 EUR")
            await operator.presses("o", then="1.60 EUR →     9.99 EUR")
