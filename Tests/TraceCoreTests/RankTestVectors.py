#!/usr/bin/env python3
"""Writes RankTestVectors.swift: what SciPy says of the vectors that RankTestTests holds our tests against.

    python3 -m venv venv && venv/bin/pip install scipy==1.17.1 mpmath==1.4.1
    venv/bin/python RankTestVectors.py > RankTestVectors.swift

Large vectors are made on both sides by the same generator (SplitMix64) from a seed; small ones stand in the file. The
tails of the normal distribution are mpmath's, to 40 digits.
"""
import math

import mpmath
import numpy
import scipy
from scipy.stats import mannwhitneyu, wilcoxon

MASK = (1 << 64) - 1


def drawn(seed, count, distinct, shift):
    """The values that `DrawnValues` draws."""
    state, values = seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        value = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        values.append((value ^ (value >> 31)) % distinct + shift)
    return values


PAIRS = [
    ("eight, all up", [1, 2, 3, 4, 5, 6, 7, 8]),
    ("eight, all down", [-1, -2, -3, -4, -5, -6, -7, -8]),
    ("balanced", [1, -1, 2, -2, 3, -3, 4, -4]),
    ("zeros dropped", [0, 0, 5, -3, 0, 7, 9, -1, 4, 0, 12]),
    ("ties", [3, 3, -3, 3, 1, 1, -1, 2, 2, 2, -2, 3]),
    ("one left", [0, 0, 0, 0, 0, 0, 0, 6]),
    ("two left", [0, 0, 0, 0, 0, 0, -6, 6]),
    ("all of one size", [5] * 20 + [-5] * 11),
    ("all of one size, one way", [5] * 20),
    ("far apart", [1, 10**15, -(10**14), 10**13, 3, -2, 10**12, 10**11, 10**10]),
]
DRAWN_PAIRS = [
    ("50", 11, 50, 1_000_000, -480_000),
    ("1 000, heavy ties", 12, 1_000, 7, -3),
    ("1 000, shifted", 13, 1_000, 1_000_001, -460_000),
    ("100 000, no shift", 14, 100_000, 2_000_001, -1_000_000),
    ("100 000, a small shift", 15, 100_000, 2_000_001, -990_000),
    ("100 000, heavy ties and zeros", 16, 100_000, 21, -10),
    ("100 000, shifted", 17, 100_000, 2_000_001, -900_000),
    ("900, nearly one way", 18, 900, 1_000_000, -4_000),
]
SETS = [
    ("apart", list(range(1, 9)), list(range(9, 17))),
    ("apart, the other way", list(range(9, 17)), list(range(1, 9))),
    ("one step apart", [1, 3, 5, 7, 9, 11, 13, 15], [2, 4, 6, 8, 10, 12, 14, 16]),
    ("the same", [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]),
    ("all equal", [4] * 9, [4] * 12),
    ("equal but for one", [4] * 9, [4] * 11 + [5]),
    ("ties", [1, 1, 2, 2, 2, 3, 3, 9], [2, 2, 3, 3, 3, 3, 4, 4, 4]),
    ("zeros", [0] * 8 + [5, 6], [0] * 9 + [1]),
    ("unequal sizes", [7, 8, 9, 10, 11, 12, 13, 40], list(range(0, 60))),
    ("far apart", [10**15, 3, 10**14, 5, 10**13, 1, 10**12, 0], [2, 4, 6, 8, 10**15, 10**16, 1, 7]),
]
DRAWN_SETS = [
    ("50 and 60", (21, 50, 1_000_000, 0), (22, 60, 1_000_000, 90_000)),
    ("1 000 and 1 000, no shift", (23, 1_000, 5_000_000, 0), (24, 1_000, 5_000_000, 0)),
    ("1 000 and 1 000, heavy ties", (25, 1_000, 5, 0), (26, 1_000, 6, 0)),
    ("100 000 and 100 000, no shift", (27, 100_000, 5_000_000, 0), (28, 100_000, 5_000_000, 0)),
    ("100 000 and 100 000, a small shift", (29, 100_000, 5_000_000, 0), (30, 100_000, 5_000_000, 40_000)),
    ("100 000 and 30 000, heavy ties", (31, 100_000, 12, 0), (32, 30_000, 12, 0)),
    ("100 000 and 100 000, shifted", (33, 100_000, 1_000_000, 0), (34, 100_000, 1_000_000, 90_000)),
    ("8 and 100 000", (35, 8, 1_000_000, 0), (36, 100_000, 1_000_000, 0)),
]
TAILS = [0.0, 1e-9, 0.01, 0.5, 1.0, 1.96, 2.0, 2.575829, 2.8284, 2.8285, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0, 25.0,
         30.0, 35.0, 36.9, 37.0, 37.5]


def p_of(result):
    return repr(float(result.pvalue))


def signed_rank(differences):
    result = wilcoxon(differences, zero_method="wilcox", correction=False, method="asymptotic")
    return round(2 * result.statistic), p_of(result)


def rank_sum(a, b):
    result = mannwhitneyu(a, b, method="asymptotic", use_continuity=True)
    u = 2 * result.statistic
    return round(max(u, 2 * len(a) * len(b) - u)), p_of(result)


def values(list_of_numbers):
    return "[" + ", ".join(f"{value:_}" if abs(value) >= 1000 else str(value) for value in list_of_numbers) + "]"


def recipe(seed, count, distinct, shift):
    return f"DrawnValues(seed: {seed}, count: {count:_}, distinct: {distinct:_}, shift: {shift:_})"


def main():
    mpmath.mp.dps = 60
    print("// swift-format-ignore-file")
    print(f"// Made by RankTestVectors.py with SciPy {scipy.__version__}, NumPy {numpy.__version__}, mpmath {mpmath.__version__}.")
    print("\nextension RankTestTests {")
    print("    static let pairs: [(name: String, differences: [Int64], doubledStatistic: Int128, p: Double)] = [")
    for name, differences in PAIRS:
        statistic, p = signed_rank(differences)
        print(f'        ("{name}", {values(differences)}, {statistic}, {p}),')
    print("    ]\n")
    print("    static let drawnPairs: [(name: String, differences: DrawnValues, doubledStatistic: Int128, p: Double)] = [")
    for name, *made in DRAWN_PAIRS:
        statistic, p = signed_rank(drawn(*made))
        print(f'        ("{name}", {recipe(*made)}, {statistic}, {p}),')
    print("    ]\n")
    print("    static let sets: [(name: String, a: [Int64], b: [Int64], doubledStatistic: Int128, p: Double)] = [")
    for name, a, b in SETS:
        statistic, p = rank_sum(a, b)
        print(f'        ("{name}", {values(a)}, {values(b)}, {statistic}, {p}),')
    print("    ]\n")
    print("    static let drawnSets: [(name: String, a: DrawnValues, b: DrawnValues, doubledStatistic: Int128, p: Double)] = [")
    for name, a, b in DRAWN_SETS:
        statistic, p = rank_sum(drawn(*a), drawn(*b))
        print(f'        ("{name}", {recipe(*a)}, {recipe(*b)}, {statistic}, {p}),')
    print("    ]\n")
    print("    /// z, and how likely it is that a value is at least as far from 0.")
    print("    static let tails: [(z: Double, p: Double)] = [")
    for z in TAILS:
        print(f"        ({z!r}, {float(mpmath.erfc(mpmath.mpf(z) / mpmath.sqrt(2)))!r}),")
    print("    ]\n}")


if __name__ == "__main__":
    assert math.isclose(float(mpmath.erfc(1)), math.erfc(1))
    main()
