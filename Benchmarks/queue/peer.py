"""One measurement of one peer; prints it as a line of JSON, in the terms of VidSift's `queue-benchmark`.

    peer.py NAME --database URL --mode install|complete|enqueue|latency [--in-flight N] [--jobs N] …
"""
import argparse, asyncio, json, os, resource, sys, time
import asyncpg, uvloop
from peers import PEERS

FILL = 1000
PATIENCE = 240    # seconds without the last job


async def main():
    peer = PEERS[options.peer]()
    print(json.dumps(await MODES[options.mode](peer)))


async def install(peer):
    await peer.open(options.database, 1)
    await peer.install()
    await peer.close()
    return {}


async def complete(peer):
    """From the first handler's start until the last job is completed as far as the database knows."""
    await peer.open(options.database, peer.connections(options.in_flight))
    await fill(peer)
    watcher = await asyncpg.connect(options.database)
    await watcher.execute("VACUUM ANALYZE")
    await watcher.execute("CHECKPOINT")
    started, ran, handled = None, 0, asyncio.Event()

    def handler(_):
        nonlocal started, ran
        started = started or time.perf_counter()
        ran += 1
        if ran == options.jobs:
            handled.set()

    async with peer.work(options.in_flight, handler):
        await asyncio.wait_for(handled.wait(), PATIENCE)
        while await watcher.fetchval(peer.completed) < options.jobs:
            if time.perf_counter() - started > PATIENCE:
                raise SystemExit(f"{options.peer}: not all are completed")
        seconds = time.perf_counter() - started
    await check(peer, watcher, ran)
    return {"jobs": options.jobs, "seconds": seconds, "jobsPerSecond": options.jobs / seconds, "cpuSeconds": cpu()}


async def fill(peer):
    for _ in range(options.jobs // FILL):
        await peer.enqueue_batch(FILL)


async def check(peer, watcher, ran):
    completed, left = await watcher.fetchval(peer.completed), await watcher.fetchval(peer.left)
    if (ran, completed, left) != (options.jobs, options.jobs, 0):
        raise SystemExit(f"{options.peer}: of {options.jobs} jobs {ran} ran, {completed} completed, {left} are left")


async def enqueue(peer):
    """Each of --clients calls, with --batch jobs and a commit each, when its last call has returned."""
    await peer.open(options.database, options.clients)
    await peer.enqueue()
    calls = options.jobs // options.batch // options.clients

    async def client():
        for _ in range(calls):
            await (peer.enqueue_batch(options.batch) if options.batch > 1 else peer.enqueue())

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(options.clients)))
    seconds = time.perf_counter() - started
    jobs = calls * options.clients * options.batch
    watcher = await asyncpg.connect(options.database)
    if (left := await watcher.fetchval(peer.left)) != jobs + 1:
        raise SystemExit(f"{options.peer}: {jobs + 1} jobs enqueued, {left} are there")
    await peer.close()
    return {"jobs": jobs, "seconds": seconds, "jobsPerSecond": jobs / seconds, "cpuSeconds": cpu()}


async def latency(peer):
    """From just before the call that enqueues, in a process of its own, until the handler starts."""
    await peer.open(options.database, peer.connections(options.in_flight))
    watcher = await asyncpg.connect(options.database)
    waited, handled = [], asyncio.Event()

    def handler(at):
        waited.append((time.time_ns() - at) / 1e6)
        if len(waited) == options.jobs:
            handled.set()

    async with peer.work(options.in_flight, handler):
        await asyncio.sleep(1)    # until it listens
        producer = await asyncio.create_subprocess_exec(
            sys.executable, "-B", __file__, options.peer, "--database", options.database, "--mode", "produce",
            "--jobs", str(options.jobs), "--rate", str(options.rate), stdout=asyncio.subprocess.PIPE)
        produced = json.loads((await producer.communicate())[0])
        await asyncio.wait_for(handled.wait(), PATIENCE)
        while await watcher.fetchval(peer.completed) < options.jobs:
            await asyncio.sleep(0.05)
    await check(peer, watcher, len(waited))
    waited.sort()
    return {"jobs": options.jobs, "jobsPerSecond": produced["jobsPerSecond"], "p50Milliseconds": percentile(waited, 50),
            "p99Milliseconds": percentile(waited, 99)}


async def produce(peer):
    """Enqueues at times that were fixed before, however long a call takes."""
    await peer.open(options.database, 4)
    begin, calls = time.perf_counter() + 0.2, []
    for number in range(options.jobs):
        # One turn of the loop at least: a late producer must not keep its own calls from running.
        await asyncio.sleep(max(0, begin + number / options.rate - time.perf_counter()))
        calls.append(asyncio.create_task(peer.enqueue()))
    await asyncio.gather(*calls)
    rate = options.jobs / (time.perf_counter() - begin)
    await peer.close()
    return {"jobsPerSecond": rate}


def percentile(ordered, percent):
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


MODES = {"install": install, "complete": complete, "enqueue": enqueue, "latency": latency, "produce": produce}

parser = argparse.ArgumentParser()
parser.add_argument("peer", choices=PEERS)
parser.add_argument("--database", required=True)
parser.add_argument("--mode", choices=MODES, required=True)
for name, default in (("--in-flight", 16), ("--jobs", 5000), ("--clients", 1), ("--batch", 1), ("--rate", 100)):
    parser.add_argument(name, type=int, default=default)
options = parser.parse_args()
try:
    uvloop.run(main())
finally:
    sys.stdout.flush()
# Some of them leave threads or connections that keep the process from ending.
os._exit(0)
