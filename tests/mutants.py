"""Takes each safeguard of docs/promises.md out of a copy of the program, and runs the tests that are named there.

``python -m tests.mutants`` proves the page, or the promises whose numbers it is given; the suite does not run it.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PROGRAM = Path("src/casetui")
_PROMISE = re.compile(r"(?ms)^(\d+)\. \*\*(.*?)\*\*(.*?)(?=^\d+\. |^## |\Z)")
_TEST = re.compile(r"`(tests/\w+\.py::\w+)`")


class Promise(NamedTuple):
    """A promise of the page, and the tests that fail without what keeps it."""

    says: str
    tests: tuple[str, ...]


class Mutant(NamedTuple):
    """A safeguard of a promise: where it stands, and what stands there without it."""

    promise: int
    file: str
    safeguard: str
    without: str


@cache
def promises() -> dict[int, Promise]:
    """Return the promises of the page by their numbers."""
    page = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
    found = _PROMISE.finditer(page)
    return {int(each[1]): Promise(" ".join(each[2].split()), tuple(_TEST.findall(each[3]))) for each in found}


@cache
def mutants() -> tuple[Mutant, ...]:
    """Return the safeguards that can be taken out."""
    kept = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return tuple(Mutant(**each) for each in kept["mutant"])


def failing(mutant: Mutant, copy: Path) -> set[str]:
    """Return which of the promise's tests fail without its safeguard."""
    file = copy / PROGRAM / mutant.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace(mutant.safeguard, mutant.without, 1), encoding="utf-8")
    named = promises()[mutant.promise].tests
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-rfE", *named]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    finally:
        file.write_text(whole, encoding="utf-8")
    return set(re.findall(r"(?m)^(?:FAILED|ERROR) (tests/\w+\.py::\w+)", run.stdout))


def unproven(copy: Path, number: int) -> Iterator[str]:
    """Yield a line for each safeguard of a promise that goes unnoticed, and for each test that notices nothing."""
    named = promises()[number].tests
    noticed: set[str] = set()
    for mutant in (each for each in mutants() if each.promise == number):
        fails = failing(mutant, copy)
        noticed |= fails
        what = " ".join(mutant.safeguard.split())[:70]
        sys.stdout.write(f"{number:3} {len(fails)} of {len(named)} fail without {mutant.file}: {what}\n")
        sys.stdout.flush()
        if not fails:
            yield f"promise {number}: nobody notices that {mutant.file} goes without '{what}'\n"
    yield from (f"promise {number}: {test} notices nothing\n" for test in named if test not in noticed)


def main() -> int:
    """Prove the page and say what is not so."""
    with TemporaryDirectory(prefix="casetui-mutants-") as folder:
        for name in ("src", "tests", "docs", "README.md", "pyproject.toml"):
            part = ROOT / name
            (shutil.copytree if part.is_dir() else shutil.copy)(part, Path(folder) / name)
        wanted = [int(number) for number in sys.argv[1:]] or [*promises()]
        wrong = [line for number in wanted for line in unproven(Path(folder), number)]
    sys.stdout.writelines(wrong)
    return len(wrong) > 0


if __name__ == "__main__":
    raise SystemExit(main())
