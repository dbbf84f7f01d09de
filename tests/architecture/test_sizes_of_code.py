"""Sizes: a file of 300 lines, a function of 40, a class of 20 methods. The longer ones say here why."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION, MOST_METHODS = 300, 40, 20

_API = "one method for each call of the API"
_SCREEN = "what each key does is a method of its screen: Textual finds it by its name"
_LIST = "a list answers Textual, its keys and what its rows are"
_DATA = "a document or rows, field by field"
LONGER = {
    "factorypos_tui/cloud/client.py FactoryCloud": _API,
    "factorypos_tui/core/ports.py Cloud": _API,
    "factorypos_tui/core/ports.py Till": "one method for each question to a till",
    "factorypos_tui/core/engine.py Engine": "two threads share its lock and its troubles",
    "factorypos_tui/core/storage/database.py Database": "one door to SQLite",
    "factorypos_tui/core/operations/verification_wording.py finding_words": "a table of sentences",
    "factorypos_tui/core/recovery/recovery.py recall_assignment": "each reason not to recall, in its order",
    "factorypos_tui/tills/bundled/till.py BundledTill": "one method for each question of the port",
    "factorypos_tui/tills/flocafe/till.py FloCafeTill": "one method for each question of the port",
    "factorypos_tui/tills/unicenta/reading.py Reader": "one method for each question to the tables",
    "factorypos_tui/tills/unicenta/till.py UnicentaTill": "one method for each question of the port",
    "factorypos_tui/tui/screens/base/form.py FormScreen": _SCREEN,
    "factorypos_tui/tui/screens/configuration_data/accept.py AcceptScreen": _SCREEN,
    "factorypos_tui/tui/screens/configuration_data/changes.py ChangesScreen": _SCREEN,
    "factorypos_tui/tui/screens/queue/queue.py QueueScreen": _SCREEN,
    "factorypos_tui/tui/screens/queue/report_list.py ReportList": _LIST,
    "factorypos_tui/tui/widgets/long_list.py LongList": _LIST,
    "tests/archive/by_hand.py report": _DATA,
    "tests/archive/closing_by_hand.py closing": _DATA,
    "tests/contract/documents.py _document": _DATA,
    "tests/e2e/test_configuration.py"
    " test_a_configuration_goes_up_comes_down_on_another_till_and_goes_up_again_unchanged": "one story",
    "tests/e2e/test_first_steps.py"
    " test_the_list_leads_from_an_empty_home_to_the_first_z_and_never_comes_back": "one story",
    "tests/e2e/test_main_job.py assert_as_the_till_says": "each figure of a report, beside its SQL",
    "tests/support/configurations.py configurations": _DATA,
    "tests/support/flocafe.py _close": _DATA,
    "tests/support/flocafe_counter.py bill": _DATA,
    "tests/support/fakes.py FakeCloud": _API,
    "tests/support/operator.py Operator": "all that somebody does at a keyboard",
    "tests/support/tiny_cloud.py TinyCloud": _API,
    "tests/support/windows.py Terminal": "all that a terminal does for a process",
    "tests/tills/unicenta/test_example.py check_the_first_day": _DATA,
    "tests/tills/unicenta/test_example.py check_the_second_day": _DATA,
    "tests/unit/test_journal.py live_through_everything": "one story: every transition there is",
}


def sources() -> Iterator[Path]:
    for folder in ("factorypos_tui", "tests", "benchmarks"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def is_long(node: ast.AST) -> bool:
    """Whether this is a function of too many lines, or a class of too many methods."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    if isinstance(node, ast.ClassDef):
        methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
        return len(methods) > MOST_METHODS
    return False


def long_ones(source: str) -> list[str]:
    return [str(getattr(node, "name", "")) for node in ast.walk(ast.parse(source)) if is_long(node)]


def test_no_file_is_longer_than_300_lines() -> None:
    lines = {str(file.relative_to(ROOT)): len(file.read_text("utf-8").splitlines()) for file in sources()}
    assert "factorypos_tui/core/engine.py" in lines
    assert {name: count for name, count in lines.items() if count > MOST_LINES_OF_A_FILE} == {}


def test_functions_and_classes_are_short_but_for_those_that_say_why() -> None:
    long = {
        f"{file.relative_to(ROOT)} {name}"
        for file in sources()
        for name in long_ones(file.read_text("utf-8"))
    }
    assert sorted(long - set(LONGER)) == [], "split it, or say in this file why it is longer"
    assert sorted(set(LONGER) - long) == [], "it has become short: take it out of the list"


def test_what_is_one_too_long_is_found() -> None:
    def function(lines: int) -> str:
        return "def f():\n" + "    pass\n" * (lines - 1)

    def methods(count: int) -> str:
        return "class C:\n" + "".join(f"    def f{n}(self): ...\n" for n in range(count))

    assert long_ones(function(MOST_LINES_OF_A_FUNCTION)) == []
    assert long_ones("async " + function(MOST_LINES_OF_A_FUNCTION + 1)) == ["f"]
    assert long_ones(methods(MOST_METHODS)) == []
    assert long_ones(methods(MOST_METHODS + 1)) == ["C"]
