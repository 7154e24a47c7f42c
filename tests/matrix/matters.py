"""The ledger: raising, the raiser's page, the board, handling, trust, settings, interfaces.

Each list belongs to the pages of one subject; whoever adds an address adds its rows.
"""

from __future__ import annotations

from tests.matrix.row import Row

DOORS_IN: list[Row] = []  # portal, enterprise, staff, phone
RAISERS: list[Row] = []  # the raiser's own page
BOARD: list[Row] = []  # the public board, the community's page
HANDLING: list[Row] = []  # queues, the matter's page, dispatching, settings
TRUST: list[Row] = []  # call-backs, samples
OPEN: list[Row] = []  # JSON, Open311, spreadsheets

ROWS: list[Row] = [*DOORS_IN, *RAISERS, *BOARD, *HANDLING, *TRUST, *OPEN]
