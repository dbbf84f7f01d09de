"""--help, as a shop's administrator reads it in either language: every command explains itself."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.terminals import Terminal
from tests.support.tiny_cloud import TinyCloud

# Calls every command's --help in one process, as `main` would: help is the same however often it is asked.
ASK_ALL = """
import json, sys
import click
from click.testing import CliRunner
from factorypos_tui.core.language import language_of_environment, use_language

use_language(language_of_environment())
from factorypos_tui.cli.program import program

def commands(command, path, context):
    yield path
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), (*path, name), context)

answers = {}
for path in commands(program, (), click.Context(program)):
    result = CliRunner().invoke(program, [*path, "--help"], prog_name="factorypos-tui")
    assert result.exit_code == 0, (path, result.output)
    answers[" ".join(path)] = result.output
json.dump(answers, sys.stdout)
"""
LOCALES = {"en": "C.UTF-8", "es": "es_ES.UTF-8"}
USAGE = {"en": "Usage: factorypos-tui", "es": "Uso: factorypos-tui"}
EXIT_CODES = {"en": "Exit codes:", "es": "Códigos de salida:"}
COMMANDS = {"en": "Commands:", "es": "Comandos:"}
ENGLISH = re.compile(
    r"\b(the|this|that|of|and|with|(?<!-)from(?!=)|is|are|not|default|required|OPTIONS|COMMAND|ARGS|NAME|FILE|TEXT|INTEGER)\b"
)


def run(language: str, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """The program as a process of its own, in `language`."""
    return subprocess.run(
        [sys.executable, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "LANG": LOCALES[language]},
    )


@pytest.fixture(scope="module")
def helps() -> dict[str, dict[str, str]]:
    """Language -> command -> what its --help prints."""
    answers = {}
    for language in LOCALES:
        with pytest.MonkeyPatch.context() as variables:
            for name in ("LC_ALL", "LC_MESSAGES"):
                variables.delenv(name, raising=False)
            result = run(language, "-c", ASK_ALL)
        assert result.returncode == 0, result.stderr
        answers[language] = json.loads(result.stdout)
    return answers


def test_both_languages_explain_the_same_commands(helps: dict[str, dict[str, str]]) -> None:
    assert helps["en"].keys() == helps["es"].keys()
    assert {"", "demo", "queue retry", "till import", "cloud user create"} <= helps["en"].keys()


@pytest.mark.parametrize("language", LOCALES)
def test_a_process_says_what_was_collected(helps: dict[str, dict[str, str]], language: str) -> None:
    for command in ("", "cloud user create"):
        result = run(language, "-m", "factorypos_tui", *command.split(), "--help")
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.split() == helps[language][command].split()


@pytest.mark.parametrize("language", LOCALES)
def test_every_command_says_something_of_its_own(helps: dict[str, dict[str, str]], language: str) -> None:
    said: dict[str, str] = {}
    for command, text in helps[language].items():
        usage, description = text.split("\n\n")[:2]
        assert usage.startswith(f"{USAGE[language]} {command}".rstrip())
        assert re.fullmatch(r"  [A-ZÁÉÍÓÚ].*[.]", description, re.DOTALL), command
        assert said.setdefault(description, command) == command
        assert "Traceback" not in text


@pytest.mark.parametrize("language", LOCALES)
def test_no_summary_in_a_list_is_cut(helps: dict[str, dict[str, str]], language: str) -> None:
    groups = 0
    for command, text in helps[language].items():
        if f"\n{COMMANDS[language]}\n" not in text:
            continue
        groups += 1
        listed = text.split(f"\n{COMMANDS[language]}\n")[1].split("\n\n")[0].splitlines()
        for line in listed:
            name, _space, summary = line.strip().partition(" ")
            assert f"{command} {name}".strip() in helps[language]
            assert re.fullmatch(r" *[^.]+\.", summary), line
    assert groups >= 6


@pytest.mark.parametrize("language", LOCALES)
def test_the_list_says_of_each_command_what_the_command_says_of_itself(
    helps: dict[str, dict[str, str]], language: str
) -> None:
    listed = helps[language][""].split(f"\n{COMMANDS[language]}\n")[1].split("\n\n")[0].splitlines()
    assert len(listed) >= 22
    for line in listed:
        name, _space, summary = line.strip().partition(" ")
        assert " ".join(helps[language][name].split("\n\n")[1].split()).startswith(summary.strip()), name


@pytest.mark.parametrize("language", LOCALES)
def test_every_option_is_explained(helps: dict[str, dict[str, str]], language: str) -> None:
    for command, text in helps[language].items():
        for option in re.findall(r"^  (--[^\n]*(?:\n {10,}[^\n]*)*)", text, re.MULTILINE):
            assert re.search(r"\S {2,}\S|\n", option), (command, option)


@pytest.mark.parametrize("language", LOCALES)
def test_the_main_help_lists_the_exit_codes(helps: dict[str, dict[str, str]], language: str) -> None:
    listed = helps[language][""].split(EXIT_CODES[language])[1]
    assert re.findall(r"^    (\d)  \S", listed, re.MULTILINE) == list("01234567")


def test_nothing_in_the_spanish_help_is_english(helps: dict[str, dict[str, str]]) -> None:
    for command, text in helps["es"].items():
        assert ENGLISH.findall(text) == [], command
        english = set(sentences(helps["en"][command]))
        assert english.isdisjoint(sentences(text)), command


def sentences(text: str) -> list[str]:
    """The sentences of a help text, however its lines were broken."""
    return re.split(r"(?<=[.:])\s", " ".join(text.split()))


@pytest.mark.parametrize(
    ("arguments", "english", "spanish"),
    [
        (("nope",), "No such command 'nope'.", "No existe el comando 'nope'."),
        (("queue", "list", "--nope"), "No such option '--nope'.", "No existe la opción '--nope'."),
        (("stores", "create"), "Missing option '--company'.", "Falta la opción '--company'."),
        (("settings", "get"), "Missing argument 'NAME'.", "Falta el argumento 'NOMBRE'."),
        (
            ("queue", "list", "--limit", "x"),
            "'x' is not a valid whole number.",
            "'x' no es un número entero válido.",
        ),
        (("queue", "list", "--limit", "0"), "0 is not in the range x>=1.", "0 no está en el intervalo x>=1."),
        (("queue", "list", "--state", "gone"), "'gone' is not one of", "'gone' no es ninguno de"),
        (("settings", "get", "nope"), "There is no setting nope.", "No existe el ajuste nope."),
    ],
)
def test_wrong_usage_is_told_in_the_language(arguments: tuple[str, ...], english: str, spanish: str) -> None:
    for language, words in (("en", english), ("es", spanish)):
        result = run(language, "-m", "factorypos_tui", *arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert words in result.stderr
    assert ENGLISH.findall(result.stderr) == []


def test_the_language_setting_wins_over_the_locale(tmp_path: Path) -> None:
    program = ("-m", "factorypos_tui", "--home", str(tmp_path / "home"))
    assert run("es", *program, "settings", "set", "language", "en").returncode == 0
    assert "Account:" in run("es", *program, "status").stdout
    assert run("es", *program, "settings", "set", "language", "es").returncode == 0
    assert "Cuenta:" in run("en", *program, "status").stdout


def test_yes_and_no_are_said_in_the_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with TinyCloud() as cloud:
        terminal = Terminal(tmp_path / "till", cloud.address)
        terminal.run("till", "seed", "--days", "1", "--receipts", "1")
        terminal.connect()
        assert terminal.json("worker", "--once")["delivered"] == 1
    for language, answer, code, outcome in (
        ("es", "n", 1, "No se ha cambiado nada."),
        ("es", "", 1, "No se ha cambiado nada."),
        ("es", "Sí", 0, "1 informe se enviará otra vez."),
        ("es", "s", 0, "No hay nada que enviar otra vez"),
        ("en", "no", 1, "Nothing was changed."),
        ("en", "y", 0, "Nothing to send again"),
    ):
        monkeypatch.setenv("LANG", LOCALES[language])
        result = terminal.try_to("resend", stdin=f"{answer}\n")
        assert (result.returncode, result.stdout) == (code, ""), answer
        assert outcome in result.stderr


def test_a_latin_1_console_is_shown_what_it_can_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    program = [sys.executable, "-m", "factorypos_tui", "--home", str(tmp_path / "home")]

    def printed(*arguments: str) -> str:
        environment = {**os.environ, "LANG": LOCALES["es"]}
        result = subprocess.run([*program, *arguments], capture_output=True, check=False, env=environment)
        assert (result.returncode, result.stderr) == (0, b"")
        return result.stdout.decode("latin-1")

    assert "contraseña" in printed("cloud", "serve", "--help")
    assert "Café ?->" in printed("till", "init", "--terminal-name", "Café €→")
    assert json.loads(printed("till", "status", "--json"))["terminal"]["name"] == "Café €→"
    assert json.loads(printed("status", "--json"))["terminal"] is None
