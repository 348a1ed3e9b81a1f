"""A question that is made and not yielded is never asked: no check, no lock, nothing saved."""

import ast

import pytest

from tests.architecture.test_layers import modules


def is_asked(node) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(one, ast.Name) and one.id == "asked" for one in node.decorator_list
    )


QUESTIONS = {
    (module, node.name)
    for module, path in modules()
    for node in ast.parse(path.read_text()).body
    if is_asked(node)
}


def unasked(module: str, source: str) -> list[int]:
    """The lines where a question is called outside of ``yield`` and ``each``."""
    tree = ast.parse(source)
    names = {name for where, name in QUESTIONS if where == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {one.asname or one.name for one in node.names if (node.module, one.name) in QUESTIONS}
    given = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield):
            given.add(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "each":
            given |= {one.elt if isinstance(one, ast.GeneratorExp) else one for one in node.args}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in names
        and node not in given
    ]


def is_steps(node) -> bool:
    return (
        isinstance(node, ast.FunctionDef)
        and not node.decorator_list
        and node.returns is not None
        and ast.unparse(node.returns).startswith("Steps")
    )


# Parts of services, which do nothing until somebody goes through them.
STEPS = {
    (module, node.name)
    for module, path in modules()
    for node in ast.parse(path.read_text()).body
    if is_steps(node) and module != "sbs_portal.together"
}
WALKERS = {"alone", "every", "side_by_side", "together"}


def untaken(module: str, source: str) -> list[int]:
    """The lines where steps are called that are not gone through: not from, returned, or given to a walker."""
    tree = ast.parse(source)
    called = {name: (where, name) for where, name in STEPS if where == module}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            called |= {one.asname or one.name: (node.module, one.name) for one in node.names}
    taken = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.YieldFrom | ast.Return | ast.Lambda):
            taken.add(node.body if isinstance(node, ast.Lambda) else node.value)
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in WALKERS:
            taken |= {inner for one in node.args for inner in ast.walk(one)}
        elif isinstance(node, ast.IfExp) and node in taken:
            taken |= {node.body, node.orelse}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and node not in taken and _meant(node.func, called) in STEPS
    ]


def _meant(called, names: dict[str, tuple[str, str]]) -> tuple[str, str] | None:
    """What is called, as its module and name: a function by itself, or of an imported module."""
    if isinstance(called, ast.Name):
        return names.get(called.id)
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return (".".join(names.get(called.value.id, ())), called.attr)
    return None


def test_steps_that_are_called_and_not_gone_through_are_found():
    source = "from programmes.services import entries\n\nentries.require_write(1)\nalone(entries.require_write(1))\n"
    assert ("programmes.services.entries", "require_write") in STEPS
    assert untaken("x", source) == [3]


def test_what_is_made_and_not_yielded_is_found():
    source = "from sbs_portal.rows import saved\n\ndef add(row):\n    saved(row)\n    yield saved(row)\n"
    assert unasked("seminars.services.lines", source) == [4]
    assert unasked("x", "from a import saved\nsaved(1)") == []


@pytest.mark.parametrize("module", sorted({module.partition(".")[0] for module, _ in modules()}))
def test_every_question_is_asked(module):
    found = {
        name: lines
        for name, path in modules()
        if name.partition(".")[0] == module
        and (lines := unasked(name, path.read_text()) + untaken(name, path.read_text()))
    }
    assert found == {}
    assert len(QUESTIONS) > 20
