"""PostgreSQL and the instances on it, as processes."""
import json, os, pathlib, re, shlex, subprocess, sys, urllib.parse

from mixed.connection import Connection
from mixed.library import SAID_EVERYWHERE

POSTGRES = pathlib.Path(__file__).resolve().parents[3] / "scripts" / "lib" / "postgres.sh"
CHANNELS = 3


class House:
    """PostgreSQL and the instances on it; ends them by their process ids."""

    def __init__(self, binary, work):
        self.binary = binary
        self.work = work
        self.variables = {}
        self.processes = []
        self.ports = []
        self.channels = []
        self.notes = []
        self.has_postgres = False

    def start(self, instances):
        self.has_postgres = True
        started = subprocess.run([POSTGRES, "start", self.work / "postgres"], stdout=subprocess.PIPE, text=True)
        if started.returncode != 0:
            sys.exit("PostgreSQL did not start")
        for word in shlex.split(started.stdout.replace("export ", "")):
            name, _, value = word.partition("=")
            self.variables[name] = value
        self.environment = os.environ | {"DATABASE_URL": self.variables["VIDSIFT_TEST_POSTGRES"]}
        self.environment.setdefault("LOG_LEVEL", "notice")
        # A channel comes into being with its first file.
        for number in range(1, CHANNELS + 1):
            file = self.work / f"first-{number}.vtt"
            file.write_text(f"WEBVTT\n\n00:00.000 --> 00:04.000\n{SAID_EVERYWHERE[number]}\n")
            self.command("add", "--channel", f"Channel {number}", str(file))
        for number in range(instances):
            self.start_instance(number)
        status, body = Connection(self.ports[0]).ask("GET", "/api/channels")
        self.channels = [channel["id"] for channel in body["channels"]]
        if status != 200 or len(self.channels) != CHANNELS:
            sys.exit(f"expected {CHANNELS} channels: {status} {body}")

    def command(self, *arguments):
        done = subprocess.run(
            [self.binary, *arguments], cwd=self.work, env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"vidsift {arguments[0]} failed ({done.returncode}): {done.stderr[-2000:]}")

    def start_instance(self, number):
        log = self.work / f"instance-{number}.log"
        process = subprocess.Popen([self.binary, "serve", "--port", "0", "--json"], cwd=self.work, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log.open("w"), text=True)
        self.processes.append(process)
        first = process.stdout.readline()
        if not first:
            sys.exit(f"vidsift serve ended: {log.read_text()[-2000:]}")
        self.ports.append(urllib.parse.urlsplit(json.loads(first)["address"]).port)

    def query(self, sql):
        psql = pathlib.Path(self.variables["VIDSIFT_TEST_POSTGRES_BIN"]) / "psql"
        done = subprocess.run(
            [psql, "-X", "-At", "-v", "ON_ERROR_STOP=1", "-d", self.environment["DATABASE_URL"], "-c", sql],
            capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"psql failed: {done.stderr}")
        return done.stdout.split()

    def check_and_end(self, tally):
        for number, process in enumerate(self.processes):
            if process.poll() is not None:
                tally.failed(f"instance {number} ended by itself: {process.returncode}")
                continue
            peak = re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())
            self.notes.append(f"instance {number}: at most {int(peak[1]) // 1024} MB of memory")
            process.terminate()
            try:
                if process.wait(timeout=20) != 0:
                    tally.failed(f"instance {number} ended with {process.returncode} after SIGTERM")
            except subprocess.TimeoutExpired:
                tally.failed(f"instance {number} did not end within 20 s of SIGTERM")
        for number in range(len(self.processes)):
            lines = (self.work / f"instance-{number}.log").read_text().splitlines()
            told = [line for line in lines if re.search(r" (warning|error|critical)\b", line)]
            self.notes.append(f"instance {number}: {len(told)} warnings and errors in its log")
            self.notes += [f"    {line[:400]}" for line in told[:10]]
        for line in (self.work / "postgres" / "log").read_text().splitlines():
            if re.search(r"\b(PANIC|FATAL):|deadlock detected", line):
                self.notes.append(f"PostgreSQL: {line}")

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        if self.has_postgres:
            subprocess.run([POSTGRES, "stop", self.work / "postgres"])
