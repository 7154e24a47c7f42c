"""Write the table of settings into docs/operations.md, between its two marks."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from config.declared import table  # noqa: E402 - the project's root is on the path only now

PAGE = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- settings: make rules -->", "<!-- end of settings -->"

if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")
