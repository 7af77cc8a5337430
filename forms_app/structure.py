"""What must be right in groups, calculated values and fetched answers; pure."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from forms_app import prefill
from forms_app.calculations import OVER_ROWS, Operation
from forms_app.kinds import ROW_KINDS
from forms_app.schema import FieldSchema

NUMBERS = ("number", "calculated")


def problems(field: FieldSchema, before: Mapping[str, FieldSchema]) -> Iterator[str]:
    """What is wrong with one question.

    :param before: the questions that come before it, by key.
    """
    if field.kind == "group":
        yield from _group_problems(field, before)
    if field.kind == "calculated":
        yield from _calculation_problems(field, before)
    if field.prefill:
        yield from _prefill_problems(field)


def _group_problems(group: FieldSchema, before: Mapping[str, FieldSchema]) -> Iterator[str]:
    named = {"label": group.label}
    if not group.fields:
        yield _("The rows of «%(label)s» have no questions. Add one.") % named
    seen: set[str] = set()
    for column in group.fields:
        if column.kind not in ROW_KINDS:
            yield _("«%(label)s» cannot have the question «%(column)s» in its rows.") % {
                **named,
                "column": column.label,
            }
        if column.key in seen or column.key in before or column.key == group.key:
            yield _("The question «%(column)s» in «%(label)s» needs a key of its own.") % {
                **named,
                "column": column.label,
            }
        seen.add(column.key)
    if group.max_rows is not None and group.max_rows < max(group.min_rows or 0, 1):
        yield _("«%(label)s» must allow at least as many rows as it asks for.") % named


def _calculation_problems(field: FieldSchema, before: Mapping[str, FieldSchema]) -> Iterator[str]:
    named = {"label": field.label}
    made = field.calculation
    if made is None or made.operation not in Operation.__members__.values():
        yield _("«%(label)s» does not say what it is worked out from.") % named
        return
    wanted = {
        Operation.DAYS_BETWEEN: (("date",), _("a date")),
    }.get(Operation(made.operation), (NUMBERS, _("a number")))
    if made.operation in OVER_ROWS:
        group = before.get(made.first)
        if group is None or group.kind != "group":
            yield _("«%(label)s» is worked out from «%(key)s», which is no group before it.") % {
                **named,
                "key": made.first,
            }
            return
        columns = {one.key: one for one in group.fields}
        asked = [(made.second, columns)] if made.operation == Operation.SUM_ROWS else []
    else:
        asked = [(made.first, dict(before)), (made.second, dict(before))]
    for key, among in asked:
        if key not in among or among[key].kind not in wanted[0]:
            yield _(
                "«%(label)s» is worked out from «%(key)s», which is not %(kind)s before it."
            ) % {
                **named,
                "key": key,
                "kind": wanted[1],
            }


def _prefill_problems(field: FieldSchema) -> Iterator[str]:
    source = prefill.SOURCES.get(field.prefill)
    if source is None:
        yield _("«%(label)s» is fetched from «%(source)s», which does not exist.") % {
            "label": field.label,
            "source": field.prefill,
        }
    elif field.kind not in source.kinds:
        yield _("«%(label)s» cannot be fetched from %(source)s: it is another kind of answer.") % {
            "label": field.label,
            "source": source.label,
        }
