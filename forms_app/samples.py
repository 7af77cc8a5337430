"""Keeps sample answers with their expected outcome, and runs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import operation
from forms_app import access, rules
from forms_app.models import FormDefinition, FormSample
from forms_app.schema import FormSchema
from forms_app.trial import Outcome, differences, try_form
from people.access import actor_of
from people.models import User


@dataclass(frozen=True)
class SampleRun:
    """A sample and how it came out."""

    sample: FormSample
    wrong: list[str]

    @property
    def passes(self) -> bool:
        """Whether it came out as expected."""
        return not self.wrong


def run_samples(definition: FormDefinition, schema: FormSchema) -> list[SampleRun]:
    """Every sample of the form, tried; one query."""
    return [
        SampleRun(
            sample,
            list(
                differences(
                    schema,
                    Outcome.from_plain(sample.expected),
                    try_form(schema, sample.raw).outcome,
                )
            ),
        )
        for sample in definition.samples.all()
    ]


def problems(definition: FormDefinition, schema: FormSchema) -> list[rules.Problem]:
    """What stops publishing: each sample that does not come out as expected."""
    return [
        rules.Problem(
            _("The sample «%(name)s» comes out otherwise than expected: %(wrong)s")
            % {"name": one.sample.name, "wrong": " ".join(one.wrong)},
            sample=one.sample.pk,
        )
        for one in run_samples(definition, schema)
        if not one.passes
    ]


@transaction.atomic
def save_sample(
    *,
    definition: FormDefinition,
    name: str,
    raw: Mapping[str, Any],
    expected: Outcome,
    actor: User,
) -> FormSample:
    """Keep a sample; one with the same name is replaced.

    :raises people.access.NotAllowed: when the actor may not build forms.
    """
    access.ensure_may_build(actor)
    # Two savings at once would otherwise both find no sample of the name.
    FormDefinition.objects.select_for_update().get(pk=definition.pk)
    with operation("form.sample.save", actor=actor_of(actor), subject=definition.key):
        sample, _made = FormSample.objects.update_or_create(
            definition=definition,
            name=name,
            defaults={"raw": dict(raw), "expected": expected.to_plain()},
        )
    return sample


@transaction.atomic
def remove_sample(*, definition: FormDefinition, sample_id: int, actor: User) -> None:
    """Take a sample away; one that is already gone is no matter.

    :raises people.access.NotAllowed: when the actor may not build forms.
    """
    access.ensure_may_build(actor)
    with operation("form.sample.remove", actor=actor_of(actor), subject=definition.key):
        FormSample.objects.filter(definition=definition, pk=sample_id).delete()
