"""What the directory does by itself."""

from __future__ import annotations

from datetime import timedelta

from groundwork.base import attachments, schedule, statistics
from groundwork.registry.actions.imports import forget_old_imports


@schedule.every(timedelta(days=1))
def forget_imports() -> None:
    """Forget the files and rows of imports after 30 days."""
    forget_old_imports()


@schedule.every(timedelta(days=1))
def know_tables() -> None:
    """Let SQLite learn what stands in its tables, so that searches take the right index."""
    statistics.learn()


@schedule.every(timedelta(days=1))
def sweep_files() -> None:
    """Delete files whose row was never written."""
    attachments.sweep()
