"""Templates speak both languages, and escape every value."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from factorypos_tui.server.web import rendering

TEMPLATES = Path(rendering.__file__).parent / "templates"
NAMES = {"FactoryCLOUD", "CSV", "JSON", "PDF", "SHA", "UTC", "csv", "json"}
"""The same in every language."""
SPOKEN = ("aria-label", "alt", "placeholder", "title")
"""Attributes that are read out."""


class _Words(HTMLParser):
    """The words that stand in a template as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += re.findall(r"[^\W\d_]{2,}", data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        for name, value in attrs:
            if name in SPOKEN:
                self.handle_data(value or "")


def bare_words(template: str) -> list[str]:
    html = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    words = _Words()
    words.feed(html)
    words.close()
    return [word for word in words.found if word not in NAMES]


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES))
)
def test_a_template_says_nothing_in_one_language_only(path: Path) -> None:
    text = path.read_text("utf-8")
    assert bare_words(text) == []
    assert "|safe" not in text.replace(" ", ""), "every value is escaped"


def test_words_that_are_not_told_are_found() -> None:
    assert bare_words('<p title="Hi there">{{ told("Yes") }} no{# note #}</p>') == ["Hi", "there", "no"]
