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


def test_what_is_made_and_not_yielded_is_found():
    source = "from sbs_portal.rows import saved\n\ndef add(row):\n    saved(row)\n    yield saved(row)\n"
    assert unasked("seminars.services.lines", source) == [4]
    assert unasked("x", "from a import saved\nsaved(1)") == []


@pytest.mark.parametrize("module", sorted({module.partition(".")[0] for module, _ in modules()}))
def test_every_question_is_asked(module):
    found = {
        name: lines
        for name, path in modules()
        if name.partition(".")[0] == module and (lines := unasked(name, path.read_text()))
    }
    assert found == {}
    assert len(QUESTIONS) > 20
