"""Completing a returned case: what was asked, and what may therefore be changed."""

from collections.abc import Collection, Mapping
from typing import Any

from core.conditions import fields_of
from core.erasure import is_erased
from forms_app.schema import FormSchema
from workflows.models import Case, Decision


def last_return(case: Case) -> Decision | None:
    """The newest return with its reason and its questions."""
    return (
        case.decisions.filter(verdict=Decision.Verdict.RETURN).order_by("decided_at", "pk").last()
    )


def asked_fields(case: Case) -> list[str]:
    """The fields that the last return asked about; empty means all of them."""
    returned = last_return(case)
    return list(returned.asked_fields) if returned else []


def unlocked(
    schema: FormSchema, asked: Collection[str], *, fixed: Collection[str]
) -> frozenset[str]:
    """The fields that may be changed when so much is asked about.

    Fields that a condition ties to an asked one are open too, or an answer could
    raise a question that cannot be answered.

    :param fixed: what is never changed: another person or unit is another case.
    """
    every = frozenset(one.key for one in schema.fields())
    wanted = frozenset(asked) or every
    tied = {
        one.key
        for one in schema.fields()
        if (fields_of(one.show_if) | fields_of(one.require_if)) & wanted
    }
    return (wanted | tied) - frozenset(fixed)


def first_step(schema: FormSchema, open_fields: Collection[str]) -> str:
    """Where to begin: at the first question that may be answered."""
    for step in schema.steps:
        if any(one.key in open_fields for one in step.fields):
            return step.key
    return schema.steps[0].key


def changed_beside(
    before: Mapping[str, Any], now: Mapping[str, Any], open_fields: Collection[str]
) -> list[str]:
    """Answers that differ although nobody asked about them; an erased one is not asked for again."""
    return sorted(
        key
        for key in {*before, *now} - set(open_fields)
        if before.get(key) != now.get(key)
        and not (is_erased(before.get(key)) and now.get(key) in (None, "", []))
    )
