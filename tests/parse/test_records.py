"""The written cases: one assertion a field, so that a failure names case and field."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

_spec = importlib.util.spec_from_file_location(
    "evaluate", Path(__file__).parents[1] / "records" / "evaluate.py"
)
assert _spec is not None
assert _spec.loader is not None
evaluate: ModuleType = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(evaluate)
CASES = evaluate.load_cases()


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case_is_read_as_written(case):
    """Every field of the record, and nothing that the case does not state."""
    wanted, found = evaluate.expected(case), evaluate.found(evaluate.run(case))
    for name in evaluate.FIELDS:
        assert found[name] == wanted[name], name


def test_a_third_of_the_cases_is_held_out():
    """The split is by name, so that a new case cannot be put where it fits."""
    held = [c for c in CASES if evaluate.is_held_out(c["name"])]
    assert len(CASES) >= 150
    assert 0.25 < len(held) / len(CASES) < 0.45
    assert len({c["name"] for c in CASES}) == len(CASES)
