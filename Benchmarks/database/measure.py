"""Alternates our measurements with those of their peers, round by round, and prints the medians beside the aims.

`run` calls it: it needs a server with a database `pgbench` (pgbench -i -s 10), and the release build.
"""
import argparse, contextlib, json, os, re, statistics, subprocess, tempfile, time
import memory

ACCOUNTS = 1_000_000    # pgbench -i -s 10
TALKS = "demo/talks"
CLIENTS = (1, 4, 16)
TOGETHER = (1, 16, 64)
COPY_ROWS = 20_000
ROWS_PER_VIDEO = 50
CONNECTIONS = 16
MEMORY_ROUNDS = 3    # they differ little


class Machine:
    def __init__(self, options):
        self.bin, self.socket, self.folder = options.bin, options.socket, options.folder
        self.benchmark = f"{options.release}/database-benchmark"
        self.vidsift = f"{options.release}/vidsift"
        self.rounds, self.seconds = options.rounds, options.seconds

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def postgres(self, program, *arguments):
        command = [f"{self.bin}/{program}", "-h", self.socket, "-U", "postgres", *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def ours(self, *arguments):
        answer = subprocess.run([self.benchmark, *map(str, arguments)], check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(answer.stdout)

    def pgbench(self, clients, together):
        """Its rate of queries, and its own processor time for each in microseconds."""
        what = ["-S"] if together == 1 else ["-f", self.pipeline(together)]
        threads = min(clients, os.cpu_count())
        before = os.times()
        text = self.postgres("pgbench", *what, "-M", "prepared", "-n", "-c", clients, "-j", threads, "-T", self.seconds,
                             "pgbench")
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        count = int(re.search(r"transactions actually processed: (\d+)", text)[1]) * together
        return float(re.search(r"tps = ([\d.]+) \(without", text)[1]) * together, cpu / count * 1e6

    def pipeline(self, together):
        """A script of pgbench that sends so many of the queries of `-S` together."""
        path = f"{self.folder}/pipeline-{together}.sql"
        query = f"\\set aid random(1, {ACCOUNTS})\nSELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n"
        with open(path, "w") as script:
            script.write("\\startpipeline\n" + query * together + "\\endpipeline\n")
        return path


class Report:
    def __init__(self):
        self.lines = []

    def add(self, figure, value, unit, aim, digits=0):
        """An aim is `(">=" or "<=", number)`, or None for a figure that is there to compare with."""
        met = "" if aim is None else "yes" if (value >= aim[1] if aim[0] == ">=" else value <= aim[1]) else "NO"
        wanted = "" if aim is None else f"{'≥' if aim[0] == '>=' else '≤'} {aim[1]:,g}"
        self.lines.append((figure, f"{value:,.{digits}f} {unit}".strip(), wanted, met))

    def print(self):
        lines = [("figure", "median", "aim", "met"), *self.lines]
        widths = [max(len(line[place]) for line in lines) for place in range(4)]
        print()
        for figure, value, aim, met in lines:
            print(f"{figure:<{widths[0]}}  {value:>{widths[1]}}  {aim:>{widths[2]}}  {met}".rstrip())


def medians(rounds):
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def points(machine, report):
    print(f"\npoint queries, {machine.seconds} s each, {machine.rounds} rounds in turn with pgbench -M prepared, which sends"
          " those of a pipeline together, too")
    print("clients  together  pgbench/s  its CPU µs   ours/s  CPU µs  ratio  × single")
    rounds = {clients: [] for clients in CLIENTS}
    for _ in range(machine.rounds):
        for clients in CLIENTS:
            rounds[clients].append(point_round(machine, clients))
    for clients in CLIENTS:
        found = medians(rounds[clients])
        for n in TOGETHER:
            print(f"{clients:7}  {n:8}  {found['pgbench', n]:9,.0f}  {found['its CPU', n]:10.1f}  {found['ours', n]:7,.0f}"
                  f"  {found['CPU', n]:6.1f}  {found['ratio', n]:5.2f}  {found['single', n]:8.2f}")
    for clients in CLIENTS:
        found = medians(rounds[clients])
        report.add(f"point queries, {clients} clients, of pgbench's rate", found["ratio", 1] * 100, "%",
                   (">=", 40) if clients == CLIENTS[-1] else None)
        report.add(f"point queries, {clients} clients, client CPU", found["CPU", 1], "µs", ("<=", 60), 1)
        for n in TOGETHER[1:]:
            report.add(f"pipeline of {n}, {clients} clients, × single", found["single", n], "", (">=", 3), 2)


def point_round(machine, clients):
    found = {}
    for n in TOGETHER:
        found["pgbench", n], found["its CPU", n] = machine.pgbench(clients, n)
        ours = machine.ours("points", machine.url("pgbench"), clients, n, machine.seconds)
        found["ours", n], found["CPU", n] = ours["queriesPerSecond"], ours["cpuMicrosecondsPerQuery"]
        found["ratio", n] = found["ours", n] / found["pgbench", n]
        found["single", n] = found["ours", n] / found["ours", 1]
    return found


def copy(machine, report):
    machine.postgres("createdb", "copies")
    places = {"PostgreSQL": machine.url("copies"), "SQLite": f"{machine.folder}/copies"}
    shapes = {"all at once": COPY_ROWS, f"{ROWS_PER_VIDEO} a transaction": ROWS_PER_VIDEO}
    found = {(engine, shape): [] for engine in places for shape in shapes}
    for _ in range(machine.rounds):
        for (engine, shape), rates in found.items():
            rates.append(machine.ours("copy", places[engine], TALKS, COPY_ROWS, shapes[shape])["rowsPerSecond"])
    for (engine, shape), rates in found.items():
        aim = (">=", 20_000) if (engine, shape) == ("PostgreSQL", "all at once") else None
        report.add(f"passages inserted, {shape}, {engine}", statistics.median(rates), "rows/s", aim)


def segments(machine, report):
    machine.postgres("createdb", "segments")
    places = {"PostgreSQL": machine.url("segments"), "SQLite": f"{machine.folder}/segments"}
    print("\nfilling the channel on both engines (HNSW and words are indexed on PostgreSQL, which takes a while)", flush=True)
    for place in places.values():
        filled = machine.ours("fill", place, TALKS)
    machine.postgres("psql", "-qc", "VACUUM ANALYZE", "segments")
    found = {engine: [] for engine in places}
    for _ in range(machine.rounds):
        for engine, place in places.items():
            found[engine].append(machine.ours("segments", place))
    print(f"{filled['passages']:,} passages, {filled['vectors']:,} vectors:")
    for engine, rounds in found.items():
        figures = medians(rounds)
        print(f"{engine:10}  {figures['megabytes']:.1f} MB, first question {figures['coldMilliseconds']:.0f} ms,"
              f" again {figures['warmMilliseconds']:.1f} ms")
        report.add(f"segments into a cold cache and searched, {engine}", figures["coldMilliseconds"], "ms",
                   ("<=", 250) if engine == "PostgreSQL" else None)


def serving(machine, report):
    found = []
    for number in range(min(machine.rounds, MEMORY_ROUNDS)):
        crowd = Crowd(machine, f"serving_{number}")
        with tempfile.TemporaryDirectory(dir=machine.folder) as folder:
            on_files = memory.measure(machine.vidsift, TALKS, {"DATA_DIR": folder})
        on_server = memory.measure(
            machine.vidsift, TALKS,
            {"DATABASE_URL": machine.url(crowd.database), "DATABASE_POOL_SIZE": str(CONNECTIONS)}, crowd.held_up)
        found.append({f"{engine} {name}": value for engine, figures in (("SQLite", on_files), ("PostgreSQL", on_server))
                      for name, value in figures.items()})
    figures = medians(found)
    print(f"\nvidsift serve after {memory.REQUESTS} requests, {memory.THREADS} at a time, with {CONNECTIONS} connections"
          " to PostgreSQL and one that listens")
    for engine in ("SQLite", "PostgreSQL"):
        print(f"{engine:10}  " + ", ".join(f"{name} {figures[f'{engine} {name}']:.1f} MB" for name in memory.SIZES))
    for name in memory.SIZES:
        more = statistics.median(one[f"PostgreSQL {name}"] - one[f"SQLite {name}"] for one in found)
        report.add(f"PostgreSQL with {CONNECTIONS} connections, {name} beyond SQLite", more, "MB",
                   ("<=", 25) if name == "VmRSS" else None, 1)


class Crowd:
    """Holds up all who read videos or begin a conversation until every connection of the pool is in use."""

    def __init__(self, machine, database):
        self.machine, self.database = machine, database
        machine.postgres("createdb", database)

    @contextlib.contextmanager
    def held_up(self):
        holder = subprocess.Popen([f"{self.machine.bin}/psql", "-q", "-h", self.machine.socket, "-U", "postgres",
                                   self.database], stdin=subprocess.PIPE, text=True)
        holder.stdin.write("BEGIN; LOCK TABLE videos, chat_sessions IN ACCESS EXCLUSIVE MODE;\n")
        holder.stdin.flush()
        self.wait_for("granted AND relation = 'chat_sessions'::regclass", 1)
        yield
        self.wait_for("NOT granted", CONNECTIONS)
        holder.communicate("COMMIT;\n")

    def wait_for(self, condition, count):
        query = f"SELECT count(DISTINCT pid) FROM pg_locks WHERE {condition} AND relation > 16384"
        deadline = time.monotonic() + 30
        while int(self.machine.postgres("psql", "-Atc", query, self.database)) < count:
            if time.monotonic() > deadline:
                raise SystemExit(f"the pool did not open {CONNECTIONS} connections")
            time.sleep(0.05)


PARTS = {"points": points, "copy": copy, "segments": segments, "memory": serving}

parser = argparse.ArgumentParser()
for name in ("--bin", "--socket", "--folder", "--release"):
    parser.add_argument(name, required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=int, default=2)
parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
options = parser.parse_args()
if unknown := set(options.parts) - set(PARTS):
    parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
machine, report = Machine(options), Report()
print(machine.postgres("psql", "-Atc", "SELECT split_part(version(), ' on ', 1)", "postgres").strip()
      + f", unix socket, {os.cpu_count()} cores")
for part in options.parts or PARTS:
    PARTS[part](machine, report)
report.print()
