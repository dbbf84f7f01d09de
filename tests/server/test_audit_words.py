"""Every action that any code writes into the audit has words in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

from factorypos_tui.server import storage
from factorypos_tui.server.domain.audit_words import ACTIONS, KINDS, words_of
from factorypos_tui.server.words import LANGUAGES, told_in

SERVER = Path(storage.__file__).parents[1]
PLACES = {"audit": 3, "note_change": 3, "note": 2}
"""Where the action stands among what is given to each function that writes entries."""
ON_THE_WAY = {"storage/audit.py", "domain/quotas.py", "domain/strangers.py"}
"""Where those functions hand on what they were given."""


def sources() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(SERVER.rglob("*.py")):
        yield str(file.relative_to(SERVER)), ast.parse(file.read_text("utf-8"))


def calls_of(tree: ast.AST, names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := ast.unparse(node.func).rpartition(".")[2]) in names:
            yield name, node


def texts_of(expression: ast.expr) -> set[str]:
    """Each text that an expression may be; none where that cannot be read from it."""
    if isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        return {expression.value}
    if isinstance(expression, ast.IfExp):
        return texts_of(expression.body) | texts_of(expression.orelse)
    return set()


def texts_named(function: ast.AST, name: str) -> set[str]:
    """What a name stands for in a function."""
    found: set[str] = set()
    for node in ast.walk(function):
        if not isinstance(node, ast.Assign):
            continue
        (target,) = node.targets
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=True))
        else:
            pairs = [(target, node.value)]
        for left, right in pairs:
            if isinstance(left, ast.Name) and left.id == name:
                found |= texts_of(right)
    return found


def texts_listed(tree: ast.Module, expression: ast.expr) -> set[str]:
    """The values of a table of the module that an expression looks something up in."""
    if not isinstance(expression, ast.Subscript):
        return set()
    tables = (node for node in tree.body if isinstance(node, ast.AnnAssign))
    named = (it.value for it in tables if ast.unparse(it.target) == ast.unparse(expression.value))
    return {
        text for it in named if isinstance(it, ast.Dict) for value in it.values for text in texts_of(value)
    }


def texts_given(tree: ast.Module, function: ast.FunctionDef, name: str) -> set[str]:
    """What the calls of a function in its own module give it by this name."""
    places = [it.arg for it in function.args.args]
    if name not in places:
        return set()
    given = (call.args[places.index(name)] for _name, call in calls_of(tree, {function.name}))
    return {text for argument in given for text in texts_of(argument)}


def written() -> dict[str, set[str]]:
    """The actions that are written, by the call that writes them."""
    found: dict[str, set[str]] = {}
    for path, tree in sources():
        for _name, call in calls_of(tree, {"note_refusal"}):
            found[f"{path}:{call.lineno}"] = {f"{text}.refused" for text in texts_of(call.args[1])}
        if path in ON_THE_WAY:
            continue
        for function in (it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)):
            for name, call in calls_of(function, set(PLACES)):
                if len(call.args) <= PLACES[name]:
                    continue  # another thing that is called `note`
                action = call.args[PLACES[name]]
                texts = texts_of(action) | texts_listed(tree, action)
                if isinstance(action, ast.Name):
                    texts = texts_named(function, action.id) | texts_given(tree, function, action.id)
                found[f"{path}:{call.lineno}"] = texts
    return found


def test_every_action_that_is_written_has_words() -> None:
    found = written()
    assert len(found) > 30
    assert [place for place, actions in found.items() if not actions] == [], "say the action in plain text"
    missing = {action for actions in found.values() for action in actions} - set(ACTIONS)
    assert missing == set(), "give it words in ACTIONS of server/domain/audit_words.py"


def test_no_words_are_kept_for_what_nobody_writes() -> None:
    assert set(ACTIONS) - {action for actions in written().values() for action in actions} == set()


def test_the_words_are_there_in_both_languages() -> None:
    for words in (*ACTIONS.values(), *KINDS.values()):
        assert len({told_in(language, words) for language in LANGUAGES}) == len(LANGUAGES), words


def test_each_kind_that_can_be_chosen_has_actions() -> None:
    assert {kind for kind in KINDS if not any(it.startswith(f"{kind}.") for it in ACTIONS)} == set()


def test_an_action_of_another_version_is_shown_by_its_name() -> None:
    assert words_of("drawer.opened") == "drawer.opened"
