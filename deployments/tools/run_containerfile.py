"""Runs the steps of a container file in a scratch folder, where no container engine is at hand.

    python deployments/tools/run_containerfile.py deployments/Containerfile SCRATCH [--run ARG…]

Each stage gets a folder of its own below SCRATCH in place of ``/``. Absolute paths below the
roots that the file itself names (its WORKDIRs and the targets of its COPYs) are put there; all
other paths are those of this machine. USER, VOLUME and ``--chown`` are checked, not done. With
``--run`` the entry point of the last stage is run with those arguments.

It understands what the file uses; anything else is an error and never skipped.
"""

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path


class StepError(Exception):
    """A step that cannot be understood, or that failed."""


@dataclass(kw_only=True)
class Stage:
    """A stage that is being built: the folder in place of its ``/``, and what is set in it."""

    root: Path
    roots: set[str] = field(default_factory=set)
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    entrypoint: Sequence[str] = ()

    def place(self, path: str) -> Path:
        """Where a path of the container lies here."""
        return self.root / os.path.normpath(Path(self.workdir) / path).lstrip("/")

    def here(self, text: str) -> str:
        """A text with the container's own paths put below the stage's folder."""
        for root in sorted(self.roots, key=len, reverse=True):
            text = re.sub(rf"(?<![\w./-]){re.escape(root)}(?![\w-])", str(self.place(root)), text)
        return text


def instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield instructions with their arguments; continued lines joined, comments left out."""
    lines = [x for x in text.splitlines() if x.strip() and not x.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        name, _, rest = line.strip().partition(" ")
        yield name.upper(), rest.strip()


def run_file(path: Path, scratch: Path) -> Stage:
    """Run all steps; the last stage. Raises `StepError`."""
    stages: dict[str, Stage] = {}
    stage: Stage | None = None
    for name, rest in instructions(path.read_text("utf-8")):
        if name == "FROM":
            image, _, called = rest.partition(" AS ")
            if not re.fullmatch(r"[\w./-]+/python:3\.1\d-[\w-]+", image):
                raise StepError(f"FROM {image}: an image of Python is wanted, with its version")
            stage = Stage(root=scratch / (called or "final"))
            stage.root.mkdir(parents=True)
            stages[called or "final"] = stage
        elif stage is None:
            raise StepError(f"{name} before FROM")
        else:
            print(f"{name} {rest}"[:100], flush=True)
            _step(stage, name, rest, stages=stages, context=Path.cwd(), scratch=scratch)
    if stage is None or not stage.entrypoint:
        raise StepError("the file has no stage with an ENTRYPOINT")
    return stage


def _step(
    stage: Stage, name: str, rest: str, *, stages: dict[str, Stage], context: Path, scratch: Path
) -> None:
    if name == "WORKDIR":
        stage.workdir = rest
        stage.roots.add(rest)
        stage.place(rest).mkdir(parents=True, exist_ok=True)
    elif name == "ENV":
        for key, value in (x.split("=", 1) for x in shlex.split(rest)):
            stage.environment[key] = value
    elif name == "COPY":
        _copy(stage, shlex.split(rest), stages=stages, context=context)
    elif name == "RUN":
        _run(stage, ["sh", "-euc", stage.here(_known(stage, rest))], scratch)
    elif name in ("ENTRYPOINT", "CMD"):
        stage.entrypoint = (
            [*stage.entrypoint, *json.loads(rest)] if name == "CMD" else json.loads(rest)
        )
    elif name in ("USER", "VOLUME", "EXPOSE", "HEALTHCHECK"):
        if name == "USER" and not re.fullmatch(r"[1-9]\d*(:[1-9]\d*)?", rest):
            raise StepError(f"USER {rest}: a number other than root's is wanted")
        if name == "VOLUME" and not stage.place(rest).is_dir():
            raise StepError(f"VOLUME {rest}: is not there")
    else:
        raise StepError(f"{name}: not understood")


def _known(stage: Stage, command: str) -> str:
    """The command; what ``python -m venv`` makes becomes a path of the stage."""
    stage.roots.update(re.findall(r"-m venv (\S+)", command))
    stage.roots.update(re.findall(r"mkdir -p (\S+)", command))
    return command


def _copy(stage: Stage, words: Sequence[str], *, stages: dict[str, Stage], context: Path) -> None:
    options = [x for x in words if x.startswith("--")]
    *sources, target = [x for x in words if not x.startswith("--")]
    origin: Stage | None = None
    for option in options:
        key, _, value = option.partition("=")
        if key == "--from":
            origin = stages[value]
        elif key != "--chown" or not re.fullmatch(r"\d+:\d+", value):
            raise StepError(f"COPY {option}: not understood")
    if target.startswith("/"):
        stage.roots.add(target)
    for source in sources:
        start = origin.place(source) if origin else context / source
        end = stage.place(target) / start.name if target.endswith("./") else stage.place(target)
        if not start.exists():
            raise StepError(f"COPY {source}: is not there")
        end.parent.mkdir(parents=True, exist_ok=True)
        if start.is_dir():
            shutil.copytree(start, end, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(start, end)
        if origin and (end / "pyvenv.cfg").is_file():
            _move_scripts(end, was=start)


def _move_scripts(venv: Path, *, was: Path) -> None:
    """In a container the copy has the same path; here its scripts name the first one."""
    for script in (venv / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            script.write_bytes(script.read_bytes().replace(bytes(was), bytes(venv)))


def _run(stage: Stage, command: Sequence[str], scratch: Path) -> None:
    done = subprocess.run(  # noqa: S603 - the file is our own
        command, cwd=stage.place("."), env=_environment(stage, scratch), check=False
    )
    if done.returncode:
        raise StepError(f"{shlex.join(command)[:200]}: exit code {done.returncode}")


def _environment(stage: Stage, scratch: Path) -> dict[str, str]:
    """What the steps see: this machine's own, ``python`` as images have it, the stage's."""
    tools = scratch / "tools"
    tools.mkdir(exist_ok=True)
    if not (tools / "python").exists():
        (tools / "python").symlink_to(sys._base_executable)
    own = {k: stage.here(v) for k, v in stage.environment.items()}
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    if "PATH" in own:
        own["PATH"] = own["PATH"].replace("$PATH", path)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUWEN_", "PREFECT_"))}
    kept.pop("VIRTUAL_ENV", None)
    return {**kept, "PATH": path, **own}


def main() -> None:
    """Run the file that the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("scratch", type=Path)
    parser.add_argument("--run", nargs=argparse.REMAINDER, default=None)
    asked = parser.parse_args()
    try:
        stage = run_file(asked.file, asked.scratch.absolute())
        if asked.run is not None:
            _run(stage, [*stage.entrypoint[:1], *asked.run], asked.scratch.absolute())
    except StepError as error:
        sys.exit(f"{asked.file}: {error}")


if __name__ == "__main__":
    main()
