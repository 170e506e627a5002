"""Measures VidSift's queue and its peers in turn, round by round, and prints the medians and their ratios.

`run` calls it: it needs a PostgreSQL server of its own. Every measurement has a database of its own, a copy of one with
the tables of that queue, so that none sees what another left behind.
"""
import argparse, collections, json, os, pathlib, re, statistics, subprocess, sys

HERE = pathlib.Path(__file__).parent
OURS = "vidsift"
# A script for pgbench, on tables of its own and on VidSift's: its files and its tables.
YARDSTICKS = {"pgbench": ("pgbench", "yardstick."), "pgbench on our tables": ("pgbench-jobs", "")}
# The fastest peer once more where none of its commits waits for the disk, to show what ours gain by unwaited claims.
UNWAITED = {"pgqueuer, unwaited": "pgqueuer"}
PEERS = ("procrastinate", "pgqueuer", "pgqueuer-unbounded", "awa-pg")
# So many that the slow take seconds and the fast about one: awa-pg begins with a pause that must not weigh.
JOBS = {"procrastinate": 4_000, "awa-pg": 12_000, "pgqueuer": 20_000, "pgqueuer-unbounded": 20_000,
        "pgqueuer, unwaited": 20_000}
MANY = 40_000
BATCH = 1_000
SINGLE = 4_000
WAITING = 16    # in flight when it is measured how long a job waits for its start
MOST_A_SECOND = 500    # of what is enqueued then: a figure for a queue at half load, not for a producer at its limit
SERVER_SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Server:
    def __init__(self):
        self.made = set()

    def run(self, program, *arguments, text=None):
        command = [f"{options.bin}/{program}", "-h", options.socket, "-U", "postgres", *map(str, arguments)]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, input=text).stdout

    def value(self, query, database="postgres"):
        return self.run("psql", "-XAtc", query, database).strip()

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={options.socket}"

    def fresh(self, name):
        """A database for one measurement of that queue."""
        waits = name not in UNWAITED
        name = UNWAITED.get(name, name)
        template = f"template_{name.replace('-', '_')}"
        if name not in self.made:
            self.run("createdb", template)
            if name == "pgbench":
                self.run("psql", "-Xqf", HERE / "pgbench-table.sql", template)
            elif name in PEERS:
                program(name, "install", template)
            else:
                # Ours makes its tables whatever it does.
                program(OURS, "enqueue", template, clients=1, batch=1, jobs=1)
                self.run("psql", "-Xqc", "TRUNCATE jobs", template)
            self.made.add(name)
        self.run("dropdb", "--if-exists", "--force", "measured")
        self.run("createdb", "-T", template, "measured")
        if not waits:
            self.run("psql", "-Xqc", "ALTER DATABASE measured SET synchronous_commit = off")
        self.run("psql", "-Xqc", "CHECKPOINT")
        return "measured"


def program(name, mode, database, **settings):
    """Runs a queue's own program, which prints a line of JSON."""
    name = UNWAITED.get(name, name)
    command = ([options.vidsift] if name == OURS else [sys.executable, "-B", HERE / "peer.py", name])
    command += ["--database", server.url(database), "--mode", mode]
    for key, value in settings.items():
        command += ["--" + key.replace("_", "-"), value]
    answer = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, timeout=600)
    if answer.returncode:
        raise SystemExit(f"{name} failed: {' '.join(map(str, command))}")
    return json.loads(answer.stdout)


def complete(contender, in_flight):
    jobs = JOBS.get(contender, MANY) // (2 if options.quick else 1)
    if contender == "awa-pg" and in_flight < WAITING:
        jobs = BATCH    # else that one line takes longer than all the others
    if contender in yardsticks:
        name, _, clients = contender.rpartition(" × ")
        return yardstick(name, in_flight, jobs, int(clients))
    return program(contender, "complete", server.fresh(contender), in_flight=in_flight, jobs=jobs)


def yardstick(name, n, jobs, clients):
    files, schema = YARDSTICKS[name]
    database = server.fresh(name)
    calls = jobs // n // clients
    jobs = calls * n * clients
    server.run("psql", "-Xq", "-v", f"jobs={jobs}", "-f", HERE / f"{files}-fill.sql", database)
    text = server.run("pgbench", "-n", "-M", "prepared", "-f", HERE / f"{files}-complete.sql", "-D", f"n={n}", "-c",
                      clients, "-j", clients, "-t", calls, database)
    archived, left = server.value(f"SELECT (SELECT count(*) FROM {schema}job_archive), count(*) FROM {schema}jobs",
                                  database).split("|")
    # Two clients may skip one another's last rows; nothing may get lost.
    if int(archived) + int(left) != jobs or int(left) > n * clients:
        raise SystemExit(f"pgbench: of {jobs} jobs {archived} are archived, {left} are left")
    rate = float(re.search(r"tps = ([\d.]+) \(without", text)[1]) * n
    return {"jobs": jobs, "seconds": jobs / rate, "jobsPerSecond": rate}


def enqueue(contender, way):
    clients, batch = {"single": (1, 1), "single, 4 clients": (4, 1), f"{BATCH} a call": (1, BATCH)}[way]
    jobs = (MANY if batch > 1 else SINGLE) // (2 if options.quick else 1)
    return program(contender, "enqueue", server.fresh(contender), clients=clients, batch=batch, jobs=jobs)


def latency(contender):
    """At half of the rate measured before."""
    half = statistics.median(found["complete", WAITING, contender]) / 2
    rate = max(1, int(min(half, MOST_A_SECOND)))
    return program(contender, "latency", server.fresh(contender), in_flight=WAITING, rate=rate,
                   jobs=rate * (4 if options.quick else 15))


def measure(what, detail, contender, figures):
    line = {"round": turn, "what": what, "detail": detail, "contender": contender, "load": os.getloadavg()[0],
            **figures}
    output.write(json.dumps(line) + "\n")
    output.flush()
    short = ", ".join(f"{key} {value:,.1f}" for key, value in figures.items() if key not in ("jobs", "inFlight"))
    print(f"{turn}  {what} {detail}  {contender}: {short}", flush=True)
    found["load", contender].append(os.getloadavg()[0])
    if what == "latency":
        for key in WAITED:
            found[what, key, contender].append(figures.get(key, figures.get("rate")))
    else:
        found[what, detail, contender].append(figures["jobsPerSecond"])


def a_round():
    for in_flight in options.in_flight:
        for contender in (*contenders, *unwaited, *yardsticks):
            measure("complete", in_flight, contender, complete(contender, in_flight))
    queues = [one for one in contenders if one != "pgqueuer-unbounded"]    # it differs in its worker only
    for way in WAYS:
        for contender in queues:
            measure("enqueue", way, contender, enqueue(contender, way))
    if WAITING in options.in_flight:
        for contender in contenders:
            measure("latency", WAITING, contender, latency(contender))


def report():
    print(f"\nmedians of {options.rounds} rounds; load average {statistics.median(sum(loads(), [])):.1f}"
          f" on {os.cpu_count()} cores")
    table("jobs claimed and completed a second, in flight", "complete", options.in_flight,
          (*contenders, *unwaited, *yardsticks))
    table("jobs enqueued a second", "enqueue", WAYS, [one for one in contenders if one != "pgqueuer-unbounded"])
    table("from enqueue to start in ms at half load, 16 in flight", "latency",
          WAITED, contenders, digits=1)
    if OURS in contenders:
        ratios()


def table(title, what, details, names, digits=0):
    print(f"\n{title}")
    print(f"{'':25}" + "".join(f"{detail!s:>19}" for detail in details))
    for name in names:
        print(f"{name:25}" + "".join(f"{median(what, detail, name):>19,.{digits}f}" for detail in details))


def ratios():
    print("\nVidSift's rate, of the fastest peer's (aim: > 1) and of pgbench's (aim: ≥ 0.6), at 16 and more in flight")
    print("VidSift's claims don't wait for the disk, its ends do; so in pgbench on our tables. All others always wait.")
    for in_flight in options.in_flight:
        ours = median("complete", in_flight, OURS)
        peer = max(PEERS, key=lambda name: median("complete", in_flight, name))
        best = max(yardsticks, key=lambda name: median("complete", in_flight, name))
        to_peer, to_best = (ours / median("complete", in_flight, name) for name in (peer, best))
        met = in_flight < 16 or (to_peer > 1 and to_best >= 0.6)
        print(f"{in_flight:>4} in flight: {to_peer:.2f} ({peer}), {to_best:.2f} ({best})  {'' if met else 'NOT MET'}")


def median(what, detail, name):
    return statistics.median(found[what, detail, name] or [float("nan")])


def loads():
    return [values for key, values in found.items() if key[0] == "load"]


def check_settings():
    print(server.value("SELECT split_part(version(), ' on ', 1)") + f", unix socket, {os.cpu_count()} cores")
    for name, wanted in SERVER_SETTINGS.items():
        value = server.value(f"SHOW {name}")
        print(f"{name} = {value}")
        if value != wanted:
            raise SystemExit(f"{name} must be {wanted}")
    print(f"autovacuum = {server.value('SHOW autovacuum')}, shared_buffers = {server.value('SHOW shared_buffers')}",
          flush=True)


WAITED = ("p50Milliseconds", "p99Milliseconds", "jobsPerSecond")
WAYS = ("single", "single, 4 clients", f"{BATCH} a call")

parser = argparse.ArgumentParser()
for name in ("--bin", "--socket"):
    parser.add_argument(name, required=True)
parser.add_argument("--vidsift", default="", help="VidSift's own queue-benchmark, empty while there is none")
parser.add_argument("--output", default="/dev/null", help="a file for a line of JSON for each measurement")
parser.add_argument("--rounds", type=int)
parser.add_argument("--quick", action="store_true", help="half of the jobs, and two rounds")
parser.add_argument("--in-flight", type=int, nargs="+", default=[4, 16, 64, 128])
options = parser.parse_args()
options.rounds = options.rounds or (2 if options.quick else 5)
server, found = Server(), collections.defaultdict(list)
contenders = ((OURS,) if options.vidsift else ()) + PEERS
unwaited = tuple(UNWAITED)
yardsticks = [f"{name} × {clients}" for name in YARDSTICKS if options.vidsift or name == "pgbench"
              for clients in (1, 2)]
check_settings()
with open(options.output, "w") as output:
    for turn in range(1, options.rounds + 1):
        a_round()
report()
