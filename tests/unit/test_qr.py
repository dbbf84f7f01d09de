"""The QR code on the screen: small, readable, and the address that is meant."""

import pytest

from factorypos_tui.core.answers import PhoneCode
from factorypos_tui.tui.qr import qr_lines, scanned


def code(page: str) -> PhoneCode:
    return PhoneCode("secret", "WDJB-MJHT", page, f"{page}/WDJBMJHT", 600, 5)


def test_an_address_is_held_in_capitals_where_it_means_the_same() -> None:
    assert scanned(code("https://cloud.example.com/d")) == "HTTPS://CLOUD.EXAMPLE.COM/D/WDJBMJHT"
    assert scanned(code("https://example.com/Cloud/d")) == "https://example.com/Cloud/d/WDJBMJHT"


@pytest.mark.parametrize("host", ["cloud.example.com", "factorycloud.example.net"])
def test_a_usual_address_takes_seventeen_lines(host: str) -> None:
    lines = qr_lines(scanned(code(f"https://{host}/d")), 19, is_ink_light=False)
    assert (len(lines), {len(line) for line in lines}) == (17, {33})
    assert set("".join(lines)) <= set(" ▀▄█")


def test_a_code_without_room_is_left_out() -> None:
    assert qr_lines("https://example.com/" + "x" * 100, 19, is_ink_light=False) == []


def test_light_ink_draws_the_light_places() -> None:
    dark, light = (qr_lines("HTTPS://A.B/D/C", 19, is_ink_light=it) for it in (False, True))
    opposite = str.maketrans(" ▀▄█", "█▄▀ ")
    assert [line.translate(opposite) for line in dark] == light
    assert set(light[0]) == {"█"}, "the quiet zone is light"
