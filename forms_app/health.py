"""Forms that do not work as they stand, found before those who answer find them."""

import datetime
from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.health import Finding, Severity
from forms_app import gate
from forms_app.building import schema_of
from forms_app.kinds import KINDS
from forms_app.models import FormDefinition, FormVersion
from forms_app.schema import FormSchema

#: A form closes soon: staff should know before those who answer do.
SOON = datetime.timedelta(days=3)


def check(on: datetime.date) -> Iterator[Finding]:
    """What is wrong with the forms that people meet; three queries, however many there are."""
    definitions = list(
        FormDefinition.objects.select_related("opening").annotate(
            answers=Count("versions__submissions", filter=Q(versions__submissions__replaces=None))
        )
    )
    newest: dict[int, FormVersion] = {}
    for version in FormVersion.objects.order_by("definition_id", "-number").distinct(
        "definition_id"
    ):
        newest[version.definition_id] = version
    for definition in definitions:
        published = newest.get(definition.pk)
        link = reverse("forms_app_publish", args=[definition.pk])
        if published is None:
            yield Finding(
                _("The form «%(name)s» has never been published.") % {"name": definition.name},
                Severity.WARNING,
                link,
            )
            continue
        yield from _published(definition, published, on, link)
        yield from _opening(definition)


def _published(
    definition: FormDefinition, version: FormVersion, on: datetime.date, link: str
) -> Iterator[Finding]:
    """A version is frozen, but the portal around it is not."""
    words = {"name": definition.name, "number": version.number}
    schema = FormSchema.from_plain(version.schema)
    unknown = {one.kind for one in schema.fields()} - set(KINDS)
    if unknown:
        yield Finding(
            _("«%(name)s» asks in a way the portal no longer knows: %(kinds)s.")
            % {**words, "kinds": ", ".join(sorted(unknown))},
            Severity.BROKEN,
            link,
        )
        return
    stopping = [one for one in gate.findings(schema, today=on) if one.stops]
    if stopping:
        yield Finding(
            _("Version %(number)s of «%(name)s» would not be published today: %(first)s")
            % {**words, "first": stopping[0].message},
            Severity.WARNING,
            link,
        )
    if schema_of(definition).to_plain() != version.schema:
        yield Finding(
            _("«%(name)s» has been changed since version %(number)s, but not published.") % words,
            Severity.WARNING,
            link,
        )


def _opening(definition: FormDefinition) -> Iterator[Finding]:
    opening = getattr(definition, "opening", None)
    if opening is None:
        return
    link = reverse("forms_app_opening", args=[definition.pk])
    words = {"name": definition.name}
    now = timezone.now()
    given = definition.answers  # type: ignore[attr-defined]
    if opening.answer_limit and given >= opening.answer_limit:
        yield Finding(
            _("«%(name)s» takes no more answers: its limit is reached.") % words,
            Severity.WARNING,
            link,
        )
    if opening.closes_at and now <= opening.closes_at <= now + SOON:
        yield Finding(_("«%(name)s» closes within three days.") % words, Severity.WARNING, link)
