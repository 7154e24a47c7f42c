"""The demo city: Ningbo's real places and kinds of departments, invented people, real rules.

`build` fills an empty database through the same bulk actions that imports use. The same seed,
day and scale give the same city, but for secrets and public ids.
"""

from groundwork.desk.demo.builder import NotEmpty, Report, build, is_empty
from groundwork.desk.demo.renewal import renew_order, renew_running

__all__ = ["NotEmpty", "Report", "build", "is_empty", "renew_order", "renew_running"]
