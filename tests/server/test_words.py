"""Every text of the server is in the language of the client that asked, since screens show it."""

import ast
import io
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from factorypos_tui.server import words
from tests.server.shop import Shop

SERVER = Path(words.__file__).parent
CATALOGUE = words.CATALOGUES / "es" / "LC_MESSAGES" / f"{words.DOMAIN}.po"
MARKS: dict[str, tuple[int, ...] | None] = {"told": None, "told_in": (2,), "marked": None}
SPOKEN = {
    **dict.fromkeys(
        ("Unreadable", "NotKnown", "NotAllowed", "NotYours", "Conflict", "Elsewhere", "TooMuch", "Changed"),
        (0, "words"),
    ),
    "NoCondition": (0, "words"),
    "Invalid": (1, "words"),
    "Problem": (1, "detail"),
    "FieldProblem": (2, "message"),
    "PydanticCustomError": (1, "message_template"),
    "AdministrationError": (0, ""),
    "DatabaseRefusedError": (0, ""),
    "MailAddressError": (0, ""),
}
"""What carries words to people: the place and the name of its text."""
MAKE = "run: make translations"


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="es")


def test_the_catalogue_holds_the_texts_of_the_server_in_spanish(spanish: Catalog) -> None:
    found = extract_from_dir(str(SERVER), [("**.py", "python"), ("**.html", "jinja2")], keywords=MARKS)
    source = {text for _file, _line, text, *_more in found}
    assert {message.id for message in spanish if message.id} == source, MAKE
    assert [message.id for message in spanish if message.id and not message.string] == []
    compiled = io.BytesIO()
    write_mo(compiled, spanish)
    assert CATALOGUE.with_suffix(".mo").read_bytes() == compiled.getvalue(), MAKE


def test_no_text_is_told_where_it_is_not_collected(spanish: Catalog) -> None:
    """What is written inside of an f-string is not."""
    calls = [
        call
        for file in sorted(SERVER.rglob("*.py"))
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKS
    ]
    texts = {it.value for call in calls for it in call.args if isinstance(it, ast.Constant)}
    assert texts - {message.id for message in spanish} == set()


def test_both_languages_fill_in_the_same_facts(spanish: Catalog) -> None:
    for message in spanish:
        for mark in ("{", "$", "\n\n"):
            assert str(message.id).count(mark) == str(message.string).count(mark), message.id


def bare_texts(file: Path) -> list[str]:
    """Texts of a refusal that are not told in the caller's language."""
    texts: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        given: list[ast.expr] = []
        if isinstance(node, ast.Call) and (called := ast.unparse(node.func).rpartition(".")[2]) in SPOKEN:
            place, name = SPOKEN[called]
            given = [*node.args[place : place + 1], *(k.value for k in node.keywords if k.arg == name)]
        elif isinstance(node, ast.Assign):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            given = [node.value] if names & {"detail", "message", "words"} else []
        texts += [ast.unparse(text) for text in given if isinstance(text, ast.Constant | ast.JoinedStr)]
    return texts


def test_no_refusal_speaks_english_only() -> None:
    assert {file.name: bare for file in SERVER.rglob("*.py") if (bare := bare_texts(file))} == {}


REQUESTS = [
    ("GET", "/v1/companies", None),
    ("GET", "/v1/nowhere", None),
    ("DELETE", "/v1/companies", None),
    ("POST", "/v1/sessions", {"email": "nobody@example.com", "password": "not the password"}),
    ("POST", "/v1/sessions", {}),
    ("POST", "/v1/users", {"email": "x", "password": "password", "name": "\n", "language": 3}),
    ("POST", "/v1/users", {"email": "a@example.com", "password": "short", "name": "A" * 500}),
    ("POST", "/v1/password-resets/confirm", {"password": "a long walk by the sea", "token": "no"}),
    ("POST", "/v1/password-resets/confirm", {"password": "a long walk by the sea"}),
]


@pytest.mark.parametrize(("method", "path", "form"), REQUESTS)
def test_a_refusal_is_in_the_language_of_the_caller(
    shop: Shop, spanish: Catalog, method: str, path: str, form: dict[str, object] | None
) -> None:
    texts = {}
    for language in ("en", "es"):
        headers = {"Accept-Language": f"{language}-ES, fr;q=0.5"}
        answer = shop.http.request(method, path, json=form, headers=headers)
        problem = answer.json()
        texts[language] = [problem["detail"], *(field["message"] for field in problem.get("fields", []))]
    assert texts["es"][0] == spanish[texts["en"][0]].string
    assert len(texts["es"]) == len(texts["en"])
    assert not {*texts["es"]} & {*texts["en"]}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("ES-mx,es;q=0.9,en;q=0.8", "es"),
        ("fr-FR, fr;q=0.9, es;q=0.5", "es"),
        ("en;q=0.4, es;q=0.6", "es"),
        ("es;q=0, en", "en"),
        ("de", "en"),
        ("*", "en"),
        ("es;q=nonsense", "en"),
        (",;=;,", "en"),
    ],
)
def test_the_language_that_suits_best_is_spoken(header: str, language: str) -> None:
    assert words.language_wanted(header) == language
