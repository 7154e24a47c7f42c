"""What a survey shows of small groups, judged by an attacker who solves all sums at once."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from groundwork.base.numbers import SMALLEST_WHOLE
from groundwork.voices.rules import disclosure
from groundwork.voices.rules.surveys import Asked, tally

OPTIONS, GROUPS = ("a1", "a2", "a3"), ("g1", "g2", "g3")
GROUP = Asked("g", "single", "哪一组", GROUPS, groups=True)
Spots = dict[tuple[str, str], int]
COUNTS = st.lists(st.integers(0, 9), min_size=12, max_size=12)


def crowd(counts: list[int], kind: str) -> list[dict[str, object]]:
    """Let so many of each group, and of nobody's group, choose each option."""
    said: list[dict[str, object]] = []
    for n, (group, option) in zip(counts, product((*GROUPS, None), OPTIONS), strict=True):
        chosen: object = [option, "a1"] if kind == "several" else option
        one = {"q": chosen} | ({"g": group} if group else {})
        said += [one] * n
    return said


def seen_and_true(counts: list[int], kind: str) -> tuple[Spots, Spots, list[str]]:
    """Give what is shown, and what is so, as spot → n; the rest of the whole is a row unseen."""
    asked = (GROUP, Asked("q", kind, "怎么样", OPTIONS))
    said = crowd(counts, kind)
    whole = tally(asked, said)
    parts = {
        group: tally(asked, [one for one in said if one.get("g") == group]) for group in GROUPS
    }
    shown = disclosure.shown_parts(asked, whole, "g", parts)
    top = disclosure.shown_whole(asked, whole)["q"]
    columns = [*OPTIONS, ""]
    truth = {("", c): whole["q"].get(c, 0) for c in columns}
    for group in GROUPS:
        truth |= {(group, c): parts[group]["q"].get(c, 0) for c in columns}
    truth |= {("rest", c): truth["", c] - sum(truth[g, c] for g in GROUPS) for c in columns}
    seen = {("", c): top[c] for c in columns}
    for group, cell in shown.items():
        seen |= {(group, c): cell["q"][c] for c in columns}
    return {spot: n for spot, n in seen.items() if n is not None}, truth, columns


def solved(
    seen: Spots, truth: Spots, columns: list[str], *, exclusive: bool
) -> set[tuple[str, str]]:
    """Find what follows from the shown counts, from every sum and from every zero (by SVD)."""
    spots = list(truth)
    known = set(seen) | {spot for spot, n in truth.items() if n == 0}
    rows = [[float(s == spot) for s in spots] for spot in known]
    rows += [[(s[1] == c) * (-1.0 if s[0] == "" else 1.0) for s in spots] for c in columns]
    if exclusive:
        names = {s[0] for s in spots}
        rows += [[(s[0] == n) * (-1.0 if s[1] == "" else 1.0) for s in spots] for n in names]
    _u, sizes, turned = np.linalg.svd(np.array(rows))
    rank = int((sizes > 1e-9).sum())
    free = np.abs(turned[rank:]).max(axis=0) if rank < len(spots) else np.zeros(len(spots))
    return {spot for spot, loose in zip(spots, free, strict=True) if loose < 1e-9}


@given(COUNTS, st.sampled_from(["single", "several"]))
def test_no_count_of_one_to_four_people_is_shown_or_follows_from_what_is(counts, kind):
    seen, truth, columns = seen_and_true(counts, kind)
    assert all(seen[spot] == truth[spot] for spot in seen)
    small = {spot for spot, n in truth.items() if 0 < n < SMALLEST_WHOLE}
    assert not small & solved(seen, truth, columns, exclusive=kind == "single")


@given(COUNTS)
def test_what_is_hidden_in_a_column_or_a_row_is_together_never_one_to_four_people(counts):
    seen, truth, columns = seen_and_true(counts, "single")
    for c in columns:
        if ("", c) in seen:
            hidden = sum(
                n for (row, col), n in truth.items() if col == c and row and (row, c) not in seen
            )
            assert not 0 < hidden < SMALLEST_WHOLE
    for row in GROUPS:
        if (row, "") in seen:
            hidden = sum(truth[row, c] for c in OPTIONS if (row, c) not in seen)
            assert not 0 < hidden < SMALLEST_WHOLE


def test_large_groups_are_shown_whole():
    seen, truth, _columns = seen_and_true([6, 7, 8, 9, 6, 5, 8, 8, 8, 0, 0, 0], "single")
    assert seen == {spot: n for spot, n in truth.items() if spot[0] != "rest"}
