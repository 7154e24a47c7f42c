"""The house holds its shape where the import linter cannot look. The rules: docs/map.md."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "groundwork"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {c["name"][:1]: c for c in PROJECT["tool"]["importlinter"]["contracts"]}
LAYERS = [re.findall(r"\w+", line) for line in CONTRACTS["1"]["layers"]]  # the highest first
KERNEL = {"base", "web"}  # know no area and name their own files

MOST_LINES, LONGEST_FUNCTION, LONGEST_LOOP = 400, 40, 150
BESIDE_CODE = {"templates", "static", "locale", "data", "README.md", "py.typed"}
DESK_ONLY = {"context", "demo", "privacy"}  # what composes areas: navigation, demo city, notice


def area_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0]


def python_files(*, tests: bool = False) -> Iterator[Path]:
    for root in (HOUSE, ROOT / "config", ROOT / "tools", ROOT / "bench"):
        for path in sorted(root.rglob("*.py")):
            if "migrations" not in path.parts and (tests or "tests" not in path.parts):
                yield path


def page_modules() -> Iterator[Path]:
    yield from (path for path in python_files() if "pages" in path.parts)


def templates() -> Iterator[Path]:
    for path in sorted(HOUSE.glob("*/templates/**/*")):
        if path.is_file():
            yield path


def own_static() -> Iterator[Path]:
    for path in sorted(HOUSE.glob("*/static/**/*")):
        if path.is_file() and "vendor" not in path.parts:
            yield path


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def names_with(pattern: str, files: Iterator[Path]) -> list[str]:
    """Name every line that the pattern is found on."""
    found = re.compile(pattern)
    return [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


def attributes_in(files: Iterator[Path]) -> Iterator[tuple[Path, ast.Attribute]]:
    """Give every `something.name` of the files."""
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                yield path, node


# --- layers ---------------------------------------------------------------------------------------


def rank(area: str) -> int:
    return next(i for i, line in enumerate(LAYERS) if area in line)


def test_foreign_keys_point_down_the_layers_like_imports_do():
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            own, other = model.__module__, getattr(target, "__module__", "")
            if not (own.startswith("groundwork.") and other.startswith("groundwork.")):
                continue
            mine, theirs = own.split(".")[1], other.split(".")[1]
            if mine != theirs and rank(theirs) <= rank(mine):
                wrong.append(f"{model._meta.label}.{field.name} -> {theirs}")
    assert not wrong


def test_the_layers_name_every_area_and_no_contract_has_an_exception():
    areas = {p.name for p in HOUSE.iterdir() if (p / "__init__.py").exists()}
    assert areas == {area for line in LAYERS for area in line}
    assert "ignore" + "_imports" not in (ROOT / "pyproject.toml").read_text()


def test_every_area_keeps_to_the_one_vocabulary_of_files():
    contract = CONTRACTS["2"]
    words = {word for line in contract["layers"] for word in re.findall(r"\w+", line)}
    words |= {"__init__", *contract["exhaustive_ignores"]}
    areas = {p.name for p in HOUSE.iterdir() if (p / "__init__.py").exists()} - KERNEL
    odd = [
        f"{area}/{entry.name}"
        for area in sorted(areas)
        for entry in sorted((HOUSE / area).iterdir())
        if entry.name not in BESIDE_CODE
        and entry.name != "__pycache__"
        and entry.stem not in (words | DESK_ONLY if area == "desk" else words)
    ]
    assert not odd


def test_migrations_only_ever_depend_downwards():
    wrong = []
    for path in sorted(HOUSE.glob("*/migrations/[0-9]*.py")):
        for label in re.findall(r"\(['\"](\w+)['\"], ['\"]\d{4}_", path.read_text()):
            inside = any(label in line for line in LAYERS)
            if inside and label != area_of(path) and rank(label) <= rank(area_of(path)):
                wrong.append(f"{name_of(path)} -> {label}")
    assert not wrong


# --- size -----------------------------------------------------------------------------------------


def test_no_file_is_longer_than_a_reader_can_hold():
    files = [*python_files(), *templates(), *(p for p in own_static() if p.suffix == ".js")]
    long = {name_of(p): n for p in files if (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert not long


def test_no_function_is_longer_than_a_screen():
    long = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = length_of(node)
                if lines > (LONGEST_LOOP if is_compiled(node) else LONGEST_FUNCTION):
                    long.append(f"{name_of(path)}:{node.lineno} {node.name} ({lines})")
    assert not long


def is_compiled(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell whether a function is the planner's inner loop, whose parts would cost a call each."""
    names = {
        node.id for d in function.decorator_list for node in ast.walk(d) if hasattr(node, "id")
    }
    return bool(names & {"compiled", "inlined"})


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines that do something: no signature, no docstring; a table returned is none."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body or (len(body) == 1 and _is_table(body[0])):
        return 0
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def _is_table(statement: ast.stmt) -> bool:
    shapes = ast.List | ast.Tuple | ast.Dict
    return isinstance(statement, ast.Return) and isinstance(statement.value, shapes)


# --- pages ----------------------------------------------------------------------------------------


def test_pages_reach_no_table_by_themselves():
    assert not [
        f"{name_of(path)}:{node.lineno}"
        for path, node in attributes_in(page_modules())
        if node.attr in {"objects", "_default_manager"}
    ]


def test_pages_ask_policy_and_never_look_at_a_role():
    """Naming a role to give it to somebody is fine; asking the actor for one is not."""
    assert not [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"
        for path, node in attributes_in(page_modules())
        if node.attr in {"has", "bodies", "places", "grants"}
        and (ast.unparse(node.value).endswith("actor") or ast.unparse(node.value) == "by")
    ]


def test_every_view_says_which_methods_it_takes():
    get = "require_GET, require_POST, require_safe or require_http_methods"
    silent = [
        f"{pattern.name} ({pattern.callback.__module__}) has no {get}"
        for pattern in _patterns(get_resolver())
        if pattern.callback.__module__.startswith("groundwork.")
        and not any("decorators/http.py" in file for file in _wrappers(pattern.callback))
    ]
    assert not silent


def _wrappers(view):
    """Name the files of a view and of everything it is wrapped in."""
    while view is not None:
        yield getattr(getattr(view, "__code__", None), "co_filename", "")
        view = getattr(view, "__wrapped__", None)


def _patterns(resolver):
    for entry in resolver.url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from _patterns(entry)
        else:
            yield entry


# --- time -----------------------------------------------------------------------------------------


def test_only_the_clock_reads_the_time():
    readers = {"timezone.now", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}
    readers |= {"time.time", "timezone.localdate"}
    inside = (p for p in python_files() if p.is_relative_to(HOUSE) and p.name != "clock.py")
    assert not [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node)}"
        for path, node in attributes_in(inside)
        if ast.unparse(node) in readers
    ]


# --- templates and static files -------------------------------------------------------------------


FETCHED = r"\b(src|srcset|action|poster)\s*=\s*[\"']?(https?:)?//"
NOT_IN_TEMPLATES = {
    "script text": (r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", "<script>go()"),
    "style text": (r"<style\b|\sstyle\s*=\s*[\"']", '<p style="color:red">'),
    "a handler": (r"<[^>]*\son[a-z]+\s*=\s*[\"']", "<a onclick='go()'>"),
    "an address that is a script": (r"[\"']javascript:", '<a href="javascript:go()">'),
    "something fetched from elsewhere": (FETCHED, '<img src="//cdn.example/a.png">'),
    "a style sheet from elsewhere": (r"<link[^>]*href\s*=\s*[\"']?(https?:)?//", "<link href=//a"),
    "a percentage past the tag": (r"\}\}\s*[%％]", "{{ share }}%"),
}


@pytest.mark.parametrize("what", NOT_IN_TEMPLATES)
def test_templates_hold_no(what):
    pattern, example = NOT_IN_TEMPLATES[what]
    assert re.search(pattern, example)
    assert not names_with(pattern, templates())


def test_static_files_fetch_nothing_from_elsewhere():
    pattern = (
        r"url\(\s*[\"']?(https?:)?//|@import\s|fetch\(\s*[\"'`]https?:|from\s+[\"']https?:"
        r"|new\s+(WebSocket|EventSource)\(\s*[\"'`](https?|wss?):|\beval\(|new Function\("
    )
    code = (p for p in own_static() if p.suffix in {".js", ".css", ".html"})
    assert not names_with(pattern, code)


# --- forms ----------------------------------------------------------------------------------------


def test_every_form_is_declared_and_none_is_past_its_end():
    from groundwork.web.checks import check_declared_forms

    assert check_declared_forms() == []


def test_form_classes_live_only_where_the_check_looks():
    """`web.checks` reads `pages/forms`; a form class anywhere else would escape its declaration."""
    from django.forms import BaseForm

    get_resolver().url_patterns  # noqa: B018 - loads every page module
    stray = [
        f"{cls.__module__}.{cls.__qualname__}"
        for cls in _below(BaseForm)
        if cls.__module__.startswith("groundwork.")
        and ".pages.forms" not in cls.__module__
        and ".tests" not in cls.__module__
        and cls.__module__ != "groundwork.web.forms"
    ]
    assert not stray


def _below(cls):
    for child in cls.__subclasses__():
        yield child
        yield from _below(child)
