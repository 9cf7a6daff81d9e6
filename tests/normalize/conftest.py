"""The mangler for all tests of repairs."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def mangler() -> ModuleType:
    """A program that damages text as mirrors do."""
    path = Path(__file__).with_name("mangler.py")
    specification = importlib.util.spec_from_file_location("mangler", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
