"""The page of the forty-one statements is whole, and names tests that there are."""

import ast
import re
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "first-class.md").read_text(encoding="utf-8")
ALL = 41
STATEMENTS = {
    int(found[1]): found[2] for found in re.finditer(r"(?ms)^(\d+)\. \*\*(.*?)(?=^\d+\. |^## |\Z)", PAGE)
}


@cache
def names_in(file: str) -> set[str]:
    """Return the names of the tests of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def test_all_statements_stand_there_in_their_order() -> None:
    """Forty-one, each once."""
    assert list(STATEMENTS) == list(range(1, ALL + 1))
    assert len(re.findall(r"(?m)^\d+\. ", PAGE)) == ALL


@pytest.mark.parametrize("number", range(1, ALL + 1))
def test_a_statement_names_tests_that_there_are(number: int) -> None:
    """At least one each, and none that has been renamed or taken away."""
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", STATEMENTS[number])
    assert named
    for file, name in named:
        assert name in names_in(file), f"{file} has no {name}"


def test_textual_is_kept_where_the_pictures_were_drawn() -> None:
    """Below the next major version, and not below the one of which pitfalls were measured."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (wanted,) = (each for each in settings["project"]["dependencies"] if each.startswith("textual"))
    least, below = re.fullmatch(r"textual>=(\S+),<(\d+)", wanted).groups()  # type: ignore[union-attr]
    assert int(below) == int(least.partition(".")[0]) + 1
    assert int(version("textual").partition(".")[0]) < int(below)
