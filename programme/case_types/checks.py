"""Gathers what the rules about a case type need to know."""

from forms_app.schema import FormSchema
from people.models import Role
from programme.case_types.rules import Facts
from programme.models import CaseType
from workflows.kinds import collisions


def facts_of(case_type: CaseType) -> Facts:
    """The type with its form, its workflow and the roles that exist."""
    newest = case_type.form.versions.first()
    workflow = case_type.workflow
    return Facts(
        key=case_type.key,
        belongs_to=case_type.belongs_to,
        schema=FormSchema.from_plain(newest.schema) if newest else None,
        form_name=case_type.form.name,
        workflow_name=workflow.name if workflow else "",
        workflow_kind=workflow.case_kind if workflow else "",
        workflow_published=bool(
            workflow and workflow.versions.filter(retired_at__isnull=True).exists()
        ),
        everyone=case_type.everyone,
        starters=case_type.starters,
        known_roles=list(Role.objects.values_list("key", flat=True)),
        has_organisation=case_type.organisation_id is not None,
        organisation_field=case_type.organisation_field,
        title_field=case_type.title_field,
        subtitle_field=case_type.subtitle_field,
        person_field=case_type.person_field,
        collisions=collisions(case_type.key, case_type.prefix, besides=case_type.key),
    )
