"""English and Spanish are equals: every text is there in both, and figures look as each writes them."""

import ast
import gettext
import io
import re
import string
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import factorypos_tui
from factorypos_tui.core.language import (
    LANGUAGES,
    _,
    counted,
    current_language,
    format_date,
    format_day,
    format_decimal,
    format_number,
    format_numbers,
    format_time,
    language_of_environment,
    use_language,
    use_time_zone,
)
from factorypos_tui.core.language.money import format_money

PACKAGE = Path(factorypos_tui.__file__).parent
CATALOGUE = PACKAGE / "locale" / "es" / "LC_MESSAGES" / "factorypos.po"
SCREENS = PACKAGE / "tui"
LOOK_UPS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "counted": (1, 2),
    "ngettext": (1, 2),  # click's
}
MAKE = "run: make translations"


THOU = re.compile(
    r"\b(tú|tus?|te|ti|contigo|tuy[oa]s?|vosotr[oa]s|os|vuestr[oa]s?|has|hayas|eres|seas|estás|puedes|puedas"
    r"|quieres|quieras|tienes|tengas|debes|sabes|necesitas|haz|hagas|escríbel[oa]|ábrel[oa]|pídel[oa]"
    r"|elígel[oa]|inténtal[oa]|pruébal[oa]|compruébal[oa]|guárdal[oa]|míral[oa]"
    r"|llámal[oa]|revísal[oa])\b",
    re.IGNORECASE,
)
"""Forms of tú and vosotros: those that are no other word as well."""


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es")


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """A text and, where it is counted, its plural."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def entries(catalogue: Catalog) -> Iterator[tuple[tuple[str, ...], Message]]:
    for message in catalogue:
        if message.id:
            yield forms(message.id), message


def texts_of(folder: Path) -> set[tuple[str, ...]]:
    """What babel finds in the source below `folder`."""
    found = extract_from_dir(str(folder), keywords=LOOK_UPS)
    return {forms(text) for _file, _line, text, _comments, _context in found if text}


def test_the_catalogue_holds_the_texts_of_the_source_and_of_click_and_no_others(spanish: Catalog) -> None:
    kept = {text for text, _message in entries(spanish)}
    # A counted text is kept once, even if its singular is also used alone.
    source = texts_of(PACKAGE) | texts_of(Path(click.__file__).parent)
    assert {text[0] for text in kept} == {text[0] for text in source}, MAKE


def test_the_template_holds_what_the_catalogue_holds(spanish: Catalog) -> None:
    with (PACKAGE / "locale" / "factorypos.pot").open("rb") as file:
        template = read_po(file)
    assert {text for text, _message in entries(template)} == {text for text, _message in entries(spanish)}, (
        MAKE
    )


@pytest.mark.parametrize("room", sorted(file.parent.name for file in PACKAGE.glob("*/__init__.py")))
def test_no_text_is_looked_up_inside_an_f_string(room: str) -> None:
    """There babel sees it or not, as the version of Python has it."""
    hidden = [
        f"{file.name}: {ast.unparse(call)}"
        for file in (PACKAGE / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in LOOK_UPS
        if isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_every_text_is_in_spanish(spanish: Catalog) -> None:
    untranslated = [
        text
        for text, message in entries(spanish)
        if len(forms(message.string)) != len(text) or not all(forms(message.string))
    ]
    assert untranslated == []
    assert [text for text, message in entries(spanish) if message.fuzzy] == []


@pytest.mark.parametrize("catalogue", sorted(CATALOGUE.parent.glob("*.po")), ids=lambda file: file.stem)
def test_an_operator_is_usted_throughout(catalogue: Path) -> None:
    with catalogue.open("rb") as file:
        found = read_po(file, locale="es")
    texts = [text for _ids, message in entries(found) for text in forms(message.string)]
    assert [text for text in texts if THOU.search(text)] == []
    for familiar in ("Si no has sido tú, no hagas nada", "Escríbelo en FactoryPOS", "tu contraseña"):
        assert THOU.search(familiar)


def test_both_languages_are_given_the_same_facts(spanish: Catalog) -> None:
    """A placeholder that one language lacks is a fact its operators are not told, or a crash."""
    for text, message in entries(spanish):
        for english, translated in zip(text, forms(message.string), strict=True):
            assert placeholders(translated) == placeholders(english), text


def placeholders(text: str) -> list[str]:
    """What is filled in: `{n}`, `{name!r}`, and click's `%(prog)s`."""
    braces = [(name, kind) for _text, name, _spec, kind in string.Formatter().parse(text) if name is not None]
    return sorted([*map(str, braces), *re.findall(r"%\(\w+\).", text)])


def test_texts_keep_their_edges_and_their_lines(spanish: Catalog) -> None:
    """A text that is joined to others begins and ends as its original; a help text has as many paragraphs."""
    for text, message in entries(spanish):
        for english, translated in zip(text, forms(message.string), strict=True):
            assert translated.count("\n") == english.count("\n"), text
            assert edges(translated) == edges(english), text


def edges(text: str) -> tuple[bool, bool, bool]:
    """Whether there is white space at either end, and whether it is a sentence with its full stop."""
    return text[:1].isspace(), text[-1:].isspace(), " " in text and text.endswith(".")


def test_a_label_of_a_screen_fits_where_the_english_one_does(spanish: Catalog) -> None:
    """Labels are the short texts of the screens: half as much again as in English, and nine columns, fit."""
    short = [text for text in texts_of(SCREENS) if len(text[0]) <= 30]
    assert short
    for text in short:
        for english, translated in zip(text, forms(spanish[text[0]].string), strict=False):
            assert len(translated) <= 1.5 * len(english) + 9, (english, translated)


def test_the_compiled_catalogue_is_what_its_source_compiles_to(spanish: Catalog) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, spanish)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), MAKE


def test_texts_are_looked_up_in_the_language_in_force() -> None:
    use_language("es")
    assert (current_language(), _("Password")) == ("es", "Contraseña")
    assert counted("{n} report delivered.", "{n} reports delivered.", 1) == "1 informe entregado."
    assert counted("{n} report delivered.", "{n} reports delivered.", 0) == "0 informes entregados."
    use_language("en")
    assert (current_language(), _("Password")) == ("en", "Password")
    assert counted("{n} report delivered.", "{n} reports delivered.", 0) == "0 reports delivered."


def test_libraries_that_ask_pythons_gettext_speak_the_same_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    for language, words in (("es", "Opciones"), ("en", "Options"), ("es", "Opciones")):
        use_language(language)
        assert gettext.gettext("Options") == words


@pytest.mark.parametrize("code", ["fr", "", "../es", "ES"])
def test_an_unknown_language_falls_back_to_english(code: str) -> None:
    use_language("es")
    use_language(code)
    assert (current_language(), _("Password")) == ("en", "Password")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es_ES", "LC_MESSAGES": "es_ES", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": ""}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_TIME": "en_GB.UTF-8"}, "es"),
    ],
)
def test_the_locale_variables_choose_the_language(environment: dict[str, str], language: str) -> None:
    assert language_of_environment(environment) == language


@pytest.mark.parametrize(
    ("language", "number", "negative", "money", "yen"),
    [
        ("en", "1,234,567", "-0.05", "1,204.50 EUR", "120,450 JPY"),
        ("es", "1.234.567", "-0,05", "1.204,50 EUR", "120.450 JPY"),
    ],
)
def test_figures_look_as_the_language_writes_them(
    language: str, number: str, negative: str, money: str, yen: str
) -> None:
    use_language(language)
    assert (format_number(1_234_567), format_number(999), format_decimal(-5, 2)) == (number, "999", negative)
    assert (format_money(120_450, "EUR"), format_money(120_450, "JPY")) == (money, yen)


@pytest.mark.parametrize(("language", "day"), [("en", "22 Nov"), ("es", "22 nov")])
def test_dates_name_the_month(language: str, day: str) -> None:
    use_language(language)
    assert format_day(date(2026, 11, 22)) == day
    assert format_date(date(2026, 11, 22)) == f"{day} 2026"


def test_a_time_is_told_by_the_clock_on_the_wall() -> None:
    time.tzset()
    assert format_time(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == "00:30"
    assert format_time(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)) == "01:30"
    use_time_zone(ZoneInfo("America/Lima"))
    assert format_time(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == "18:30"
    use_time_zone(None)
    assert format_time(datetime(2026, 1, 31, 23, 30, tzinfo=UTC)) == "00:30"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_has_a_name_of_its_own(language: str) -> None:
    use_language(language)
    names = [format_day(date(2026, month, 1)) for month in range(1, 13)]
    assert len(set(names)) == 12
    assert max(map(len, names)) == len("1 Jan")


def test_numbers_of_reports_are_said_in_runs_and_many_are_cut_with_how_many_more() -> None:
    assert format_numbers([]) == ""
    assert format_numbers([9, 3, 4, 5, 1204, 1205]) == "3-5, 9, 1204-1205"
    assert format_numbers(range(1, 3651)) == "1-3650"
    assert format_numbers(range(1, 3000, 2)) == "1, 3, 5, 7, 9, 11 and 1,494 more"
