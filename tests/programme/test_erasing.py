"""Answers of nominations, and of files with nominations, go from every table in their time."""

import datetime

from django.db import transaction
from django.utils import timezone

from audit.operations import operation
from forms_app import retention
from forms_app.actions import freeze
from programme.actions.imports import confirm
from programme.models import ImportBatch
from reports.my_data import collect
from tests.leaks import everywhere
from tests.programme.builders import World, nominated, number_of
from tests.programme.test_imports import prepared, rows
from workflows.models import Case

SECRET = "Silverugglan-4471"


def promise(world: World) -> None:
    """What is answered is erased a month after the case has been closed."""
    with transaction.atomic(), operation("test.promise"):
        definition = world.kinds["medarbetare"].form
        definition.delete_after_days, definition.counted_from = 30, "closing"
        definition.keep_until, definition.keep_decision = None, ""
        definition.save()
        freeze(definition, published_by="Test")


def after(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def test_what_was_said_about_somebody_is_gone_from_every_table(world: World) -> None:
    promise(world)
    nomination = nominated(world, world.staff[0], motivation=SECRET)
    collect.about(nomination.person, world.chief)
    assert everywhere(SECRET) == ["forms_app_submission", "workflows_case"]
    retention.erase_due(after(365))
    # Open cases are not closed by waiting: nothing has been promised yet.
    assert everywhere(SECRET)
    with transaction.atomic(), operation("test.close"):
        Case.objects.filter(pk=nomination.case_id).update(
            state=Case.State.DECLINED, closed_at=timezone.now()
        )
    assert retention.erase_due(after(31)).answers == 1
    assert everywhere(SECRET) == []
    case = Case.objects.get(pk=nomination.case_id)
    # The project's own facts stay: they are no copies.
    assert case.data["category"] == nomination.category.key
    nomination.refresh_from_db()
    assert nomination.person == world.staff[0]


def test_a_file_that_has_been_carried_out_keeps_no_answers(world: World) -> None:
    promise(world)
    text = rows(number_of(1), number_of(2)).replace("Behövs i enheten", SECRET)
    batch = prepared(world, text)
    assert "programme_importbatch" in everywhere(SECRET)
    confirm(batch_id=batch.pk, actor=world.chief)
    assert everywhere(SECRET) == ["forms_app_submission", "workflows_case"]
    batch.refresh_from_db()
    assert [row["person"] for row in batch.rows] != ["", ""]


def test_a_file_that_nobody_said_yes_to_goes_like_a_draft(world: World) -> None:
    text = rows(number_of(1)).replace("Behövs i enheten", SECRET)
    batch = prepared(world, text)
    today = timezone.localdate()
    retention.purge_drafts(today)
    assert ImportBatch.objects.filter(pk=batch.pk).exists()
    long_ago = timezone.now() - datetime.timedelta(days=retention.draft_days(today) + 1)
    ImportBatch.objects.filter(pk=batch.pk).update(created_at=long_ago)
    assert retention.purge_drafts(today).drafts == 1
    assert everywhere(SECRET) == []
