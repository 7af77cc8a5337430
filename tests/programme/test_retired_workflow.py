"""A retired workflow takes no new nominations, and says so where one is sent."""

from django.urls import reverse

from forms_app.models import Draft
from programme.models import Nomination
from tests.clients import signed_in
from tests.programme.builders import World, answers_for, approve_step, nominated
from tests.programme.test_pages import fill_in
from workflows.actions import retire_workflow
from workflows.models import Case


def retired(world: World) -> None:
    retire_workflow(
        definition=world.kinds["medarbetare"].workflow,
        actor=world.administrator,
        reason="Ersatt av ett annat",
    )


def test_what_is_sent_is_refused_in_words_and_kept(world: World) -> None:
    running = nominated(world, world.staff[1])
    client = signed_in(world.chief)
    client.post(
        reverse("programme:begin"),
        {"wave": world.wave.public_id, "kind": world.kinds["medarbetare"].public_id},
    )
    draft = Draft.objects.get(owner=world.chief, submission=None)
    review = fill_in(client, draft, answers_for(world.staff[0]))
    retired(world)
    sent = client.post(review)
    body = sent.content.decode()
    assert sent.status_code == 422
    assert "är avvecklat" in body or "is retired" in body
    assert Nomination.objects.count() == 1
    draft.refresh_from_db()
    assert draft.submission is None  # nothing that was written is lost
    # The one that runs goes on.
    approve_step(running, world.head)
    assert Case.objects.get(pk=running.case_id).state == Case.State.WAITING
    approve_step(running, world.administrator)
    assert Case.objects.get(pk=running.case_id).state == Case.State.APPROVED
