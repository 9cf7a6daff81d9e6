"""What the engine costs: ``python tests/bench/bench_engine.py [--ticks N]``.

A tick over 50 unchanged sources, run by `quwen up`'s own runner against an engine's server
of its own, beside the same tick without an engine, in turn and in one process. Told are the
medians of wall and processor seconds, the server's processor seconds, and how the memory of
this process grew from the tenth tick to the last. The goal: at most 2.5 s of wall, and at most
1 s of processor above the pipeline's own time (judged by processor time; wall time counts too
where the machine is idle).
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench_fleet import cpu_s, memory_mb, processes
from fleet import Fleet

SOURCES = 50
WALL_S, CPU_S = 2.5, 1.0


def settle(folder: Path, fleet: Fleet) -> None:
    """Put the settings in place, before anything of ours is imported."""
    fleet.write_sources(folder / "sources")
    for name in [x for x in os.environ if x.startswith(("QUWEN_", "PREFECT_"))]:
        del os.environ[name]
    os.environ |= {
        "QUWEN_HOME": str(folder / "home"),
        "QUWEN_SOURCES": str(folder / "sources"),
        "QUWEN_CONNECT_TO": fleet.connect_to,
        "QUWEN_POLL_SHORTEST": "PT0.01S",
        "QUWEN_POLL_LONGEST": "PT0.01S",
        "QUWEN_RECHECKS": "0",
        "NO_PROXY": "127.0.0.1",
    }


def plain_tick() -> None:
    """What a tick does, without an engine."""
    from pipeline import runs  # noqa: PLC0415 - after the settings

    with (
        runs.shared_context() as context,
        runs.ledger(context, "ingest", {}) as entry,
        ThreadPoolExecutor(context.settings.threads) as pool,
    ):
        work = runs.due_work(context, ())
        chosen = runs.batches(context.catalogue, work, most=32)
        done = pool.map(
            lambda x: runs.ingest_batch(x, context=context, run_id=entry.run_id), chosen
        )
        for reports in done:
            for report in reports:
                assert report.counts["unchanged"] == 1, report
                entry.add(report)
        entry.published = runs.publish(context)
    assert len(entry.reports) == SOURCES


def measured(what: Callable[[], object]) -> tuple[float, float]:
    """Wall and processor seconds of a call."""
    wall, cpu = time.monotonic(), time.process_time()
    what()
    return time.monotonic() - wall, time.process_time() - cpu


def ticks(number: int) -> int:
    """Run both kinds in turn and tell."""
    from flows.up.server import EngineServer, free_port  # noqa: PLC0415 - after the settings

    server = EngineServer(
        "127.0.0.1", free_port("127.0.0.1"), log=Path(os.environ["QUWEN_HOME"]) / "engine.log"
    )
    os.environ["PREFECT_API_URL"] = server.api
    import flows.engine  # noqa: F401, PLC0415 - the server's settings

    server.start()
    try:
        server.wait()
        return _compared(number, server.api)
    finally:
        server.stop()


def _compared(number: int, api: str) -> int:
    from prefect.client.orchestration import get_client  # noqa: PLC0415 - after its settings

    from flows.up.deployed import FLOWS, register  # noqa: PLC0415
    from flows.up.runner import run_here  # noqa: PLC0415 - what a tick goes through
    from pipeline import runs  # noqa: PLC0415
    from pipeline.settings import load_settings  # noqa: PLC0415

    with runs.shared_context() as context, get_client(sync_client=True) as client:
        for source in context.catalogue.sources:
            runs.ingest_source(source.id, context=context, run_id=_first_run(context))
        offered = [x.id for x in context.catalogue.sources]
        deployments = register(client, tick=load_settings().tick, sources=offered)
        (engine,) = [x for x in processes(os.getpid()) if x != os.getpid()]

        def served() -> None:
            run = client.create_flow_run_from_deployment(
                deployments["ingest/scheduled"], parameters={"due_only": True}
            )
            thread = Thread(target=run_here, args=(FLOWS["ingest/scheduled"], run.id, api))
            thread.start()
            thread.join()
            state = client.read_flow_run(run.id).state
            if state is None or not state.is_completed():
                raise RuntimeError(f"the tick ended as {state}")

        plain, with_engine = [], []
        memory: list[float] = []
        time.sleep(5)
        idle = cpu_s(engine)
        time.sleep(10)
        a_second = (cpu_s(engine) - idle) / 10  # what its services use when nothing goes on
        before, began = cpu_s(engine), time.monotonic()
        for _ in range(number):
            plain.append(measured(plain_tick))
            with_engine.append(measured(served))
            memory.append(memory_mb(os.getpid()))
        rest = a_second * (time.monotonic() - began)
        theirs = (cpu_s(engine) - before - rest) / number
    return _tell(plain, with_engine, theirs, memory)


def _first_run(context: object) -> int:
    from pipeline import runs  # noqa: PLC0415

    assert isinstance(context, runs.Context)
    return context.store.begin_run("ingest", {}, at=context.clock())


def _tell(
    plain: list[tuple[float, float]],
    served: list[tuple[float, float]],
    theirs: float,
    memory: list[float],
) -> int:
    wall, cpu = (statistics.median(x[k] for x in served) for k in (0, 1))
    bare_wall, bare_cpu = (statistics.median(x[k] for x in plain) for k in (0, 1))
    print(f"{len(served)} ticks over {SOURCES} unchanged sources, medians")
    print(f"  without an engine  {bare_wall:5.2f} s wall, {bare_cpu:5.2f} s processor")
    print(f"  with the engine    {wall:5.2f} s wall, {cpu:5.2f} s processor")
    print(f"  its server         {theirs:14.2f} s processor a tick above idling")
    above = cpu + theirs - bare_cpu
    print(f"above the pipeline's own: {above:.2f} s processor (goal {CPU_S}); wall goal {WALL_S}")
    if len(memory) > 20:
        print(f"memory: {memory[9]:.1f} MB after ten ticks, {memory[-1]:.1f} MB at the end")
    is_idle = os.getloadavg()[0] < 1.5
    return 0 if above <= CPU_S and (wall <= WALL_S or not is_idle) else 1


def main() -> int:
    """Read the options, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ticks", type=int, default=8)
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="quwen-engine-") as folder,
        Fleet(SOURCES, stories=3) as fleet,
    ):
        settle(Path(folder), fleet)
        return ticks(chosen.ticks)


if __name__ == "__main__":
    sys.exit(main())
