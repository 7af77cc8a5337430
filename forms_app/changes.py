"""What is different between two versions of a form, in words; pure."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.conditions import Condition, in_words
from forms_app import changed_care, prefill
from forms_app.kinds import KINDS
from forms_app.schema import FieldSchema, FormSchema, StepSchema


def changes(old: FormSchema, new: FormSchema) -> list[str]:
    """One sentence a difference; none when the versions ask the same."""
    return [*_form_changes(old, new), *_step_changes(old, new), *_field_changes(old, new)]


def _form_changes(old: FormSchema, new: FormSchema) -> Iterator[str]:
    if old.name != new.name:
        yield _("The name is «%(new)s», was «%(old)s».") % {"new": new.name, "old": old.name}
    if old.introduction != new.introduction:
        yield _("The introduction is rewritten.")
    yield from changed_care.of_form(old, new)


def _step_changes(old: FormSchema, new: FormSchema) -> Iterator[str]:
    before = {step.key: step for step in old.steps}
    after = {step.key: step for step in new.steps}
    for key, step in after.items():
        if key not in before:
            yield _("The step «%(title)s» is new.") % {"title": step.title}
    for key, step in before.items():
        if key not in after:
            yield _("The step «%(title)s» is removed.") % {"title": step.title}
        else:
            yield from _one_step(step, after[key], old, new)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield _("The steps come in another order.")


def _one_step(
    before: StepSchema, after: StepSchema, old: FormSchema, new: FormSchema
) -> Iterator[str]:
    if before.title != after.title:
        yield _("The step «%(old)s» is called «%(new)s».") % {
            "old": before.title,
            "new": after.title,
        }
    if before.description != after.description:
        yield _("The introduction of the step «%(title)s» is rewritten.") % {"title": after.title}
    if before.show_if != after.show_if:
        yield _("The step «%(title)s» is shown: %(new)s (was: %(old)s).") % {
            "title": after.title,
            "new": _condition(after.show_if, new),
            "old": _condition(before.show_if, old),
        }


def _field_changes(old: FormSchema, new: FormSchema) -> Iterator[str]:
    before = {field.key: field for field in old.fields()}
    after = {field.key: field for field in new.fields()}
    for key, field in after.items():
        if key not in before:
            yield _("The question «%(label)s» is new.") % {"label": field.label}
    for key, field in before.items():
        if key not in after:
            yield _("The question «%(label)s» is removed.") % {"label": field.label}
        elif field != after[key]:
            yield from _one_field(field, after[key], old, new)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield _("The questions come in another order.")


def _one_field(
    before: FieldSchema, after: FieldSchema, old: FormSchema, new: FormSchema
) -> Iterator[str]:
    named = {"label": after.label}
    if before.label != after.label:
        yield _("The question «%(old)s» reads «%(label)s».") % {**named, "old": before.label}
    if before.kind != after.kind:
        yield _("«%(label)s» is now asked as %(new)s, was %(old)s.") % {
            **named,
            "new": KINDS[after.kind].label,
            "old": KINDS[before.kind].label if before.kind in KINDS else before.kind,
        }
    if before.help != after.help:
        yield _("The help text of «%(label)s» is rewritten.") % named
    if before.required != after.required:
        yield (
            _("«%(label)s» must now be answered.")
            if after.required
            else _("«%(label)s» may now be left empty.")
        ) % named
    if before.show_if != after.show_if:
        yield _("«%(label)s» is asked: %(new)s (was: %(old)s).") % {
            **named,
            "new": _condition(after.show_if, new),
            "old": _condition(before.show_if, old),
        }
    if before.require_if != after.require_if:
        yield _("When «%(label)s» must be answered is changed.") % named
    yield from changed_care.of_field(before, after)
    yield from _choice_changes(before, after)
    yield from _row_changes(before, after, old, new)
    if before.calculation != after.calculation:
        yield _("«%(label)s» is worked out in another way.") % named
    if (before.prefill, before.prefill_locked) != (after.prefill, after.prefill_locked):
        yield (
            _("«%(label)s» is fetched from %(source)s.")
            % {**named, "source": prefill.words(after.prefill)}
            if after.prefill
            else _("«%(label)s» is no longer fetched from elsewhere.") % named
        )
    limits = ("max_length", "minimum", "maximum", "decimals", "max_megabytes", "extensions")
    if any(getattr(before, one) != getattr(after, one) for one in limits):
        yield _("The limits of «%(label)s» are changed.") % named


def _choice_changes(before: FieldSchema, after: FieldSchema) -> Iterator[str]:
    was, now = before.choice_labels, after.choice_labels
    for added in [label for value, label in now.items() if value not in was]:
        yield _("«%(label)s» has the new choice «%(choice)s».") % {
            "label": after.label,
            "choice": added,
        }
    for gone in [label for value, label in was.items() if value not in now]:
        yield _("«%(label)s» no longer has the choice «%(choice)s».") % {
            "label": after.label,
            "choice": gone,
        }
    for value in [one for one in was if one in now and was[one] != now[one]]:
        yield _("The choice «%(old)s» of «%(label)s» reads «%(new)s».") % {
            "label": after.label,
            "old": was[value],
            "new": now[value],
        }


def _row_changes(
    before: FieldSchema, after: FieldSchema, old: FormSchema, new: FormSchema
) -> Iterator[str]:
    was = {column.key: column for column in before.fields}
    now = {column.key: column for column in after.fields}
    for key, column in now.items():
        named = {"label": after.label, "column": column.label}
        if key not in was:
            yield _("The rows of «%(label)s» also ask «%(column)s».") % named
        elif was[key] != column:
            for said in _one_field(was[key], column, old, new):
                yield _("In the rows of «%(label)s»: %(said)s") % {**named, "said": said}
    for key in [one for one in was if one not in now]:
        yield _("The rows of «%(label)s» no longer ask «%(column)s».") % {
            "label": after.label,
            "column": was[key].label,
        }
    kept = [key for key in was if key in now]
    if kept != [key for key in now if key in was]:
        yield _("The questions in the rows of «%(label)s» come in another order.") % {
            "label": after.label
        }
    if (before.min_rows, before.max_rows) != (after.min_rows, after.max_rows):
        yield _("How many rows «%(label)s» may have is changed.") % {"label": after.label}


def _condition(condition: Condition | None, schema: FormSchema) -> str:
    return in_words(condition, schema.all_labels(), schema.choice_labels())
