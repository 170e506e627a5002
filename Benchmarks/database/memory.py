"""How much memory `vidsift serve` takes after it has answered many requests at once. By hand:

    memory.py VIDSIFT TALKS NAME=VALUE…     e.g. DATA_DIR=/tmp/library, or DATABASE_URL=… DATABASE_POOL_SIZE=16
"""
import concurrent.futures, contextlib, json, os, pathlib, re, signal, subprocess, sys, tempfile, time, urllib.parse, urllib.request, uuid

THREADS = 32
REQUESTS = 1_200
SIZES = ("VmRSS", "RssAnon", "PSS")
QUESTIONS = ("Why does rye bread stay low?", "Did resonance bring down the bridge?", "Why is high water later every day?")
READY_SECONDS = 120


def measure(vidsift, talks, variables, crowd=contextlib.nullcontext):
    """Megabytes by name.

    Of the requests, those of the first turn are sent inside `crowd()`, which can hold them up until each has a
    connection of its own.
    """
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "VIDSIFT_EMBEDDING_DIR") if name in os.environ}
    # Elsewhere, so that no .env is read.
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/errors", "w+") as errors:
        server = subprocess.Popen(
            [os.path.abspath(vidsift), "serve", "--port", "0"], cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=errors, text=True, env={**environment, **variables, "LOG_LEVEL": "error"})
        try:
            address = address_of(server)
            load(address, talks)
            with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
                with crowd():
                    first = [pool.submit(ask, address, number) for number in range(THREADS)]
                for one in first:
                    one.result()
                list(pool.map(lambda number: ask(address, number), range(REQUESTS)))
            return sizes(server.pid)
        except BaseException:
            errors.seek(0)
            sys.stderr.write(errors.read())
            raise
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate()


def address_of(server):
    for line in server.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise SystemExit("vidsift serve ended before it served")


def load(address, talks):
    for path in sorted(pathlib.Path(talks).glob("*.vtt")):
        boundary = uuid.uuid4().hex
        body = (f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'.encode()
                + path.read_bytes() + f"\r\n--{boundary}--\r\n".encode())
        call(f"{address}/api/videos/upload", body, f"multipart/form-data; boundary={boundary}")
    deadline = time.monotonic() + READY_SECONDS
    while any(state != "ready" for state in states(address)):
        if time.monotonic() > deadline:
            raise SystemExit("the uploads were not indexed in time")
        time.sleep(0.1)


def states(address):
    return [video["state"] for video in json.loads(call(f"{address}/api/videos"))["videos"]]


def ask(address, number):
    """Requests that only read, and as many that write: a conversation is begun, a question is recorded."""
    question = QUESTIONS[number % len(QUESTIONS)]
    match number % 4:
        case 0: call(f"{address}/api/search?" + urllib.parse.urlencode({"q": question}))
        case 1: call(f"{address}/api/chat/sessions", b"{}")
        case 2: call(f"{address}/api/videos")
        case 3: call(f"{address}/api/chat", json.dumps({"messages": [{"role": "user", "content": question}]}).encode())


def call(url, body=None, kind="application/json"):
    request = urllib.request.Request(url, body, {"Content-Type": kind} if body is not None else {})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


def sizes(process):
    lines = pathlib.Path(f"/proc/{process}/status").read_text() + pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
    kilobytes = {name: int(value) for name, value in re.findall(r"^(\w+):\s+(\d+) kB", lines, re.MULTILINE)}
    return {"VmRSS": kilobytes["VmRSS"] / 1024, "RssAnon": kilobytes["RssAnon"] / 1024, "PSS": kilobytes["Pss"] / 1024}


if __name__ == "__main__":
    program, folder, *settings = sys.argv[1:]
    print(measure(program, folder, dict(setting.split("=", 1) for setting in settings)))
