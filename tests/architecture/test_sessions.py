"""Nothing is left in a session of PostgreSQL between two transactions: a pooler gives the next to somebody else."""

import ast
import re

import pytest

from tests.architecture.test_layers import modules

# Statements whose effect outlives their transaction, or that wait for something of the session's.
OF_THE_SESSION = re.compile(
    r"(?:^|;)\s*(?:SET\s+(?!LOCAL\b|CONSTRAINTS\b|TRANSACTION\b)|RESET\s|DISCARD\s|LISTEN\s|PREPARE\s)"
    r"|set_config\([^()]*,\s*false|pg_(?:try_)?advisory_(?:lock|unlock)"
    r"|CREATE\s+TEMP|WITH\s+HOLD|\b(?:currval|lastval)\("
)
# Few files hold any of these words: the others need not be read as Python.
WORDS = re.compile(
    r"\b(?:SET|RESET|DISCARD|LISTEN|PREPARE|set_config|TEMP\w*|HOLD|currval|lastval)\b|_advisory_"
)


def left_in_the_session(source: str) -> list[str]:
    if not WORDS.search(source):
        return []
    texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
    return [
        found.group() for text in texts if isinstance(text, str) for found in OF_THE_SESSION.finditer(text)
    ]


def test_no_statement_changes_a_session():
    found = {name: left_in_the_session(path.read_text()) for name, path in modules()}
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE sbs_national",
        "SELECT 1; SET sbs.scope = '{1}'",
        "SELECT set_config('sbs.scope', %s, false)",
        "SELECT pg_advisory_lock(1)",
        "CREATE TEMPORARY TABLE t (n int)",
    ],
)
def test_such_a_statement_would_be_found(statement):
    assert left_in_the_session(f"cursor.execute({statement!r})")
