"""The Swedish of every string: compile it, and find what has none yet.

``python -m config.messages compile`` makes the .mo files, ``check`` fails when a
string lacks its Swedish or has two, ``add`` writes empty entries to fill in.
"""

import argparse
import ast
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "sv"
ROOMS = (
    "core", "audit", "people", "forms_app", "workflows", "programme", "cms", "reports",
)  # fmt: skip
# Folders of templates whose name another package decides.
OWNERS = {"account": "people", "mfa": "people"}
# Position of the singular and of the plural among a call's arguments.
# The last is how a module that has lazy words too names those of the moment.
SIMPLE = {"gettext", "gettext_lazy", "gettext_noop", "_", "_now"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}


@dataclass(frozen=True, order=True)
class Text:
    """One string to translate, where it was found and whose catalogue it belongs to."""

    catalogue: str
    msgid: str
    context: str
    plural: str
    where: str


def texts_of(root: Path = ROOT) -> list[Text]:
    """Every translatable string of the code and the templates below the root."""
    found: list[Text] = []
    for room in (*ROOMS, "config"):
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts:
                found += _in_python(path.read_text(), path.relative_to(root), _catalogue(room))
    for folder in ("templates", *(f"{room}/templates" for room in ROOMS)):
        for path in sorted((root / folder).rglob("*.*")):
            if path.suffix in (".html", ".txt"):
                relative = path.relative_to(root)
                found += _in_template(path.read_text(), relative, _owner(relative))
    return found


def _catalogue(room: str) -> str:
    return room if room in ROOMS else ""


def _owner(template: Path) -> str:
    """templates/<room>/… belongs to the room; everything shared to the top catalogue."""
    parts = template.parts
    folder = parts[0] if parts[0] != "templates" else parts[1]
    return _catalogue(OWNERS.get(folder, folder))


def _in_python(source: str, where: Path, catalogue: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        words = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        place = f"{where}:{node.lineno}"
        if name in SIMPLE and words:
            yield Text(catalogue, words[0], "", "", place)
        elif name in PLURAL and len(words) > 1:
            yield Text(catalogue, words[0], "", words[1], place)
        elif name in CONTEXT and len(words) > 1:
            yield Text(catalogue, words[1], words[0], "", place)
        elif name in CONTEXT_PLURAL and len(words) > 2:
            yield Text(catalogue, words[1], words[0], words[2], place)


def _in_template(source: str, where: Path, catalogue: str) -> Iterator[Text]:
    from django.utils.translation.template import templatize

    # templatize() keeps the line structure and turns tags into gettext calls, but
    # leaves the rest as noise that is no Python; the calls stand each on its own.
    for number, line in enumerate(templatize(source, str(where)).splitlines(), 1):
        for call in _calls(line):
            for text in _in_python(call, where, catalogue):
                yield Text(
                    text.catalogue, text.msgid, text.context, text.plural, f"{where}:{number}"
                )


def _calls(line: str) -> Iterator[str]:
    """The gettext calls on a line of templatize()'s output, balanced up to their end."""
    at = 0
    while at < len(line):
        starts = [
            i
            for name in ("_(", "gettext(", "ngettext(", "pgettext(", "npgettext(")
            if (i := line.find(f" {name}", at)) >= 0
        ]
        if not starts:
            return
        start = min(starts) + 1
        end = line.find(")", start)
        while end >= 0:
            try:
                ast.parse(line[start : end + 1])
            except SyntaxError:
                end = line.find(")", end + 1)
            else:
                yield line[start : end + 1]
                break
        at = start + 1 if end < 0 else end + 1


def catalogue_path(catalogue: str, root: Path = ROOT) -> Path:
    """Where a room's Swedish is; the top folder's when the catalogue is unnamed."""
    return root / catalogue / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"


def translated(root: Path = ROOT) -> set[tuple[str, str]]:
    """(context, msgid) of every string that some catalogue has Swedish for."""
    known: set[tuple[str, str]] = set()
    for path in catalogues(root):
        for entry in polib.pofile(str(path)):
            if entry.translated() and not entry.fuzzy:
                known.add((entry.msgctxt or "", entry.msgid))
    return known


def conflicting(root: Path = ROOT) -> dict[tuple[str, str], list[str]]:
    """(context, msgid) of every string that two catalogues say differently, and their Swedish.

    Django lays all catalogues in one, so one of the two would stand in the other's place as well.
    """
    said: dict[tuple[str, str], dict[str, None]] = {}
    for path in catalogues(root):
        for entry in polib.pofile(str(path)):
            if entry.msgid and entry.translated() and not entry.fuzzy:
                swedish = entry.msgstr or " / ".join(entry.msgstr_plural.values())
                said.setdefault((entry.msgctxt or "", entry.msgid), {})[swedish] = None
    return {key: list(words) for key, words in sorted(said.items()) if len(words) > 1}


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every .po file of the project."""
    paths = [catalogue_path(name, root) for name in ("", *ROOMS)]
    return [path for path in paths if path.exists()]


def missing(root: Path = ROOT) -> list[Text]:
    """Strings without Swedish, one line for each string and catalogue."""
    known = translated(root)
    lacking: dict[tuple[str, str, str], Text] = {}
    for text in texts_of(root):
        if text.msgid and (text.context, text.msgid) not in known:
            lacking.setdefault((text.catalogue, text.context, text.msgid), text)
    return sorted(lacking.values())


def compile_all(root: Path = ROOT) -> list[Path]:
    """Write each .mo that is older than its .po; the ones written."""
    written = []
    for path in catalogues(root):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        # Written beside and moved in place: a process starting now never reads half a file.
        half = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(path)).save_as_mofile(str(half))
        half.replace(target)
        written.append(target)
    return written


def add_missing(texts: Iterable[Text], root: Path = ROOT) -> int:
    """Append an empty entry for each string to its room's catalogue; how many."""
    count = 0
    for text in texts:
        path = catalogue_path(text.catalogue, root)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_text(HEADER)
        known = polib.pofile(str(path))
        if known.find(text.msgid, msgctxt=text.context or False):
            continue
        entry = polib.POEntry(msgid=text.msgid, occurrences=[tuple(text.where.split(":"))])
        if text.context:
            entry.msgctxt = text.context
        if text.plural:
            entry.msgid_plural, entry.msgstr_plural = text.plural, {0: "", 1: ""}
        with path.open("a") as file:
            file.write(f"\n{entry}")
        count += 1
    return count


HEADER = (
    'msgid ""\nmsgstr ""\n"Language: sv\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
)


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; 1 when a string lacks its Swedish or has two."""
    parser = argparse.ArgumentParser(prog="config.messages", description=__doc__)
    parser.add_argument("do", choices=["compile", "check", "add"])
    parser.add_argument("--root", type=Path, default=ROOT)
    asked = parser.parse_args(arguments)
    if asked.do == "compile":
        for path in compile_all(asked.root):
            print(path.relative_to(asked.root))
        return 0
    lacking = missing(asked.root)
    if asked.do == "add":
        print(f"{add_missing(lacking, asked.root)} entries to fill in")
        return 0
    for text in lacking:
        print(f"{text.where}: {text.msgid!r}")
    print(f"{len(lacking)} strings without Swedish", file=sys.stderr)
    twice = conflicting(asked.root)
    for (_context, msgid), words in twice.items():
        print(f"{msgid!r} is said in two ways: {', '.join(words)}")
    return 1 if lacking or twice else 0


if __name__ == "__main__":
    sys.exit(main())
