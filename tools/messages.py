"""Keep every area's English catalogue in step with the Chinese texts in its templates and Python.

The msgid is the Simplified Chinese text; `groundwork/<area>/locale/en/LC_MESSAGES/django.po` holds
the English. No gettext binary is needed: templates go through Django's own `templatize`, both
through Babel.

    python tools/messages.py              add new texts, drop the gone ones, keep translations
    python tools/messages.py study web    the same for these areas only
    python tools/messages.py --check      change nothing; fail on what is missing, empty or wrong
    python tools/messages.py --compile    write the .mo files that the running city reads
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
AREAS = ROOT / "groundwork"
PO = Path("locale/en/LC_MESSAGES/django.po")
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)
PLAIN, PLURAL, CONTEXT, BOTH = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "N_", "gettext", "gettext_lazy", "gettext_noop"), PLAIN),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), BOTH),
}
HOLES = re.compile(r"%\(\w+\)[-#0 +]?[\d.]*[a-zA-Z]|(?<!%)%[sdf]|(?<!\{)\{\w*\}(?!\})")
HAN = re.compile(r"[\u3400-\u9fff]")
# How one text is known: (context, text), where a plural text is known by its singular.
Key = tuple[str | None, str]


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("areas", nargs="*", help="areas to look at (default: all)")
    parser.add_argument("--check", action="store_true", help="change nothing, fail on faults")
    parser.add_argument("--compile", action="store_true", help="only write the .mo files")
    args = parser.parse_args(argv)
    faults: list[str] = []
    for area in sorted(p for p in AREAS.iterdir() if (p / "__init__.py").exists()):
        if args.areas and area.name not in args.areas:
            continue
        if args.compile:
            compile_area(area)
        elif args.check:
            faults += check(area)
        else:
            update(area)
    for fault in faults:
        print(fault)
    if faults:
        print(f"{len(faults)} faults. `make messages` adds what is missing; the English is yours.")
    return 1 if faults else 0


def sources(area: Path) -> Iterator[Path]:
    """Yield the area's templates and Python files, tests and migrations left out."""
    for path in sorted(area.rglob("*")):
        parts = path.relative_to(area).parts
        if {"tests", "migrations", "locale", "static", "__pycache__"} & set(parts):
            continue
        if path.suffix == ".py" or ("templates" in parts and path.is_file()):
            yield path


def wanted(area: Path) -> Catalog:
    """Collect every text of the area in reading order."""
    catalog = Catalog(locale="en", fuzzy=False)
    for path in sources(area):
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Indentation of a page means nothing to Python: take it away before tokenizing.
            pseudo = templatize(source, origin=str(path))
            source = "\n".join(line.lstrip() for line in pseudo.split("\n"))
        place = path.relative_to(ROOT).as_posix()
        stream = io.BytesIO(source.encode())
        for line, text, _comments, context in extract("python", stream, keywords=KEYWORDS):
            key = text if isinstance(text, str) else text[0]
            if not key:
                continue
            known = catalog.get(key, context)
            if known and isinstance(text, tuple) and not known.pluralizable:
                catalog.delete(key, context)
            # The same words with and without a number make one plural entry.
            plural = known and known.pluralizable and isinstance(text, str)
            catalog.add(
                known.id if known and plural else text, None, [(place, line)], context=context
            )
    return catalog


def read(area: Path) -> Catalog:
    """Return the area's catalogue as it lies on disk, empty when there is none."""
    path = area / PO
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def entries(catalog: Catalog) -> dict[Key, Message]:
    """Return the messages by context and text, the header left out."""
    return {key_of(message): message for message in catalog if message.id}


def key_of(message: Message) -> Key:
    """Return how a message is known."""
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context, text


def update(area: Path) -> None:
    """Write the catalogue: new texts empty, gone texts dropped, translations kept."""
    old, new = entries(read(area)), wanted(area)
    for key, message in entries(new).items():
        if key in old:
            message.string = carry(old[key], message)
            message.flags |= old[key].flags & {"fuzzy"}
    if not entries(new) and not old:
        return
    body = io.BytesIO()
    write_po(body, new, width=100, omit_header=True, include_lineno=False)
    text = HEADER + body.getvalue().decode().lstrip("\n")
    path = area / PO
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".po.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    empty = sum(1 for message in new if message.id and not any(forms(message)))
    gone = len(old.keys() - entries(new).keys())
    print(f"{path.relative_to(ROOT)}: {len(entries(new))} texts, {empty} without English, -{gone}")


def carry(old: Message, new: Message) -> str | tuple[str, ...]:
    """Return the old translation in the shape that the new message needs."""
    said = forms(old)
    if new.pluralizable:
        return (said[0], said[-1])
    return said[-1]


def forms(message: Message) -> list[str]:
    """Return every translated form of a message."""
    said = message.string or ""
    return [said] if isinstance(said, str) else list(said)


def check(area: Path) -> list[str]:
    """Return a sentence for everything wrong with the area's catalogue."""
    old, new = entries(read(area)), entries(wanted(area))
    name = (area / PO).relative_to(ROOT)
    faults = [f"{name}: no longer used: {key[1]!r}" for key in old.keys() - new.keys()]
    for key, message in new.items():
        faults += [f"{name}: {fault}: {key[1]!r}" for fault in wrong_with(message, old.get(key))]
    return sorted(faults)


def wrong_with(message: Message, translated: Message | None) -> Iterator[str]:
    """Yield what is wrong with the English of one text."""
    if translated is None:
        yield "missing"
        return
    if message.pluralizable != translated.pluralizable:
        yield "plural here, not there"
        return
    if translated.fuzzy:
        yield "marked fuzzy"
    said = forms(translated)
    if not all(said):
        yield "without English"
        return
    asked = [message.id] if isinstance(message.id, str) else list(message.id)
    for place, text in enumerate(said):
        expected = Counter(HOLES.findall(asked[min(place, len(asked) - 1)]))
        found = Counter(HOLES.findall(text))
        # "One person" may leave its number out; nothing else may be left out or invented.
        if found != expected and not (message.pluralizable and place == 0 and found <= expected):
            yield f"placeholders differ ({sorted(expected)} became {sorted(found)})"
        if text == asked[0] and HAN.search(text):
            yield "left in Chinese"


def compile_area(area: Path) -> None:
    """Write the area's .mo file when it is older than the .po."""
    source = area / PO
    target = source.with_suffix(".mo")
    if not source.exists():
        return
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return
    out = io.BytesIO()
    write_mo(out, read(area))
    beside = target.with_suffix(".mo.new")
    beside.write_bytes(out.getvalue())
    beside.replace(target)


if __name__ == "__main__":
    sys.exit(main())
