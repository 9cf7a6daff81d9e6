"""The files in deployments/: linted, valid, true to the program, and the container's steps run."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "deployments"
BIN = Path(sys.executable).parent
SETTINGS = {f"QUWEN_{x.upper()}" for x in Settings.model_fields}
FOR_COMPOSE = {"QUWEN_LISTEN"}  # compose's own variable: where nginx is published


def run(*command: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(x) for x in command], cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def compose() -> dict:
    return yaml.safe_load((FILES / "compose.yaml").read_text("utf-8"))


def test_the_linter_has_nothing_to_say_of_the_container_file():
    done = run(BIN / "hadolint", FILES / "Containerfile")
    assert (0, "") == (done.returncode, done.stdout + done.stderr)


def test_the_container_is_built_from_lock_files_alone():
    """Every installation takes hashes and resolves nothing."""
    text = re.sub(r"\\\n\s*", "", (FILES / "Containerfile").read_text("utf-8"))
    installs = re.findall(r"pip install ([^&\n]*)", text)
    assert 3 == len(installs)
    for x in installs:
        assert "--no-deps" in x
        assert ("--require-hashes" in x and ".lock" in x) or "--no-index" in x
    copied = " ".join(re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)).split()
    kept = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert {f"!{x}" for x in copied} == {x for x in kept if x.startswith("!")}
    assert all((ROOT / x).exists() for x in copied)


def test_all_lock_files_name_the_same_versions():
    """What runs in a container is what the tests ran with."""
    pins = {}
    for name in ("requirements.lock", "requirements-server.lock", "requirements-dev.lock"):
        lines = re.findall(
            r"^[a-z0-9][^\\\n]*(?= \\)", (ROOT / name).read_text("utf-8"), re.MULTILINE
        )
        pins[name] = {Requirement(x).name: Requirement(x).specifier for x in lines}
    whole = pins["requirements-dev.lock"]
    server = pins["requirements-server.lock"]
    assert {"psycopg", "psycopg-binary", "obstore"} == set(server) - set(pins["requirements.lock"])
    assert server == {x: whole[x] for x in server}
    assert pins["requirements.lock"].items() <= server.items()


def test_the_steps_of_a_container_file_run_in_a_scratch_folder(tmp_path: Path):
    """Stages, copies between them, variables and the entry point; paths stay below the folder."""
    (tmp_path / "hello.txt").write_text("hello\n")
    file = tmp_path / "Containerfile"
    file.write_text(
        """# a comment
FROM docker.io/library/python:3.13-slim AS build
WORKDIR /made
COPY hello.txt ./
RUN mkdir -p /var/lib/thing \\
    && cat hello.txt > /made/told.txt

FROM docker.io/library/python:3.13-slim
COPY --from=build --chown=10001:10001 /made /opt/made
ENV WHERE=/opt/made
USER 10001:10001
WORKDIR /opt/made
VOLUME /opt/made
ENTRYPOINT ["sh", "-c", "cat $WHERE/told.txt > $WHERE/again.txt"]
"""
    )
    tool = FILES / "tools" / "run_containerfile.py"
    done = run(sys.executable, tool, file, tmp_path / "scratch", cwd=tmp_path)
    assert 0 == done.returncode, done.stdout + done.stderr
    assert "hello\n" == (tmp_path / "scratch/final/opt/made/told.txt").read_text()
    assert not Path("/opt/made").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("ADD x y", "ADD: not understood"),
        ("RUN false", "exit code 1"),
        ("USER root", "a number other than root's is wanted"),
        ("COPY nothing ./", "is not there"),
        ("COPY --link hello ./", "not understood"),
        ("VOLUME /nowhere", "is not there"),
    ],
)
def test_a_step_that_fails_or_is_not_known_ends_it(tmp_path: Path, wrong: str, words: str):
    """Nothing is skipped in silence."""
    file = tmp_path / "Containerfile"
    file.write_text(f"FROM docker.io/library/python:3.13-slim\nWORKDIR /made\n{wrong}\n")
    tool = FILES / "tools" / "run_containerfile.py"
    done = run(sys.executable, tool, file, tmp_path / "scratch", cwd=tmp_path)
    assert done.returncode
    assert words in done.stderr


def test_the_compose_file_is_one():
    """By the schema of the compose specification."""
    done = run(
        BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", FILES / "compose.yaml"
    )
    assert 0 == done.returncode, done.stdout


def test_compose_runs_server_database_two_workers_and_nginx():
    """Each waits for what it needs, and nothing but nginx is seen beyond this machine."""
    services = compose()["services"]
    assert {"db", "engine", "setup", "worker", "web"} == set(services)
    assert 2 == services["worker"]["deploy"]["replicas"]
    assert {"setup": {"condition": "service_completed_successfully"}} == services["worker"][
        "depends_on"
    ]
    for name, service in services.items():
        for other in service.get("depends_on", ()):
            assert other in services, name
        assert name == "web" or all(x.startswith("127.0.0.1:") for x in service.get("ports", ()))
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in compose()["volumes"]
    assert services["worker"]["image"] == services["engine"]["image"] == services["setup"]["image"]


def test_programs_that_compose_starts_take_their_arguments():
    """Every option exists; and the file of deployments is where the container file puts it."""
    services = compose()["services"]
    for name in ("engine", "worker"):
        entry, command = services[name]["entrypoint"], services[name]["command"]
        shown = run(BIN / entry[0], *command[:2], "--help").stdout
        for option in (x for x in command if x.startswith("--")):
            assert re.search(rf"{option}\b", shown), f"{name}: {option}"
    (script,) = services["setup"]["command"]
    container = (FILES / "Containerfile").read_text("utf-8")
    assert re.search(r"--prefect-file (\S+)", script)[1] in container


@pytest.mark.parametrize("name", ["compose.yaml", "quwen.service", "Containerfile"])
def test_settings_in_the_files_exist(name: str):
    """A name that no setting has would be passed over in silence."""
    text = (FILES / name).read_text("utf-8")
    assert set(re.findall(r"QUWEN_[A-Z0-9_]+", text)) <= SETTINGS | FOR_COMPOSE


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path):
    """`systemd-analyze verify`, with a program and a user that exist here."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd is not installed here")
    text = (FILES / "quwen.service").read_text("utf-8")
    assert "ExecStart=/opt/quwen/.venv/bin/quwen up\n" in text
    own = text.replace("/opt/quwen/.venv/bin/quwen", sys.executable)
    own = re.sub(r"^(User|Group)=quwen$", r"\1=root", own, flags=re.MULTILINE)
    (tmp_path / "quwen.service").write_text(own)
    done = run(tool, "verify", "--man=no", tmp_path / "quwen.service")
    assert (0, "") == (done.returncode, done.stdout + done.stderr)


def test_readme_explains_each_of_the_files():
    text = (ROOT / "README.md").read_text("utf-8")
    for name in ("Containerfile", "compose.yaml", "quwen.service", "nginx.conf", "prefect.yaml"):
        assert f"deployments/{name}" in text
