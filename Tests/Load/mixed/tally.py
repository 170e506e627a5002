"""Counts requests, checks and failures, and prints them."""
import collections, threading

GRACE = 1.0  # seconds after the answer to a deletion, from which nothing may come from that video
FAILURES_SHOWN = 25


class Tally:
    def __init__(self):
        self.lock = threading.Lock()
        self.statuses = collections.Counter()
        self.seconds = collections.defaultdict(list)
        self.checks = collections.Counter()
        self.failure_count = 0
        self.failures = []
        self.stale = []  # (seconds after the deletion, what)

    def request(self, kind, status, seconds):
        with self.lock:
            self.statuses[kind, status] += 1
            self.seconds[kind].append(seconds)

    def requests(self):
        with self.lock:
            return sum(self.statuses.values())

    def checked(self, what):
        with self.lock:
            self.checks[what] += 1

    def failed(self, what):
        with self.lock:
            self.failure_count += 1
            self.failures.append(what)

    def stale_answer(self, after, what):
        with self.lock:
            self.stale.append((after, what))

    def report(self, options, house):
        print(f"\n{'request':<16}{'count':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}  statuses")
        for kind in sorted(self.seconds):
            took = sorted(self.seconds[kind])
            statuses = ", ".join(f"{status} x {count}" for (of, status), count in sorted(self.statuses.items(), key=str)
                                 if of == kind)
            ms = [1000 * took[min(len(took) - 1, int(len(took) * part))] for part in (0.5, 0.99, 1)]
            print(f"{kind:<16}{len(took):>8}" + "".join(f"{value:>9.1f}" for value in ms) + f"  {statuses}")
        print("\nchecks that were made: " + ", ".join(f"{what} {n}" for what, n in sorted(self.checks.items())))
        within = [after for after, _ in self.stale if after <= GRACE]
        beyond = len(self.stale) - len(within)
        print(f"stale answers within the first second after a change: {len(within)}"
              + (f", the last one {1000 * max(within):.0f} ms after it" if within else "") + f"; later: {beyond}")
        for line in house.notes:
            print(line)
        print(f"{options.instances} instances, {options.clients} clients, {options.seconds:g} s, seed {options.seed}: "
              f"{self.requests()} requests, {self.failure_count} failures")
        for failure in self.failures[:FAILURES_SHOWN]:
            print(f"FAILED: {failure}")
        if self.failure_count > FAILURES_SHOWN:
            print(f"... and {self.failure_count - FAILURES_SHOWN} more")
