"""What the crash proofs share: places, and processes of crash-subject of which every line has its time."""
import atexit, os, pathlib, shutil, signal, subprocess, sys, tempfile, threading, time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def add_options(parser):
    parser.add_argument("--engine", choices=["sqlite", "postgres"], required=True)
    parser.add_argument("--binary", default=str(ROOT / ".build/debug/crash-subject"))
    parser.add_argument("--seed", type=int, default=1)


class Places:
    """Makes places on an engine; a server of their own is started for them, and ends with this program."""

    made = []

    def __init__(self, engine, binary):
        self.engine, self.binary, self.count = engine, binary, 0
        self.lock = threading.Lock()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vidsift-crash.", dir="/tmp"))
        self.folder.chmod(0o711)
        atexit.register(self.close)
        Places.made.append(self)
        if engine == "postgres":
            postgres = [str(ROOT / "scripts/lib/postgres.sh"), "start", str(self.folder / "pg")]
            exports = subprocess.run(postgres, check=True, stdout=subprocess.PIPE, text=True).stdout
            self.programs = next(l for l in exports.splitlines() if "_BIN=" in l).split("=", 1)[1]
            self.socket = str(self.folder / "pg" / "run")
            self.prepare(self.url("postgres"))

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.socket}"

    def prepare(self, place):
        subprocess.run([self.binary, "prepare", "--place", place], check=True)

    def make(self):
        """A new place with its tables."""
        with self.lock:
            self.count += 1
            name = f"crash_{self.count}"
            if self.engine == "postgres":
                subprocess.run(
                    [f"{self.programs}/createdb", "-h", self.socket, "-U", "postgres", "-T", "postgres", name],
                    check=True)
                return self.url(name)
        folder = self.folder / name
        folder.mkdir()
        self.prepare(str(folder))
        return str(folder)

    def remove(self, place):
        if self.engine == "postgres":
            name = place.split("?")[0].rsplit("/", 1)[1]
            subprocess.run(
                [f"{self.programs}/dropdb", "-f", "-h", self.socket, "-U", "postgres", name], check=True)
        else:
            shutil.rmtree(place)

    def close(self):
        if self.engine == "postgres":
            subprocess.run([str(ROOT / "scripts/lib/postgres.sh"), "stop", str(self.folder / "pg")], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Subject:
    """A running crash-subject. It ends with this program, whatever ends that."""

    def __init__(self, binary, place, *options):
        self.lines = []
        self.changed = threading.Condition()
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", binary, "work", "--place", place, *map(str, options)],
            stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            with self.changed:
                self.lines.append((time.monotonic(), line.split()))
                self.changed.notify_all()

    def wait_for(self, word, timeout=60):
        """The time and the words of the first such line; None when there is none in time."""
        end = time.monotonic() + timeout
        with self.changed:
            while True:
                found = next((line for line in self.lines if line[1][0] == word), None)
                left = end - time.monotonic()
                if found or left <= 0:
                    return found
                self.changed.wait(left)

    def said(self, word):
        with self.changed:
            return [words[1:] for _, words in self.lines if words[0] == word]

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        return self.end()

    def end(self, timeout=120):
        """The exit status, once all it has said was read."""
        status = self.process.wait(timeout)
        self.reader.join(timeout)
        self.ended = time.monotonic()
        return status


def check(binary, place, accepted):
    """Has the place compared with the ledger; ends this program where they differ."""
    done = subprocess.run(
        [binary, "check", "--place", place], input="\n".join(sorted(accepted)) + "\n" if accepted else "",
        capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"FAILED at {place}:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    words = next(l for l in done.stdout.splitlines() if l.startswith("figures ")).split()[1:]
    return {name: int(value) for name, value in (word.split("=") for word in words)}


def expect(what, holds):
    if not holds:
        print(f"FAILED: {what}", flush=True)
        for places in Places.made:
            places.close()
        # Whichever thread finds it: nothing else goes on.
        os._exit(1)
