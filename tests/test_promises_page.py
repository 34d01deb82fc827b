"""The page of the promises is whole: each has safeguards that stand in the program, and tests that there are."""

import pytest

from tests.mutants import PROGRAM, ROOT, Mutant, mutants, promises
from tests.test_first_class import names_in

ALL = 31


def test_all_promises_stand_there_in_their_order() -> None:
    """Each once, and each with a safeguard that can be taken out."""
    assert list(promises()) == list(range(1, ALL + 1))
    assert {mutant.promise for mutant in mutants()} == set(promises())


@pytest.mark.parametrize("number", range(1, ALL + 1))
def test_a_promise_names_tests_that_there_are(number: int) -> None:
    """At least one, and none that has been renamed or taken away."""
    assert promises()[number].tests
    for test in promises()[number].tests:
        file, name = test.split("::")
        assert name in names_in(file), f"{file} has no {name}"


@pytest.mark.parametrize("mutant", mutants(), ids=lambda mutant: f"{mutant.promise}-{mutant.file}")
def test_a_safeguard_stands_where_it_was_proved(mutant: Mutant) -> None:
    """Where it is written otherwise by now, tests/mutants.toml is to say how, and to prove it again."""
    there = (ROOT / PROGRAM / mutant.file).read_text(encoding="utf-8").count(mutant.safeguard)
    assert there == 1, f"'{mutant.safeguard}' stands {there} times in {mutant.file}"
