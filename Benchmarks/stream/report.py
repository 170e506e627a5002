"""What the measurements come to: medians of rounds, and which aims are met."""
import statistics

# A wait of Nagle's algorithm for a delayed acknowledgement: as a mode it stands out from the milliseconds beside it.
NAGLE, BESIDE = range(39, 45), (*range(30, 36), *range(48, 54))


class Report:
    def __init__(self):
        self.lines = []

    def add(self, figure, value, unit="", most=None, digits=1):
        """`most` is the aim; None for a figure that is there to compare with."""
        met = "" if most is None else "yes" if value <= most else "NO"
        self.lines.append((figure, f"{value:,.{digits}f} {unit}".strip(), "" if most is None else f"≤ {most:g}", met))

    def print(self):
        lines = [("figure", "median", "aim", "met"), *self.lines]
        widths = [max(len(line[place]) for line in lines) for place in range(4)]
        print()
        for figure, value, wanted, met in lines:
            print(f"{figure:<{widths[0]}}  {value:>{widths[1]}}  {wanted:>{widths[2]}}  {met}".rstrip())


def mode_of_nagle(figures):
    """Whether more of the delays are about 40 ms than beside."""
    for which in ("firstDelayHistogram", "laterDelayHistogram"):
        counts = figures[which]
        there, beside = (sum(counts[place] for place in places) / len(places) for places in (NAGLE, BESIDE))
        if there > 2 * beside and sum(counts[place] for place in NAGLE) > max(10, sum(counts) / 200):
            return True
    return False


def asked(rounds):
    """How often the model was."""
    return sum(one["asked"]["requests"] for one in rounds)


def spread(rounds, which):
    return "".join(f"{median(rounds, which, place):>9.2f}" for place in ("p50", "p90", "p99", "max"))


def median(rounds, which, place):
    values = [one[which][place] for one in rounds if one[which]["count"]]
    return statistics.median(values) if values else float("nan")


def total(rounds, which):
    return sum(one[which] for one in rounds)
