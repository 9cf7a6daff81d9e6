"""Settings: the environment wins, and mistakes name their variable."""

import os
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.settings import Settings, ensure_home, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    for name in [x for x in os.environ if x.startswith("QUWEN_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_home_is_var_below_the_working_folder():
    """A newcomer's data stands beside the checkout."""
    assert Path("var") == load_settings().home


def test_a_file_in_the_home_gives_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """quwen.env in the home is read, and the environment wins over it."""
    (tmp_path / "quwen.env").write_text("QUWEN_CONTACT=desk@example.org\nQUWEN_THREADS=3\n")
    monkeypatch.setenv("QUWEN_HOME", str(tmp_path))
    monkeypatch.setenv("QUWEN_THREADS", "5")
    settings = load_settings()
    assert ("desk@example.org", 5) == (settings.contact, settings.threads)
    assert "+desk@example.org" in settings.user_agent


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUWEN_THREADS", "many"),
        ("QUWEN_BASE_URL", "feeds.example.org"),
        ("QUWEN_TAG_AUTHORITY", "example.org"),
        ("QUWEN_CONNECT_TO", "qinglan.example"),
    ],
)
def test_a_wrong_setting_names_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    """One line says which variable is wrong."""
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=name) as caught:
        load_settings()
    assert 2 == caught.value.exit_code


def test_an_unwritable_home_is_a_configuration_error(tmp_path: Path):
    """A file where the home should be is said, with the setting to change."""
    (tmp_path / "home").write_text("")
    with pytest.raises(ConfigError, match="QUWEN_HOME"):
        ensure_home(Settings(home=tmp_path / "home"))


def test_the_longest_time_between_looks_is_not_the_shorter_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Two settings that contradict each other are named, not guessed at."""
    monkeypatch.setenv("QUWEN_HOME", str(tmp_path))
    monkeypatch.setenv("QUWEN_POLL_LONGEST", "PT1M")
    with pytest.raises(
        ConfigError, match=r"QUWEN_POLL_LONGEST: .*shorter than QUWEN_POLL_SHORTEST"
    ):
        load_settings()
