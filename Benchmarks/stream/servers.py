"""The processes that a measurement needs, each on a free port of loopback and ended with it."""
import contextlib, json, os, pathlib, re, shutil, signal, socket, subprocess, threading, time, urllib.request

HERE = pathlib.Path(__file__).parent
START_SECONDS = 120
END_SECONDS = 30
SAMPLE_SECONDS = 0.05
# What the programs of stream-benchmark say.
LISTENING = r"listening on (\d+)"


class Server:
    """A process that serves until `stop`."""

    def __init__(self, name, command, folder, core=None, variables=None):
        self.name, self.log = name, pathlib.Path(folder, f"{name}.log")
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "VIDSIFT_EMBEDDING_DIR") if key in os.environ}
        pin = [] if core is None else ["taskset", "-c", str(core)]
        with open(self.log, "w") as log:
            # In a folder of its own, so that no .env is read.
            self.process = subprocess.Popen(
                [*pin, *map(str, command)], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                text=True, env={**kept, **(variables or {})})

    def wait_for(self, pattern):
        """The first match among what it prints; what follows is thrown away."""
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return found
        self.fail("ended before it served")

    def wait_for_page(self, url):
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError):
                return get(url)
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.fail("does not serve")
            time.sleep(0.1)

    def fail(self, what):
        self.stop()
        raise SystemExit(f"{self.name} {what}:\n{self.log.read_text()[-2_000:]}")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()

    def kilobytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Upstream(Server):
    def __init__(self, program, folder, core=None):
        super().__init__("upstream", [program, "upstream", "--port", 0, "--tokens", 1, "--interval-ms", 0],
                         folder, core)
        self.port = int(self.wait_for(LISTENING)[1])
        self.address = f"http://127.0.0.1:{self.port}"

    def says(self, tokens, interval, citing="in-its-words"):
        post(f"{self.address}/script?tokens={tokens}&interval-ms={interval}&citing={citing}")

    def counts(self):
        return json.loads(get(f"{self.address}/counts"))


class Relay(Server):
    def __init__(self, program, upstream, folder, core=None):
        super().__init__("relay", [program, "relay", "--port", 0, "--upstream", upstream.address], folder, core)
        self.address = f"http://127.0.0.1:{self.wait_for(LISTENING)[1]}"


class Nginx(Server):
    def __init__(self, program, upstream, folder):
        folder = pathlib.Path(folder, "nginx")
        folder.mkdir()
        port = free_port()
        text = (HERE / "nginx.conf").read_text().replace("LISTEN", str(port)).replace("UPSTREAM", str(upstream.port))
        (folder / "nginx.conf").write_text(text.replace("FOLDER", str(folder)))
        super().__init__("nginx", [program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "start.log"],
                         folder)
        self.address = f"http://127.0.0.1:{port}"
        self.wait_for_page(f"{self.address}/v1/models")


class LiteLLM(Server):
    def __init__(self, program, upstream, folder):
        folder = pathlib.Path(folder, "litellm")
        folder.mkdir()
        port = free_port()
        # JSON is YAML.
        (folder / "config.yaml").write_text(json.dumps({"model_list": [{
            "model_name": "scripted",
            "litellm_params": {"model": "openai/scripted", "api_base": f"{upstream.address}/v1", "api_key": "none"},
        }]}))
        super().__init__(
            "LiteLLM", [program, "--config", folder / "config.yaml", "--host", "127.0.0.1", "--port", port,
                        "--num_workers", 1, "--telemetry", "False"], folder,
            variables={"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION", "LITELLM_LOG": "ERROR",
                       "NO_PROXY": "127.0.0.1", "HOME": str(folder)})
        self.address = f"http://127.0.0.1:{port}"
        self.wait_for_page(f"{self.address}/health/liveliness")


class VidSift(Server):
    """`vidsift serve` on a library: a copy of a folder, or a database of PostgreSQL."""

    def __init__(self, name, program, upstream, library, folder, core=None):
        place = {"DATABASE_URL": library} if "://" in str(library) else {"DATA_DIR": str(library)}
        super().__init__(
            name, [program, "serve", "--port", 0], folder, core,
            {**place, "OPENAI_BASE_URL": f"{upstream.address}/v1", "CHAT_MODEL": "scripted", "LOG_LEVEL": "warning"})
        self.address = self.wait_for(r"(http://[\d.:]+)")[1]
        self.channel = json.loads(get(f"{self.address}/api/channels"))["channels"][0]["id"]


class MemoryWatch:
    """The most memory that a process had while it was watched."""

    def __init__(self, server):
        self.server, self.before, self.peak, self.ended = server, server.kilobytes(), 0, threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.ended.wait(SAMPLE_SECONDS):
            self.peak = max(self.peak, self.server.kilobytes())

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def copied(library, folder):
    place = pathlib.Path(folder, f"library-{time.monotonic_ns()}")
    shutil.copytree(library, place)
    return place


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def post(url):
    with urllib.request.urlopen(urllib.request.Request(url, b"", method="POST"), timeout=30) as answer:
        return answer.read()
