"""Who may open which address of the area duty; a list per subject."""

from tests.matrix.row import Row

ORDER: list[Row] = []
PLAN: list[Row] = []
GATE: list[Row] = []
ROWS = [*ORDER, *PLAN, *GATE]
