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
ALL = evaluate.load_cases()
BLIND = (
    "fourth-dev",
    "fourth-held",
    "fifth",
    "sixth-dev",
    "sixth-held",
    "seventh-dev",
    "seventh-held",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth-dev",
    "twelfth-held",
    "thirteenth",
    "fourteenth-dev",
    "fourteenth-held",
    "fifteenth-dev",
    "fifteenth-held",
    "sixteenth",
)
CASES = [c for c in ALL if evaluate.part_of(c["name"]) not in BLIND]
# precision and recall reached once the sets had been read; they may only rise. What each was worth
# when it came, unread, stands in the commit that brought it.
FLOORS = {
    "chair": 1.0,
    "ordinal": 1.0,
    "held_on": 1.0,
    "kind": 1.0,
    "body": 1.0,
    "verb": 0.98,
    "subject": 0.98,
    "lead": 0.95,
    "attending": 0.99,
    "credits": 1.0,
}
# the sixth set has people named 士会 and 伍被: what ends like a phrase is left out
LOWER = {
    ("sixth-dev", "chair"): 0.95,
    ("sixth-held", "chair"): 0.96,
    ("sixth-dev", "attending"): 0.98,
    ("sixth-held", "attending"): 0.92,
    # the sixteenth has not been read by those who write rules
    **{("sixteenth", x): 0.97 for x in ("kind", "held_on", "subject", "attending", "credits")},
    ("sixteenth", "lead"): 0.91,
}


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case_is_read_as_written(case):
    """Every field of the record, and nothing that the case does not state."""
    wanted, found = evaluate.expected(case), evaluate.found(evaluate.run(case), case)
    for name in evaluate.FIELDS:
        assert found[name] == wanted[name], name


@pytest.mark.parametrize("part", BLIND)
def test_texts_kept_for_measuring_are_read_as_well_as_ever(part):
    """Precision and recall of a field fall below no figure that was once reached."""
    cases = [c for c in ALL if evaluate.part_of(c["name"]) == part]
    assert len(cases) >= 15
    for name, wanted, had, right in evaluate.scores(cases):
        if name in FLOORS:
            floor = LOWER.get((part, name), FLOORS[name])
            assert right / had >= floor, f"precision of {name}"
            assert right / wanted >= floor, f"recall of {name}"


@pytest.mark.parametrize(
    "case", [c for c in ALL if not c.get("meeting")], ids=lambda c: str(c["name"])
)
def test_no_meeting_is_invented(case):
    """A visit, a notice, a story that only mentions a meeting: none of these is one."""
    assert evaluate.run(case).meetings == ()


def test_a_third_of_the_cases_is_held_out():
    """The split is by name, so that a new case cannot be put where it fits."""
    held = [c for c in ALL if evaluate.is_held_out(c["name"])]
    assert len(ALL) >= 150
    assert 0.25 < len(held) / len(ALL) < 0.45
    assert len({c["name"] for c in ALL}) == len(ALL)


def test_a_missed_meeting_does_not_make_the_next_one_wrong():
    """Meetings found are compared with those that they are, not with those at the same place."""
    case = next(
        c for c in ALL if len(c.get("meeting", [])) == 3 and len(evaluate.run(c).meetings) == 3
    )
    found = evaluate.run(case).meetings
    assert [0, 1, 2] == evaluate.matched(case["meeting"], found)
    assert [0, 2] == evaluate.matched(case["meeting"], [found[0], found[2]])
    assert [0, -2, 1] == evaluate.matched([case["meeting"][0], case["meeting"][2]], found)
