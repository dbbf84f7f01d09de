"""The map is true: what README, CONTRIBUTING and docs/ name is there."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import click
import pytest

from factorypos_tui.cli.config import Config
from factorypos_tui.cli.config_keys import CredentialsConfig
from factorypos_tui.cli.output import NO_READER
from factorypos_tui.cli.program import program
from factorypos_tui.cli.tills import KINDS
from factorypos_tui.core.errors import FactoryPosError
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.settings import SETTINGS
from factorypos_tui.server.documents.report import ReportDocument

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "factorypos_tui"
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")])
FAULTS = 35
_IS_A_PATH = re.compile(r"[\w.*-]+(/[\w.*-]+)*(/|\.(py|md|sql|tcss|toml|json|po|svg|service|lock|yaml))")
_IN_A_TOP_FOLDER = re.compile(
    r"(?<![\w/.-])(?:benchmarks|docs|factorypos_tui|packaging|snapshots|tests)/[\w./-]+"
)
_TEST = re.compile(r"tests/[\w/]+\.py::test_\w+")
_NAMES_THINGS = {"What is worth protecting", "Who may try"}
"""Sections of the threat model that claim nothing."""
ATTACKS = (*range(13, 22), 25, 26)
"""The numbers of the attacks that have a row of their own."""
_LEADING = (
    "Each point and each row here ends in its test, or says that none shows it.",
    "Minute 0 is when the thief has the disk. The owner revokes when it is noticed: minutes later, or days.",
    "What the owner does, in this order:",
    "What you can do before:",
)
"""The lines of the section about a stolen till that lead to what it claims."""
_OF_A_HOME = {
    "config.toml",
    "credentials.json",
    "credentials.newest.json",
    "unicenta.toml",
    "worker.lock",
    "cloud.db.lock",
    "logs/",
    "outbox/",
    ".dev/",
    "HOME/worker.lock",
}


def quoted(page: Path) -> Iterator[str]:
    """The texts between back quotes, without blocks of code."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", text)


def section(title: str) -> str:
    """A section of interfaces.md without what is not built yet."""
    text = (DOCS / "interfaces.md").read_text("utf-8")
    found = re.search(rf"^#+ {re.escape(title)}.*?(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, title
    return re.sub(r"^\*Not built yet.*?(?=\n\n|\Z)", "", found[0], flags=re.MULTILINE | re.DOTALL)


def is_there(path: str) -> bool:
    """A path counts from the root, from the package, or is the name of a file anywhere in the two."""
    return any(
        next(iter(folder.glob(pattern)), None)
        for folder in (ROOT, PACKAGE)
        for pattern in ([path.strip("/")] if "/" in path else [path, f"**/{path}"])
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    named = {word for word in quoted(page) if _IS_A_PATH.fullmatch(word)} - _OF_A_HOME
    named |= {path.rstrip(".") for path in _IN_A_TOP_FOLDER.findall(page.read_text("utf-8"))}
    assert [path for path in sorted(named) if "NAME" not in path and not is_there(path)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            path, _, heading = target.partition("#")
            there = (page.parent / path) if path else page
            assert there.exists(), target
            assert not heading or heading in headings(there), target


def headings(page: Path) -> set[str]:
    """The anchors that a page's headings have."""
    lines = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in lines}


def test_every_target_of_make_that_a_page_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^ {4})make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    }
    assert named <= targets


@cache
def all_tests() -> set[str]:
    return {
        f"{file.relative_to(ROOT)}::{node.name}"
        for file in (ROOT / "tests").rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_every_fault_has_its_outcome_and_a_test_that_exists() -> None:
    rows = re.findall(
        r"^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$", (DOCS / "faults.md").read_text("utf-8"), re.M
    )
    assert [int(number) for number, *_ in rows] == list(range(1, FAULTS + 1))
    tests = all_tests()
    for number, _fault, _outcome, proofs in rows:
        named = re.findall(r"`(tests/[^`]+::test_\w+)`", proofs)
        assert named, number
        assert set(named) <= tests, number


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_test_that_a_page_names_is_there(page: Path) -> None:
    assert set(_TEST.findall(page.read_text("utf-8"))) <= all_tests()


def test_every_claim_of_the_threat_model_names_a_test_or_says_that_none_shows_it() -> None:
    claims = list(claims_of((DOCS / "threat-model.md").read_text("utf-8")))
    assert any(claim.startswith("| ") for claim in claims)
    assert any(claim.startswith("- ") for claim in claims)
    unproven = (it for it in claims if not _TEST.search(it))
    assert [it for it in unproven if "ot shown by a test" not in " ".join(it.split())] == []


def claims_of(page: str) -> Iterator[str]:
    """The points of its lists and the rows of its tables, but for the sections that only name things."""
    for title, text in re.findall(r"^## (.+)\n((?:(?!## ).*\n)*)", page, re.MULTILINE):
        if title not in _NAMES_THINGS:
            yield from re.findall(r"^(?:-|\d+\.) .+(?:\n {2,}.+)*", text, re.MULTILINE)
            yield from re.findall(r"^\| (?!What \||Who \||No\. \|).+$", text, re.MULTILINE)


def test_each_attack_by_number_is_there_and_is_shown_by_tests() -> None:
    rows = re.findall(r"^\| (\d+) \| (.+)$", section_of_threats("Attacks on accounts"), re.MULTILINE)
    assert tuple(int(number) for number, _row in rows) == ATTACKS
    assert [number for number, row in rows if not set(_TEST.findall(row.rpartition(" | ")[2]))] == []


def test_what_is_said_of_a_stolen_till_is_said_in_points_and_rows_that_name_their_tests() -> None:
    """Of each sentence between them a reader could not tell what shows it."""
    text = section_of_threats("What a thief of the till gets")
    rest = re.sub(r"^(?:-|\d+\.) .+(?:\n {2,}.+)*|^\|.*$", "", text, flags=re.MULTILINE)
    assert [block.splitlines()[0] for block in re.split(r"\n\n+", rest.strip())] == list(_LEADING)
    rows = re.findall(r"^\| (?!What \|).+$", text, re.MULTILINE)
    assert len(rows) >= 8
    assert [row for row in rows if not _TEST.search(row.rpartition(" | ")[2])] == []


def section_of_threats(title: str) -> str:
    """The text of a section of the threat model whose heading begins like this."""
    page = (DOCS / "threat-model.md").read_text("utf-8")
    (text,) = re.findall(rf"^## {re.escape(title)}.*\n((?:(?!## ).*\n)*)", page, re.MULTILINE)
    return str(text)


def test_interfaces_names_every_command() -> None:
    promised = section("1. Commands")
    missing = [name for name in commands(program, ()) if f"`{name}" not in promised]
    assert missing == []


def commands(group: click.Group, path: tuple[str, ...]) -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        here = (*path, name)
        if isinstance(found, click.Group):
            yield from commands(found, here)
        else:
            yield " ".join(here)


def test_interfaces_names_every_call_of_the_server() -> None:
    promised = section("5.1 For people") + section("5.2 For terminals")
    calls = {
        f"{method.upper()} {path.removeprefix('/v1')}"
        for path, methods in json.loads((DOCS / "openapi.json").read_text("utf-8"))["paths"].items()
        for method in methods
    }
    assert set(re.findall(r"`((?:GET|PUT|POST|PATCH|DELETE) /[^`]+)`", promised)) == calls


def test_interfaces_names_every_field_of_a_report_and_every_key_of_config_toml() -> None:
    report, files = section("6. Report document"), section("2. Where things live")
    keys = {field.name for part in (Config, CredentialsConfig, *KINDS.values()) for field in fields(part)}
    assert [name for name in ReportDocument.model_fields if not re.search(rf"\b{name}\b", report)] == []
    assert [name for name in sorted(keys) if not re.search(rf"\b{name}\b", files)] == []


def test_interfaces_names_every_setting_state_and_exit_code() -> None:
    commands_of, status = section("1. Commands"), section("3. `status --json`")
    assert names_in(commands_of, r"^\| `settings`[^\n]*$") >= set(SETTINGS)
    assert names_in(status, r"^States of a report:.*?(?=\n\n|\Z)") == {state.value for state in State}
    codes = {kind.exit_code for kind in kinds_of(FactoryPosError)}
    told = names_in(commands_of, r"^Exit codes:.*?(?=\n\n|\Z)")
    assert {int(code) for code in told if code.isdigit()} == {0, *codes, NO_READER}


def names_in(text: str, paragraph: str) -> set[str]:
    """What one paragraph has between back quotes."""
    (found,) = re.findall(paragraph, text, re.MULTILINE | re.DOTALL)
    return set(re.findall(r"`([^`]+)`", found))


def kinds_of(error: type[FactoryPosError]) -> Iterator[type[FactoryPosError]]:
    yield error
    for kind in error.__subclasses__():
        yield from kinds_of(kind)


def test_every_section_of_interfaces_that_the_source_cites_is_there() -> None:
    titles = re.findall(r"^#+ ([\d.]+?)\.? ", (DOCS / "interfaces.md").read_text("utf-8"), re.MULTILINE)
    cited = {
        number
        for folder in (PACKAGE, ROOT / "tests")
        for file in folder.rglob("*.py")
        for number in re.findall(r"interfaces? (?:§|section )([\d.]*\d)", file.read_text("utf-8"))
    }
    assert "6" in cited
    assert cited <= set(titles)


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    files = sorted(file.name for file in (DOCS / "decisions").glob("0*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    listed = re.findall(r"\]\((0\d+-[\w-]+\.md)\)", (DOCS / "decisions" / "README.md").read_text("utf-8"))
    assert sorted(listed) == files
