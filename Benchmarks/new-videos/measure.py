"""One look at each of many followed channels by `vidsift serve`: requests, their spread, and memory. By run:

    measure.py VIDSIFT [--channels N] [--seconds N] [--new N]

Each channel has a feed of 15 videos that the library knows. The round is begun by the route that starts tasks of the
clock; when its looks are written down over the six hours they are drawn together to --seconds.
"""
import argparse, collections, http.server, json, os, pathlib, re, signal, sqlite3, subprocess, sys, tempfile, threading
import time, urllib.parse, urllib.request, uuid

ENTRIES = 15
PARTS = 10
PERIOD = 6 * 3600
LIMIT_MB = 100
SETTLING = 5  # seconds that a server is left alone before its memory is looked at
PATIENCE = 120  # seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--channels", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=150, help="what the round's six hours are drawn together to")
    parser.add_argument("--new", type=int, default=0, help="channels whose feed has a video that is not known")
    options = parser.parse_args()
    # Elsewhere, so that no .env is read.
    with tempfile.TemporaryDirectory(prefix="vidsift-new-videos-") as folder:
        feeds = Feeds(options.channels, options.new)
        library = Library(pathlib.Path(folder), os.path.abspath(options.program), feeds)
        library.fill()
        server = Server(library, feeds)
        try:
            measure(options, feeds, library, server)
        except BaseException:
            sys.stderr.write(library.errors())
            raise
        finally:
            server.end()


def measure(options, feeds, library, server):
    time.sleep(SETTLING)
    before = server.memory("VmRSS")
    server.forget_peak()
    server.call("/api/monitor/trigger-cron", {"job": "new-videos"})
    wait(lambda: library.looks() == options.channels, "all looks are written down")
    planned = library.spread()
    start = library.draw_together(options.seconds)
    wait(lambda: library.looks() == 0, "all looks are done", options.seconds + PATIENCE)
    peak = server.memory("VmHWM")
    made = feeds.times(start)
    print(f"{options.channels} channels of {ENTRIES} videos, six hours drawn together to {options.seconds:.0f} s")
    print(f"requests    {len(made)}, of {len(set(feeds.asked))} channels")
    print(f"planned     {parts(planned, PERIOD)}  looks in each tenth of the six hours")
    print(f"made        {parts(made, options.seconds)}  requests in each tenth of the time")
    print(f"memory      {before:.1f} MB before the round, {peak:.1f} MB at its peak, "
          f"{server.memory('VmRSS'):.1f} MB after it")
    if len(made) > options.channels + options.new:
        sys.exit(f"FAILED: more than {options.channels} requests")
    if peak > LIMIT_MB:
        sys.exit(f"FAILED: more than {LIMIT_MB} MB")


def parts(times, whole):
    """How many fall into each tenth; what comes later counts to the last."""
    counts = collections.Counter(min(PARTS - 1, max(0, int(time * PARTS / whole))) for time in times)
    return " ".join(f"{counts[part]:4}" for part in range(PARTS))


def wait(holds, what, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(f"FAILED: not within {seconds:.0f} s: {what}")
        time.sleep(0.2)


class Feeds:
    """The channels, and the server of their feeds."""

    def __init__(self, channels, new):
        self.channels = [f"UC{number:020d}AA" for number in range(channels)]
        self.new = set(self.channels[:new])
        self.asked, self.moments = [], []
        feeds = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                channel = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["channel_id"][0]
                feeds.asked.append(channel)
                feeds.moments.append(time.time())
                body = feeds.document(channel).encode()
                self.send_response(200)
                self.send_header("content-type", "text/xml; charset=UTF-8")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/feeds/videos.xml"

    def videos(self, channel):
        """Well-formed ids: eleven letters, the last of which has bits that are zero."""
        number = int(channel[2:22])
        return [f"{number:07d}x{entry:02d}A" for entry in range(ENTRIES)]

    def document(self, channel):
        videos = self.videos(channel)
        if channel in self.new:
            videos = ["n" + videos[0][1:]] + videos[1:]
        entries = "\n".join(
            f"<entry><id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{channel}</yt:channelId>"
            f"<title>A talk about {id}</title><link rel=\"alternate\" href=\"https://www.youtube.com/watch?v={id}\"/>"
            f"<published>2026-01-22T15:01:42+00:00</published><updated>2026-01-22T15:01:42+00:00</updated>"
            f"<media:group><media:title>A talk about {id}</media:title><media:description>{'What is said. ' * 60}"
            f"</media:description></media:group></entry>" for id in videos)
        return (f'<?xml version="1.0" encoding="UTF-8"?><feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" '
                f'xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom">'
                f"<id>yt:channel:{channel[2:]}</id><yt:channelId>{channel[2:]}</yt:channelId>"
                f"<title>{channel}</title>{entries}</feed>")

    def times(self, start):
        return [moment - start for moment in self.moments]


class Library:
    """An SQLite library whose channels somebody follows."""

    def __init__(self, folder, program, feeds):
        self.folder, self.program, self.feeds = folder, program, feeds
        self.environment = {name: os.environ[name] for name in ("PATH", "HOME", "VIDSIFT_EMBEDDING_DIR")
                            if name in os.environ} | {
            "DATA_DIR": str(folder / "data"), "YOUTUBE_FEED_URL": feeds.address, "YTDLP_PATH": "/bin/false",
            "YOUTUBE_REQUESTS_PER_HOUR": "1000000", "YOUTUBE_SPACING_MS": "0"}

    def database(self):
        return sqlite3.connect(self.folder / "data/vidsift.sqlite", timeout=30, isolation_level=None)

    def fill(self):
        subprocess.run([self.program, "list"], check=True, cwd=self.folder, env=self.environment,
                       stdout=subprocess.DEVNULL)
        now = microseconds()
        with self.database() as database:
            database.execute("BEGIN")
            for name in self.feeds.channels:
                channel = new_id()
                database.execute("INSERT INTO channels (id, youtube_id, title, created_at) VALUES (?, ?, ?, ?)",
                                 (channel, name, name, now))
                database.execute("INSERT INTO channel_listings (channel_id, state, listed, listed_at, created_at, "
                                 "updated_at) VALUES (?, 'ready', ?, ?, ?, ?)", (channel, ENTRIES, now, now, now))
                database.execute("INSERT INTO channel_followers (channel_id, owner, since) VALUES (?, 'local', ?)",
                                 (channel, now))
                for name in self.feeds.videos(name):
                    video = new_id()
                    database.execute(
                        "INSERT INTO videos (id, youtube_id, channel_id, source_key, source_id, title, state, "
                        "created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'A talk', 'failed', ?, ?)",
                        (video, name, channel, name, name, now, now))
                    database.execute("INSERT INTO video_fetches (video_id, outcome, tries, tried_at, updated_at) VALUES "
                                     "(?, 'no_captions', 1, ?, ?)", (video, now, now))
            database.execute("COMMIT")

    def rows(self, query, *values):
        with self.database() as database:
            return database.execute(query, values).fetchall()

    def looks(self):
        return self.rows("SELECT count(*) FROM jobs WHERE kind = 'check_channel'")[0][0]

    def spread(self):
        """Seconds from now to each look."""
        now = microseconds()
        return [(time - now) / 1e6 for time, in self.rows("SELECT run_at FROM jobs WHERE kind = 'check_channel'")]

    def draw_together(self, seconds):
        """- Returns: the moment from which on the looks are due."""
        now = microseconds()
        self.rows("UPDATE jobs SET run_at = ? + (run_at - ?) * ? / ? WHERE kind = 'check_channel' AND "
                  "state = 'scheduled'", now, now, int(seconds), PERIOD)
        return now / 1e6

    def errors(self):
        return (self.folder / "errors").read_text(errors="replace")


class Server:
    def __init__(self, library, feeds):
        self.process = subprocess.Popen(
            [library.program, "serve", "--port", "0"], cwd=library.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=open(library.folder / "errors", "w"), text=True,
            env=library.environment | {"LOG_LEVEL": "warning"})
        for line in self.process.stdout:
            if found := re.search(r"http://[^\s/]+", line):
                self.address = found[0]
                break
        else:
            sys.exit("vidsift serve ended before it served:\n" + library.errors())

    def call(self, path, body):
        request = urllib.request.Request(
            self.address + path, data=json.dumps(body).encode(), headers={"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def memory(self, name):
        """Megabytes (10^6 bytes)."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) * 1024 / 1e6

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()


def microseconds():
    return int(time.time() * 1e6)


def new_id():
    return str(uuid.UUID(int=(int(time.time() * 1000) << 80) | 0x7 << 76 | 0b10 << 62
                         | int.from_bytes(os.urandom(7), "big")))


if __name__ == "__main__":
    main()
