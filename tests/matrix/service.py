"""Service: visits, contact points, patrols, rounds of consultation."""

from __future__ import annotations

from tests.matrix.row import Row

VISITS: list[Row] = []
POINTS: list[Row] = []  # contact points and patrol areas
ROUNDS: list[Row] = []

ROWS: list[Row] = [*VISITS, *POINTS, *ROUNDS]
