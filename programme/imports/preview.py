"""Turns a table into checked rows: who, which answers, and what is wrong with each.

The same checks as in the wizard (`forms_app.answers.check` and `programme.rules`),
in a number of queries that does not grow with the rows.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from forms_app import answers
from forms_app.schema import FieldSchema, FormSchema
from people.identity import BadIdentityNumber, digest, parse
from people.models import Person, User
from programme import access, checks, rules
from programme.answers import PERSON, is_key_function
from programme.imports.reader import BadFile, Table
from programme.models import NominationKind, Wave

# Each confirmed row opens a case, and all of them in one transaction.
MAX_NOMINATIONS = 500

# Headings that registers export, whatever language the page is read in.
ALIASES = {
    "personnummer": "identity",
    "samordningsnummer": "identity",
    "e-post": "email",
    "e-postadress": "email",
    "epost": "email",
}


@dataclass
class Row:
    """One row of the file; never holds the identity number that it was found by."""

    number: int
    person: str = ""
    raw: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_plain(self) -> dict[str, Any]:
        """As JSON values, for the batch."""
        return {
            "number": self.number,
            "person": self.person,
            "raw": self.raw,
            "errors": self.errors,
            "notes": self.notes,
        }


def identity_heading() -> str:
    """The heading of the column with personal identity numbers."""
    return _("Personal identity number")


def email_heading() -> str:
    """The heading of the column with work addresses."""
    return _("Work e-mail")


def importable_fields(schema: FormSchema) -> list[FieldSchema]:
    """The questions that a cell can answer: not the person, who is found, files, rows or sums."""
    without = ("file", "group", "calculated")
    return [one for one in schema.fields() if one.key != PERSON and one.kind not in without]


def without_person(schema: FormSchema) -> FormSchema:
    """The form without the question of whom, since each row has found its person already."""
    return replace(
        schema,
        steps=tuple(
            replace(step, fields=tuple(one for one in step.fields if one.key != PERSON))
            for step in schema.steps
        ),
    )


def check_table(
    table: Table,
    *,
    schema: FormSchema,
    wave: Wave,
    kind: NominationKind,
    actor: User,
    day: datetime.date,
) -> list[Row]:
    """Every row with its person, answers and errors.

    :raises BadFile: when the headings are not the form's.
    """
    if len(table.rows) > MAX_NOMINATIONS:
        raise BadFile(
            _("At most %(most)s persons can be nominated in one file. Divide it into several.")
            % {"most": MAX_NOMINATIONS}
        )
    columns = _columns(table.headers, schema)
    rows = []
    references: dict[int, str] = {}
    for number, cells in table.rows:
        values = dict(zip(columns, cells, strict=True))
        row = Row(number, raw=_raw(schema, values))
        references[number] = _reference(row, values)
        rows.append(row)
    persons = _find(rows, references, actor)
    _check_answers(rows, schema, actor)
    _check_repeated(rows)
    _check_rules(rows, persons, wave=wave, kind=kind, day=day)
    return rows


def _columns(headers: Sequence[str], schema: FormSchema) -> list[str]:
    """The field key behind each heading; two own keys for the person."""
    known = {
        **ALIASES,
        identity_heading().casefold(): "identity",
        email_heading().casefold(): "email",
    }
    for one in importable_fields(schema):
        known[one.label.strip().casefold()] = one.key
        known.setdefault(one.key.casefold(), one.key)
    columns = []
    for header in headers:
        name = header.strip().rstrip("*").strip().casefold()
        if name not in known:
            raise BadFile(
                _("The heading “%(name)s” is not one of the form's. Start from our template.")
                % {"name": header[:80] or "?"}
            )
        columns.append(known[name])
    if len(set(columns)) < len(columns):
        raise BadFile(_("Two columns answer the same question. Keep one of them."))
    if not {"identity", "email"} & set(columns):
        raise BadFile(
            _("A column with personal identity numbers or work e-mail addresses is missing.")
        )
    return columns


def _raw(schema: FormSchema, values: Mapping[str, str]) -> dict[str, Any]:
    """The cells as the wizard would have posted them: choices by value instead of label."""
    return {
        one.key: _typed(one, values[one.key])
        for one in importable_fields(schema)
        if one.key in values
    }


def _typed(question: FieldSchema, cell: str) -> Any:
    if question.kind not in ("choice", "choices"):
        return cell
    by_label = {one.label.strip().casefold(): one.value for one in question.choices}
    if question.kind == "choice":
        return by_label.get(cell.casefold(), cell)
    parts = [part.strip() for part in cell.split(";") if part.strip()]
    return [by_label.get(part.casefold(), part) for part in parts]


def _reference(row: Row, values: Mapping[str, str]) -> str:
    """What finds the person: a digest of the number, or the address; the number is let go here."""
    written, email = values.get("identity", ""), values.get("email", "")
    if written:
        try:
            return "digest:" + digest(parse(written).number12)
        except BadIdentityNumber as error:
            row.errors.append(str(error.message))
            return ""
    if email:
        return "email:" + email.casefold()
    row.errors.append(_("Write a personal identity number or a work e-mail address."))
    return ""


def _find(rows: list[Row], references: dict[int, str], actor: User) -> dict[str, Person]:
    """Give each row its person, among those that the actor may nominate."""
    wanted = {value for value in references.values() if value}
    digests = {value[7:] for value in wanted if value.startswith("digest:")}
    emails = {value[6:] for value in wanted if value.startswith("email:")}
    nominable = access.nominable_persons(actor).select_related("unit", "identity")
    found: dict[str, list[Person]] = {}
    for person in nominable.filter(identity__digest__in=digests):
        found.setdefault("digest:" + person.identity.digest, []).append(person)
    for person in nominable.filter(email__in=emails):
        found.setdefault("email:" + person.email.casefold(), []).append(person)
    persons = {}
    for row in rows:
        reference = references[row.number]
        matches = found.get(reference, [])
        if len(matches) == 1:
            row.person = matches[0].public_id
            row.raw[PERSON] = row.person
            persons[row.person] = matches[0]
        elif reference:
            row.errors.append(
                _("Several persons have that address. Use the personal identity number.")
                if matches
                else _("Nobody in the units that you nominate from matches.")
            )
    return persons


def _check_answers(rows: list[Row], schema: FormSchema, actor: User) -> None:
    labels = schema.labels()
    asked = without_person(schema)
    sources = answers.sources_for(actor)
    for row in rows:
        checked = answers.check(asked, row.raw, viewer=actor, sources=sources)
        row.errors += [
            f"{labels.get(key, key)}: {message}"
            for key, messages in checked.errors.items()
            for message in messages
        ]


def _check_repeated(rows: list[Row]) -> None:
    again = rules.repeated((row.number, row.person) for row in rows if row.person)
    for row in rows:
        if row.number in again:
            row.errors.append(
                _("The same person stands on row %(row)s.") % {"row": again[row.number]}
            )


def _check_rules(
    rows: list[Row],
    persons: Mapping[str, Person],
    *,
    wave: Wave,
    kind: NominationKind,
    day: datetime.date,
) -> None:
    key_functions = frozenset(
        persons[row.person].pk for row in rows if row.person and _is_yes(row.raw)
    )
    terms = checks.terms_of(wave, kind, day)
    known = checks.candidates(
        list(persons.values()), wave=wave, kind=kind, key_functions=key_functions
    )
    for row in rows:
        if not row.person:
            continue
        for problem in rules.check_nomination(terms, known[persons[row.person].pk]):
            target = row.errors if problem.level is rules.Level.STOP else row.notes
            target.append(str(problem.message))


def _is_yes(raw: Mapping[str, Any]) -> bool:
    return is_key_function(raw) or str(raw.get("key_function", "")).casefold() in ("ja", "1")
