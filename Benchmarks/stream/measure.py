"""Measures what VidSift adds to a language model's stream, beside nginx, LiteLLM's proxy and a bare relay on VidSift's own
HTTP server and client, in the same run.

`run` calls it: it needs the release build, a library, and the peers. The model is a script on loopback that stamps each
token with the time of its sending; the client that reads the stamps has the same clock.
"""
import argparse, collections, contextlib, json, os, pathlib, signal, subprocess, sys, time
from report import Report, asked, median, mode_of_nagle, spread, total
from servers import LiteLLM, MemoryWatch, Nginx, Relay, Upstream, VidSift, copied

DIRECT, NGINX, LITELLM, RELAY = "direct", "nginx", "LiteLLM proxy", "bare relay"
WARM_UP = 20
FIRST_TOKENS = 16
PASSED_TOKENS, PASSED_INTERVAL = 64, 20
# Streams at a time when the delay of tokens is measured, and how each sixteenth token cites. What differs for VidSift
# only is measured without the peers.
NEVER, IN_ITS_WORDS, IN_OTHERS = "never", "in-its-words", "in-others"
PASSES = {(1, NEVER): "without citations", (1, IN_ITS_WORDS): "citing in the words that were said",
          (1, IN_OTHERS): "citing in other words", (16, NEVER): "without citations, 16 at a time",
          (16, IN_ITS_WORDS): "citing in the words that were said, 16 at a time"}
WITH_PEERS = ((1, NEVER), (16, NEVER))
CROWD = 512
CROWD_RAMP = 10_000    # ms in which the crowd arrives: its questions are searched for in turn on one core
CROWD_SECONDS = 30    # how long each of its answers takes
SERVER_CORE, OTHER_CORE = 0, 1
REST_SECONDS = 2
NATIVE, OPENAI = "/api/chat/channel/stream", "/v1/chat/completions"
AIMS = {"first p50": 25, "first p99": 60, "overhead p99": 1, "kilobytes a stream": 40}


class Questions:
    """Each is asked once, so that nothing is answered from a cache."""

    def __init__(self, path):
        self.lines, self.next = pathlib.Path(path).read_text().splitlines(), 0

    def take(self, count):
        taken = [self.lines[(self.next + place) % len(self.lines)] for place in range(count)]
        self.next += count
        return taken


class Contender:
    """Somebody who is asked: where, and how the question is put."""

    def __init__(self, name, server, path=OPENAI, model="scripted"):
        self.name, self.server, self.path, self.model = name, server, path, model

    def body(self, question):
        messages = [{"role": "user", "content": question}]
        if self.path == NATIVE:
            return {"messages": messages, "channelId": self.server.channel}
        return {"model": self.model, "messages": messages, "stream": True, "stream_options": {"include_usage": True}}

    def ask(self, streams, rounds, tokens, ramp=0, core=None):
        """Figures of the client, and what the model was asked meanwhile."""
        lines = [json.dumps(self.body(question)) for question in questions.take(streams * rounds)]
        bodies = pathlib.Path(folder, "bodies.jsonl")
        bodies.write_text("\n".join(lines) + "\n")
        pin = [] if core is None else ["taskset", "-c", str(core)]
        command = [*pin, options.program, "client", "--url", self.server.address, "--path", self.path, "--body", bodies,
                   "--streams", streams, "--rounds", rounds, "--tokens", tokens, "--ramp-ms", ramp]
        answer = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True)
        return json.loads(answer.stdout)


def vidsifts(running, upstream, core=None):
    """A server on each engine, and its two forms of a stream."""
    for engine, library in libraries().items():
        name = f"VidSift, {engine}"
        server = running(VidSift(name, options.vidsift, upstream, library, folder, core))
        yield Contender(name, server, NATIVE)
        yield Contender(f"{name}, /v1", server, OPENAI, f"channel:{server.channel}")


def libraries():
    places = {"SQLite": copied(options.library, folder)}
    return {**places, "PostgreSQL": options.postgres} if options.postgres else places


@contextlib.contextmanager
def processes():
    started = []

    def running(server):
        started.append(server)
        return server

    try:
        yield running
    finally:
        for server in reversed(started):
            server.stop()


def measure(what, contender, upstream, **how):
    """One line of figures; None where the contender does not do it at all."""
    if contender.name in refused:
        return None
    figures = contender.ask(**how)
    figures["asked"] = upstream.counts()
    line = {"what": what, "contender": contender.name, "load": os.getloadavg()[0], **how, **figures}
    output.write(json.dumps(line) + "\n")
    output.flush()
    if not figures["tokens"]:
        print(f"{what}  {contender.name}: NOT MEASURED, no token came: {figures['complaint'][:200]!r}", flush=True)
        refused.add(contender.name)
        return None
    print(f"{what}  {contender.name}: first {show(figures['untilFirst'])}, tokens {show(figures['laterDelay'])}"
          f" ms, {figures['whole']}/{figures['streams']} whole, lost {figures['lost']}, stalls {figures['stalls']}",
          flush=True)
    return figures


def show(spread):
    return "/".join(f"{spread[place]:.2f}" for place in ("p50", "p99")) if spread["count"] else "–"


def first(count):
    """From a question to the first word of a model that answers at once."""
    found = collections.defaultdict(list)
    with processes() as running:
        upstream = running(Upstream(options.program, folder))
        contenders = [Contender(DIRECT, upstream), *vidsifts(running, upstream)]
        upstream.says(FIRST_TOKENS, 0)
        for contender in contenders:
            measure("warm-up", contender, upstream, streams=1, rounds=WARM_UP, tokens=FIRST_TOKENS)
        for _ in range(options.rounds):
            for contender in contenders:
                upstream.says(FIRST_TOKENS, 0)
                figures = measure("first", contender, upstream, streams=1, rounds=count, tokens=FIRST_TOKENS)
                if figures:
                    found[contender.name].append(figures)
    print(f"\nfrom the question to the model's first word in ms, {count} questions one by one, {options.rounds} rounds")
    print(f"{'':26}{'p50':>9}{'p90':>9}{'p99':>9}{'max':>9}  model asked, questions")
    for contender in contenders:
        rounds = found[contender.name]
        if not rounds:
            continue
        print(f"{contender.name:26}{spread(rounds, 'untilFirst')}{asked(rounds):>13}{total(rounds, 'streams'):>11}")
        if contender.path == NATIVE:
            for place in ("p50", "p99"):
                report.add(f"first token, {place}, {contender.name}", median(rounds, "untilFirst", place), "ms",
                           AIMS[f"first {place}"])
            no_mode(f"first token, {contender.name}", rounds)


def passing(count):
    """What lies between the sending of a token and its arrival."""
    found = collections.defaultdict(list)
    with processes() as running:
        upstream = running(Upstream(options.program, folder))
        contenders = [Contender(DIRECT, upstream)]
        if options.nginx:
            contenders.append(Contender(NGINX, running(Nginx(options.nginx, upstream, folder))))
        if options.litellm:
            contenders.append(Contender(LITELLM, running(LiteLLM(options.litellm, upstream, folder))))
        contenders.append(Contender(RELAY, running(Relay(options.program, upstream, folder))))
        contenders += vidsifts(running, upstream)
        upstream.says(FIRST_TOKENS, 0)
        for contender in contenders:
            measure("warm-up", contender, upstream, streams=1, rounds=WARM_UP, tokens=FIRST_TOKENS)
        for _ in range(options.rounds):
            for streams, citing in PASSES:
                for contender in contenders:
                    if contender.name in (NGINX, LITELLM, RELAY) and (streams, citing) not in WITH_PEERS:
                        continue
                    upstream.says(PASSED_TOKENS, PASSED_INTERVAL, citing)
                    figures = measure(f"pass, {PASSES[streams, citing]},", contender, upstream, streams=streams,
                                      rounds=count if streams == 1 else max(1, count // 5), tokens=PASSED_TOKENS)
                    if figures:
                        found[streams, citing, contender.name].append(figures)
    for streams, citing in PASSES:
        passing_table(streams, citing, contenders, found)


def passing_table(streams, citing, contenders, found):
    how = PASSES[streams, citing]
    print(f"\nfrom the model to the client in ms, {PASSED_TOKENS} tokens at {PASSED_INTERVAL} ms, {how}")
    print(f"{'':26}{'p50':>9}{'p90':>9}{'p99':>9}{'max':>9}{'first p99':>11}{'stalls':>8}{'lost':>6}{'not whole':>11}")
    base = median(found[streams, citing, DIRECT], "laterDelay", "p99")
    for contender in contenders:
        rounds = found[streams, citing, contender.name]
        if not rounds:
            continue
        print(f"{contender.name:26}" + spread(rounds, "laterDelay") + f"{median(rounds, 'firstDelay', 'p99'):>11.2f}"
              + f"{total(rounds, 'stalls'):>8}{total(rounds, 'lost') + total(rounds, 'doubled'):>6}"
              + f"{total(rounds, 'streams') - total(rounds, 'whole'):>11}")
        is_ours = contender.name.startswith("VidSift")
        if contender.name != DIRECT:
            report.add(f"p99 beyond direct, {how}, {contender.name}",
                       median(rounds, "laterDelay", "p99") - base, "ms",
                       AIMS["overhead p99"] if is_ours and (streams, citing) == (1, NEVER) else None, 2)
        if is_ours:
            report.add(f"stalls over 200 ms, {how}, {contender.name}", total(rounds, "stalls"), most=0, digits=0)
            # Where vectors are asked for, that may itself take 40 ms.
            if citing == NEVER:
                no_mode(f"{how}, {contender.name}", rounds)


def no_mode(name, rounds):
    report.add(f"modes at 40 ms, {name}", sum(map(mode_of_nagle, rounds)), most=0, digits=0)


def crowd(intervals):
    """Many streams at the same time, with one core for the server and the other for everybody else."""
    with processes() as running:
        upstream = running(Upstream(options.program, folder, OTHER_CORE))
        relay = running(Relay(options.program, upstream, folder, SERVER_CORE))
        bare = Contender(RELAY, relay)
        upstream.says(FIRST_TOKENS, 0)
        measure("warm-up", bare, upstream, streams=1, rounds=WARM_UP * 5, tokens=FIRST_TOKENS)
        for interval in intervals:
            crowd_of(bare, interval, upstream, relay)
    for place, library in libraries().items():
        with processes() as running:
            upstream = running(Upstream(options.program, folder, OTHER_CORE))
            server = running(VidSift(f"VidSift, {place}", options.vidsift, upstream, library, folder, SERVER_CORE))
            ours = Contender(server.name, server, NATIVE)
            upstream.says(FIRST_TOKENS, 0)
            warm = measure("warm-up", ours, upstream, streams=1, rounds=WARM_UP * 5, tokens=FIRST_TOKENS)
            for interval in intervals if warm else ():
                crowd_of(Contender(DIRECT, upstream), interval, upstream, None)
                for _ in range(min(options.rounds, 2)):
                    crowd_of(ours, interval, upstream, server)


def crowd_of(contender, interval, upstream, server):
    tokens = CROWD_SECONDS * 1_000 // interval // (2 if options.quick else 1)
    upstream.says(tokens, interval, options.crowd_citing)
    time.sleep(REST_SECONDS)
    how = {"streams": CROWD, "rounds": 1, "tokens": tokens, "ramp": CROWD_RAMP, "core": OTHER_CORE}
    what = f"crowd at {interval} ms"
    if server is None:
        crowd_lines.append((what, contender.name, measure(what, contender, upstream, **how), {}))
        return
    used = server.processor_seconds()
    with MemoryWatch(server) as memory:
        figures = measure(what, contender, upstream, **how)
    used = server.processor_seconds() - used
    more = {"before": memory.before / 1024, "peak": memory.peak / 1024,
            "kilobytes": (memory.peak - memory.before) / CROWD, "seconds": used,
            "microseconds": used / max(1, figures["tokens"]) * 1e6 if figures else 0}
    output.write(json.dumps({"what": f"{what}, memory", "contender": contender.name, **more}) + "\n")
    print(f"       memory {more['before']:.1f} → {more['peak']:.1f} MB, {more['kilobytes']:.1f} KB a stream,"
          f" {more['microseconds']:.0f} µs of its core a token", flush=True)
    crowd_lines.append((what, contender.name, figures, more))


def crowd_table():
    if not crowd_lines:
        return
    print(f"\n{CROWD} streams, the server on core {SERVER_CORE}, the rest on core {OTHER_CORE}; they arrive within"
          f" {CROWD_RAMP / 1000:g} s; delay of a token in ms")
    print(f"{'':40}{'p50':>9}{'p99':>9}{'max':>10}{'stalls':>8}{'lost':>7}{'whole':>7}{'open':>6}{'first p99':>11}"
          f"{'KB each':>9}{'µs/token':>10}")
    for what, name, figures, more in crowd_lines:
        if not figures:
            continue
        later = figures["laterDelay"]
        print(f"{what + ', ' + name:40}{later['p50']:>9.2f}{later['p99']:>9.2f}{later['max']:>10.1f}"
              f"{figures['stalls']:>8}{figures['lost'] + figures['doubled']:>7}{figures['whole']:>7}"
              f"{figures['asked']['mostOpen']:>6}{figures['untilFirst']['p99']:>11.0f}"
              f"{more.get('kilobytes', 0):>9.1f}{more.get('microseconds', 0):>10.0f}")
        if not name.startswith("VidSift"):
            continue
        for figure, value in (("lost and doubled", figures["lost"] + figures["doubled"]),
                              ("streams that did not end whole", figures["streams"] - figures["whole"]),
                              ("stalls over 200 ms", figures["stalls"])):
            report.add(f"{what}, {figure}, {name}", value, most=0, digits=0)
        no_mode(f"{what}, {name}", [figures])
        report.add(f"{what}, memory a stream, {name}", more["kilobytes"], "KB", AIMS["kilobytes a stream"])


PARTS = ("first", "pass", "crowd")

parser = argparse.ArgumentParser()
for name in ("--program", "--vidsift", "--library", "--questions"):
    parser.add_argument(name, required=True)
parser.add_argument("--nginx", default="")
parser.add_argument("--litellm", default="")
parser.add_argument("--postgres", default="", help="the address of a database that holds the same library")
parser.add_argument("--folder", required=True, help="a temporary one, on a disk")
parser.add_argument("--output", default="/dev/null", help="a file for a line of JSON for each measurement")
parser.add_argument("--rounds", type=int)
parser.add_argument("--quick", action="store_true", help="fewer questions, one round, shorter answers")
parser.add_argument("--crowd-citing", choices=(NEVER, IN_ITS_WORDS, IN_OTHERS), default=IN_ITS_WORDS)
parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
options = parser.parse_args()
if unknown := set(options.parts) - set(PARTS):
    parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(PARTS)}")
options.rounds = options.rounds or (1 if options.quick else 3)
questions, folder = Questions(options.questions), options.folder
refused, crowd_lines, report = set(), [], Report()
# So that what was started is ended.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}", flush=True)
with open(options.output, "w") as output:
    parts = options.parts or PARTS
    if "first" in parts:
        first(60 if options.quick else 200)
    if "pass" in parts:
        passing(4 if options.quick else 10)
    if "crowd" in parts:
        crowd((50,) if options.quick else (50, 20))
crowd_table()
report.print()
for name in sorted(refused):
    print(f"NOT MEASURED: {name}")
