"""How long answers are kept: what contradicts, and what is missing."""

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from forms_app.care import NO_RETENTION, NOT_PERSONAL, Retention
from forms_app.gate.base import Finding, Level, Place
from forms_app.gate.personal import category_of
from forms_app.schema import FormSchema


def of_form(schema: FormSchema, places: Sequence[Place], today: datetime.date) -> Iterator[Finding]:
    """The form's own times, then each question's."""
    for level, message in _problems(_("the form"), schema.retention, today):
        yield Finding(level, "GDPR 5", message)
    for place in places:
        own = place.schema.retention
        label = place.schema.label
        if own != NO_RETENTION:
            held = own.within(schema.retention)
            for level, message in _problems(label, held, today):
                yield Finding(level, "GDPR 5", message, place.step, place.field)
    yield from _never_deleted(schema, places)


def _problems(owner: str, kept: Retention, today: datetime.date) -> Iterator[tuple[Level, str]]:
    words = {
        "owner": owner,
        "day": kept.keep_until,
        "days": kept.delete_after_days,
        "decision": kept.keep_decision,
    }
    if kept.keep_until and kept.kept_until is None:
        yield Level.ERROR, _("«%(owner)s» is kept until a day that cannot be read.") % words
        return
    if kept.kept_until is None:
        return
    if not kept.keep_decision:
        yield (
            Level.ERROR,
            _("«%(owner)s» is kept until %(day)s. Name the decision that says so.") % words,
        )
    if kept.kept_until < today:
        yield Level.ADVICE, _("«%(owner)s» was to be kept until %(day)s, which has passed.") % words
    elif kept.delete_after_days and today + datetime.timedelta(days=kept.delete_after_days) <= (
        kept.kept_until
    ):
        yield (
            Level.ADVICE,
            _(
                "Two times meet: «%(owner)s» is to be deleted after %(days)s days, but kept until"
                " %(day)s (%(decision)s). Keeping wins: nothing is deleted before that day is over."
            )
            % words,
        )


def _never_deleted(schema: FormSchema, places: Sequence[Place]) -> Iterator[Finding]:
    for place in places:
        category = category_of(place.schema)
        held = place.schema.retention.within(schema.retention)
        said = held.delete_after_days or held.keep_until
        if category is None or said or place.schema.privacy.legal_basis == NOT_PERSONAL:
            continue
        words = {"label": place.schema.label, "category": category.words}
        if category.sensitive:
            yield place.error(
                "GDPR 5",
                _("«%(label)s» asks for %(category)s. Say how long the answer is kept.") % words,
            )
        else:
            yield place.advice(
                "GDPR 5",
                _("Nothing says how long the answer to «%(label)s» is kept.") % words,
            )
