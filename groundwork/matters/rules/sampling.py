"""The audited sample: how many to check, which ones the draw gives, what the findings show.

Numbers after the textbook on acceptance sampling with no fault allowed: where every one of n
drawn closures is found true, the share of false ones lies under `most_false` with `confidence`.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from groundwork.base.errors import N_, RuleBroken
from groundwork.base.numbers import Interval, Rate

SEED_DIGITS = 6  # a three-figure lottery has 1,000 outcomes: somebody could try them all before
REPLY_DAYS = 5  # working days in which the lead may reply to a bad finding
SMALLEST_SHARE, LARGEST_SHARE = Decimal("0.001"), Decimal("0.5")
LEAST_SURE, MOST_SURE = Decimal("0.5"), Decimal("0.999")


class NothingToSample(RuleBroken):
    """Refuse a sample of no closures."""

    code = "matters.nothing_to_sample"
    text = N_("这个范围里没有办结的诉求，抽不出样本。")


class SeedTooEarly(RuleBroken):
    """Refuse a seed from before its public act, or an act that lies before the list."""

    code = "matters.seed_too_early"
    text = N_("种子要来自名单公布以后的公开事件，现在还不到时候。")


class SeedTooShort(RuleBroken):
    """Refuse a seed that could be tried out beforehand."""

    code = "matters.seed_too_short"
    text = N_("种子至少要有 %(digits)s 位数字，否则可以事先试出结果。")


class DrawnAlready(RuleBroken):
    """Refuse a second draw with another seed."""

    code = "matters.drawn_already"
    status = 409
    text = N_("这批样本已经抽过，不能重抽。")


class NotAllFound(RuleBroken):
    """Refuse to publish findings while some are missing, or a reply is still awaited."""

    code = "matters.not_all_found"
    text = N_("还有 %(open)s 件没有核查完，或者还在等承办单位说明，暂不能公布。")


class SampleOver(RuleBroken):
    """Refuse a finding or a reply where the sample does not take one."""

    code = "matters.sample_over"
    text = N_("这件样本现在不能这样办：结果已经公布，或者还没有核查。")


class ReplyOver(RuleBroken):
    """Refuse a reply after its last day."""

    code = "matters.reply_over"
    text = N_("说明的期限已过。")


def fault_count(population: int, most_false: Decimal) -> int:
    """Give the fewest false closures that are no longer "under `most_false`" of the list."""
    return max(1, math.ceil(Fraction(most_false) * population))


def size_binomial(most_false: Decimal, confidence: Decimal) -> int:
    """Count the clean checks needed from a list without end: 299 for 1 % and 95 %."""
    miss, clean = 1 - Fraction(confidence), 1 - Fraction(most_false)
    size = max(1, math.floor(math.log(miss) / math.log(clean)) - 1)
    # The logarithm only comes near; whole numbers decide.
    while clean**size > miss:
        size += 1
    return size


def size_for(population: int, most_false: Decimal, confidence: Decimal) -> int:
    """Count the clean checks needed from a list of `population` (hypergeometric, exact).

    The smallest n with C(N−D, n) / C(N, n) ≤ 1 − confidence, where D is `fault_count`. Never more
    than `size_binomial`, never more than the list. Raises NothingToSample for an empty list.
    """
    if population < 1:
        raise NothingToSample
    faults, miss = fault_count(population, most_false), 1 - Fraction(confidence)
    left, right, size = miss.denominator, miss.numerator, 0
    while left > right:  # one more clean check: the chance of seeing none of the faults shrinks
        left *= population - faults - size
        right *= population - size
        size += 1
    return size


def receipt_hash(salt: str, receipt: str) -> str:
    """Hash a receipt number with the sample's published salt, as it stands in the list."""
    return hashlib.sha256(f"{salt} {receipt}".encode()).hexdigest()


def listing(hashes: Iterable[str]) -> bytes:
    """Write the list as it is published: one hash a line, in order, each once."""
    return "".join(f"{line}\n" for line in sorted(set(hashes))).encode()


def hashes_in(content: bytes) -> list[str]:
    """Read a published list; whatever the order and the line ends, the draw is the same."""
    return sorted({line.strip().lower() for line in content.decode().splitlines() if line.strip()})


def seed_of(typed: str) -> str:
    """Take the digits of a public act and nothing else, so that no wording is left to choose.

    Raises SeedTooShort.
    """
    seed = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", typed))
    if len(seed) < SEED_DIGITS:
        raise SeedTooShort(digits=SEED_DIGITS)
    return seed


def draw(hashes: Iterable[str], seed: str, n: int) -> list[str]:
    """Draw n of the list: in the order of SHA-256(seed, space, hash), the first n.

    The order of the list does not matter, and a smaller draw is the beginning of a larger one.
    Asked for more than there are, it gives all.
    """

    def lot(line: str) -> str:
        return hashlib.sha256(f"{seed} {line}".encode()).hexdigest()

    return sorted(set(hashes), key=lot)[:n]


SCRIPT = """\
import hashlib, sys

name, seed, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
lines = {line.strip() for line in open(name) if line.strip()}

def lot(line):
    return hashlib.sha256(f"{seed} {line}".encode()).hexdigest()

for line in sorted(lines, key=lot)[:n]:
    print(line)
"""


@dataclass(frozen=True)
class Shown:
    """What the findings show: the rate of true closures and where it lies with `confidence`.

    What could not be found out is in neither part of the rate; `at_worst` counts it as false.
    """

    true: int
    false: int
    unknown: int
    size: int
    confidence: Decimal
    exact: Interval | None
    wilson: Interval | None

    @property
    def rate(self) -> Rate:
        """True closures of those found out."""
        return Rate(self.true, self.true + self.false)

    @property
    def at_worst(self) -> Rate:
        """True closures of all found or not found out."""
        return Rate(self.true, self.true + self.false + self.unknown)

    @property
    def holds(self) -> bool:
        """Tell whether the sample shows what it was to show: all of it checked and clean."""
        return self.true == self.size


def shown(findings: Sequence[str], size: int, confidence: Decimal) -> Shown:
    """Sum up findings ("true", "false", "unknown" or "" for not yet) of a sample of `size`."""
    true, false = findings.count("true"), findings.count("false")
    known = true + false
    return Shown(
        true,
        false,
        findings.count("unknown"),
        size,
        confidence,
        clopper_pearson(true, known, confidence) if known else None,
        wilson(true, known, confidence) if known else None,
    )


def clopper_pearson(part: int, whole: int, confidence: Decimal) -> Interval:
    """Give the exact two-sided interval of a share (Clopper & Pearson 1934)."""
    from scipy.special import betaincinv  # a third of a second: only who audits waits for it

    tail = (1 - float(confidence)) / 2
    low = float(betaincinv(part, whole - part + 1, tail)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - tail)) if part < whole else 1.0
    return Interval(low, high, whole)


def wilson(part: int, whole: int, confidence: Decimal) -> Interval:
    """Give the score interval of a share (Wilson 1927), narrower and near the truth on average."""
    from scipy.special import ndtri

    z, share = float(ndtri(0.5 + float(confidence) / 2)), part / whole
    spread = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    middle, scale = share + z * z / (2 * whole), 1 + z * z / whole
    low = (middle - spread) / scale if part else 0.0
    high = (middle + spread) / scale if part < whole else 1.0
    return Interval(max(0.0, low), min(1.0, high), whole)
