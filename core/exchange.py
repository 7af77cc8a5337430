"""Definitions carried between installations: one envelope, one check, nothing half-done.

A room registers a :class:`Kind`; this module writes the envelope, reads it again and
refuses what cannot be read, in words. The file names no day and no installation, so
the same definition always gives the same bytes.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import ValidationError

FORMAT = "kompetensportalen.exchange"
FORMAT_VERSION = 1
MAX_BYTES = 2 * 1024 * 1024
MAX_PROBLEMS = 20
#: Deeper than any definition, and far from what Python can follow.
MAX_DEPTH = 80

#: What every file looks like, whatever it carries; the content has its kind's own schema.
ENVELOPE: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["format", "format_version", "kind", "kind_version", "key", "content", "digest"],
    "properties": {
        "format": {"const": FORMAT},
        "format_version": {"const": FORMAT_VERSION},
        "kind": {"type": "string", "minLength": 1, "maxLength": 60},
        "kind_version": {"type": "integer", "minimum": 1},
        "key": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*$", "maxLength": 60},
        "content": {"type": "object"},
        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
}


class Refused(Exception):
    """The file cannot be used here; ``problems`` says why, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class Kind:
    """One kind of definition that can be carried."""

    key: str
    name: str | Promise
    #: JSON Schema (2020-12) of the content.
    schema: Mapping[str, Any]
    #: The content of the definition with the key, or nothing when there is none here.
    export: Callable[[str], dict[str, Any] | None]
    #: What stops the content from being taken in here: roles, kinds, references that are missing.
    problems: Callable[[str, Mapping[str, Any]], Sequence[str]]
    #: What would be different here, in words; the first argument is the key.
    changes: Callable[[str, Mapping[str, Any]], Sequence[str]]
    #: Writes it, inside the caller's transaction; (key, content, actor).
    apply: Callable[[str, Mapping[str, Any], Any], Any]
    version: int = 1
    #: Lifts content of an older version to this one: from version to function.
    upgrades: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Envelope:
    """A file that has been read and checked; its content is of the kind's newest version."""

    kind: str
    key: str
    content: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class Preview:
    """The dry run: what would happen here, and what stops it."""

    envelope: Envelope
    is_new: bool
    changes: Sequence[str]
    problems: Sequence[str]


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Let definitions of a kind be carried; called in a room's ``AppConfig.ready``."""
    Draft202012Validator.check_schema(kind.schema)
    _KINDS[kind.key] = kind


def kinds() -> list[Kind]:
    """Every kind that can be carried here."""
    return list(_KINDS.values())


def write(kind_key: str, key: str) -> bytes:
    """The file of one definition.

    :raises LookupError: when there is no such kind or no such definition.
    """
    kind = _KINDS[kind_key]
    content = kind.export(key)
    if content is None:
        raise LookupError(key)
    body = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "kind": kind.key,
        "kind_version": kind.version,
        "key": key,
        "content": content,
    }
    return _bytes_of({**body, "digest": digest_of(body)})


def read(data: bytes, *, only: str = "") -> Envelope:
    """Read a file and check everything that can be checked without the database.

    :param only: the one kind that is welcome, when the page is about one.
    :raises Refused: with every reason found.
    """
    plain = _plain_of(data)
    _ensure_shape(plain, ENVELOPE, "")
    body = {name: value for name, value in plain.items() if name != "digest"}
    if digest_of(body) != plain["digest"]:
        raise Refused([_("The file has been changed since it was exported. Export it again.")])
    kind = _KINDS.get(plain["kind"])
    if kind is None or (only and kind.key != only):
        raise Refused([_("The file holds «%s», which cannot be taken in here.") % plain["kind"]])
    content = _upgraded(kind, plain["kind_version"], plain["content"])
    _ensure_shape(content, kind.schema, "content")
    return Envelope(kind.key, plain["key"], content, plain["digest"])


def preview(envelope: Envelope) -> Preview:
    """The dry run; writes nothing."""
    kind = _KINDS[envelope.kind]
    problems = list(kind.problems(envelope.key, envelope.content))
    is_new = kind.export(envelope.key) is None
    changes = [] if problems else list(kind.changes(envelope.key, envelope.content))
    return Preview(envelope, is_new, changes, problems)


@transaction.atomic
def apply(envelope: Envelope, *, actor: Any) -> Any:
    """Take the definition in, all of it or nothing.

    :raises Refused: when something is missing here.
    """
    kind = _KINDS[envelope.kind]
    problems = list(kind.problems(envelope.key, envelope.content))
    if problems:
        raise Refused(problems)
    return kind.apply(envelope.key, envelope.content, actor)


def digest_of(plain: Any) -> str:
    """SHA-256 over the one way to write the JSON value."""
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _bytes_of(plain: Mapping[str, Any]) -> bytes:
    return (json.dumps(plain, sort_keys=True, indent=2, ensure_ascii=False) + "\n").encode()


def _plain_of(data: bytes) -> Any:
    if len(data) > MAX_BYTES:
        raise Refused([_("The file is larger than 2 MB, so it is not one of ours.")])
    try:
        text = data.decode("utf-8")
        plain = json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        json.dumps(plain, ensure_ascii=False).encode()
        _ensure_shallow(plain)
    except (UnicodeError, ValueError, RecursionError):
        raise Refused(
            [_("The file cannot be read. It must be a file exported from here.")]
        ) from None
    if "\\u0000" in text or "\x00" in text:
        raise Refused([_("The file holds characters that cannot be stored.")])
    return plain


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice would let two readers read two different files."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is given twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    """1e999 is read as infinity, which no column of JSON holds."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _ensure_shallow(plain: Any) -> None:
    """Checking the shape follows the values down; a file too deep would stop it half-way."""
    level, depth = [plain], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise ValueError("too deep")
        level = [inner for one in level for inner in _inside(one)]


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _upgraded(kind: Kind, version: int, content: dict[str, Any]) -> dict[str, Any]:
    if version > kind.version:
        raise Refused([_("The file was exported from a newer edition of the portal.")])
    while version < kind.version:
        if version not in kind.upgrades:
            raise Refused([_("The file is from an edition too old to be read here.")])
        content, version = kind.upgrades[version](content), version + 1
    return content


def _ensure_shape(plain: Any, schema: Mapping[str, Any], at: str) -> None:
    errors = sorted(_Validator(schema).iter_errors(plain), key=_where)
    if errors:
        # A fault is said once, though each missing name is an error of its own.
        said = dict.fromkeys(_sentence(error, at) for error in errors)
        raise Refused(list(said)[:MAX_PROBLEMS])


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Iterator[ValidationError]:
    """The whole text: to Python «$» also matches before a last line break."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError("another pattern")


_Validator: Any = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"pattern": _pattern}
)


def _where(error: ValidationError) -> list[str]:
    return [str(part).zfill(6) for part in error.absolute_path]


def _sentence(error: ValidationError, at: str) -> str:
    """One fault in words: where it is, and what is wrong there."""
    path = " → ".join([*([at] if at else []), *(_place(one) for one in error.absolute_path)])
    where = {"where": path or _("the file")}
    wanted: Any = error.validator_value
    given: Any = error.instance
    match error.validator:
        case "required":
            lacking = [one for one in wanted if one not in given]
            return _("%(where)s lacks «%(name)s».") % {**where, "name": ", ".join(lacking)}
        case "additionalProperties" | "unevaluatedProperties":
            known = (
                set(error.schema.get("properties", ())) if isinstance(error.schema, dict) else ()
            )
            extra = [one for one in given if one not in known]
            return _("%(where)s has «%(name)s», which is unknown here.") % {
                **where,
                "name": ", ".join(extra),
            }
        case "enum" | "const":
            return _("%(where)s is «%(value)s», which is unknown here.") % {
                **where,
                "value": str(given)[:80],
            }
        case "type":
            return _("%(where)s is of the wrong type.") % where
    return _("%(where)s cannot be used as it is.") % where


def _place(part: object) -> str:
    return f"{part + 1}" if isinstance(part, int) else str(part)
