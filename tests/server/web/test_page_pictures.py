"""The pictures of README can be drawn again, and are those of pages as they are now."""

from pathlib import Path

from playwright.sync_api import Browser

from tests.server.web.page_pictures import FOLDER, draw

LARGEST = 150_000


def test_the_pictures_of_readme_can_be_drawn_again(chromium: Browser, tmp_path: Path) -> None:
    draw(chromium, tmp_path)
    drawn = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(drawn) == sorted(file.name for file in FOLDER.iterdir())
    for name, content in drawn.items():
        assert content.startswith(b"\x89PNG")
        assert (FOLDER / name).stat().st_size <= LARGEST
