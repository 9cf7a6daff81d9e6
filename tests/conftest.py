"""The order of a whole run: files that take long are begun first, so that workers end together."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "long: takes half a minute or more")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files in front that hold a test marked ``long`` or ``engine``, each file whole."""
    first = {x.path for x in items if any(x.iter_markers("long")) or any(x.iter_markers("engine"))}
    items.sort(key=lambda x: x.path not in first)
