"""What several commands need: the city's settings loaded, plain words for faults, progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

P = ParamSpec("P")
T = TypeVar("T")
console = Console(highlight=False)
Advance = Callable[[int], None]


def needs_city(function: Callable[P, T]) -> Callable[P, T]:
    """Load the settings and apps first; tell faults as sentences, not as a traceback."""

    @wraps(function)
    def ready(*args: P.args, **kwargs: P.kwargs) -> T:
        load_city()
        from groundwork.base.errors import GroundworkError

        try:
            return function(*args, **kwargs)
        except GroundworkError as error:
            from django.utils.translation import gettext

            raise click.ClickException(gettext(error.text) % error.params) from error

    return ready


def load_city() -> None:
    """Load settings and apps."""
    import django

    from config.environment import Faults

    try:
        django.setup()
    except Faults as faults:
        raise click.ClickException(str(faults)) from faults


@contextmanager
def progress(label: str, total: int | None = None) -> Iterator[Advance]:
    """Show a bar while long work runs; the block calls what it gets with how much was done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=not console.is_terminal) as bar:
        task = bar.add_task(label, total=total)
        yield lambda count: bar.advance(task, count)
