"""My work, the case page, deciding many, and the mailbox."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.clients import signed_in
from tests.workflows.builders import World, answer, case_in, give, version_of
from workflows import access, queries
from workflows.models import Case, Message
from workflows.rules import Verdict


def queries_of(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as context:
        assert client.get(url).status_code == 200
    return len(context)


def test_the_inbox_lists_what_waits_for_me_alone(world: World) -> None:
    case = case_in(world)
    url = reverse("workflows:work")
    assert case.reference in signed_in(world["avdelning"]).get(url).content.decode()
    for other in ("norra_chef", "leader", "nobody"):
        assert case.reference not in signed_in(world[other]).get(url).content.decode()


def test_the_inbox_costs_the_same_with_more_rows(world: World) -> None:
    first = case_in(world)
    for _ in range(2):
        case_in(world, first.version)
    client = signed_in(world["avdelning"])
    few = queries_of(client, reverse("workflows:work"))
    for _ in range(20):
        case_in(world, first.version)
    assert queries_of(client, reverse("workflows:work")) == few


def test_the_case_page_costs_the_same_after_more_decisions(world: World) -> None:
    case = case_in(world)
    client = signed_in(world["auditor"])
    few = queries_of(client, case.get_absolute_url())
    answer(case, world["avdelning"])
    assert queries_of(client, case.get_absolute_url()) <= few + 1


def test_the_inbox_can_be_narrowed(world: World) -> None:
    case = case_in(world)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:work")
    for query, there in (
        (f"?q={case.reference}", True),
        ("?q=finns+inte", False),
        ("?slag=bench", True),
        ("?slag=annat", False),
        ("?steg=Prioritera", True),
        ("?sena=1", False),
        ("?page=tok", True),
    ):
        body = client.get(url + query).content.decode()
        assert (f'href="{case.get_absolute_url()}"' in body) is there, query


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("chef", 200),
        ("avdelning", 200),
        ("leader", 200),
        ("auditor", 200),
        ("norra_chef", 404),
        ("nobody", 404),
    ],
)
def test_who_sees_the_case(world: World, who: str, expected: int) -> None:
    case = case_in(world)
    assert signed_in(world[who]).get(case.get_absolute_url()).status_code == expected
    assert Client().get(case.get_absolute_url()).status_code == 302


def test_the_case_page_shows_the_panels_of_its_kind(world: World) -> None:
    case = case_in(world)
    body = signed_in(world["chef"]).get(case.get_absolute_url()).content.decode()
    assert "En panel" in body
    assert "vid sjön" in body


def test_without_the_scope_a_stranger_would_see_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db.models import Q

    case = case_in(world)
    monkeypatch.setattr(access, "visible", lambda user: Q())
    assert signed_in(world["nobody"]).get(case.get_absolute_url()).status_code == 200


def test_only_those_who_may_decide_see_the_form(world: World) -> None:
    case = case_in(world)
    assert (
        'id="beslut"' in signed_in(world["avdelning"]).get(case.get_absolute_url()).content.decode()
    )
    for other in ("chef", "leader", "auditor"):
        body = signed_in(world[other]).get(case.get_absolute_url()).content.decode()
        assert 'id="beslut"' not in body
        assert "Waiting for avdelningschef: Avdelning Person, 3 working days left" in body


def test_an_approval_is_a_post_that_redirects(world: World) -> None:
    case = case_in(world)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:decide", args=[case.reference])
    sent = {"verdict": "approve", "step_key": "prioritise", "round": 1}
    assert client.get(url).status_code == 405
    assert client.post(url, sent).status_code == 302
    assert case.decisions.count() == 1
    again = client.post(url, sent, follow=True)
    assert "already decided" in again.content.decode()
    assert case.decisions.count() == 1


@pytest.mark.parametrize("step", ["prioritise", ""])
def test_what_was_written_on_a_stale_page_is_shown_and_not_saved(world: World, step: str) -> None:
    case = case_in(world)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:decide", args=[case.reference])
    client.post(url, {"verdict": "approve", "step_key": "prioritise", "round": 1})
    sent = {"verdict": "decline", "step_key": step, "round": 1, "reason": "Det saknas <pengar>."}
    answered = client.post(url, sent)
    body = answered.content.decode()
    assert answered.status_code == 422
    assert "already decided" in body
    assert "Det saknas &lt;pengar&gt;." in body
    assert case.decisions.count() == 1


def test_a_reason_for_withdrawing_too_late_is_shown(world: World) -> None:
    case = case_in(world)
    client = signed_in(world["chef"])
    url = reverse("workflows:withdraw", args=[case.reference])
    client.post(url, {"reason": "fel"})
    answered = client.post(url, {"reason": "Fel person"})
    assert answered.status_code == 422
    assert "Fel person" in answered.content.decode()


def test_a_decline_without_reason_is_asked_for_it(world: World) -> None:
    case = case_in(world)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:decide", args=[case.reference])
    response = client.post(url, {"verdict": "decline", "step_key": "prioritise", "round": 1})
    assert response.status_code == 422
    assert "Write why you decline." in response.content.decode()
    assert not case.decisions.exists()


def test_a_question_is_shown_to_the_initiator_with_the_way_to_answer(world: World) -> None:
    case = case_in(world)
    client = signed_in(world["avdelning"])
    url = reverse("workflows:decide", args=[case.reference])
    sent = {
        "verdict": "return",
        "step_key": "prioritise",
        "round": 1,
        "reason": "Vad kostar det?",
        "asked_fields": ["cost"],
    }
    assert client.post(url, sent).status_code == 302
    mine = signed_in(world["chef"]).get(case.get_absolute_url()).content.decode()
    assert "Vad kostar det?" in mine
    assert f"/parker/{case.reference}/andra/" in mine
    theirs = client.get(case.get_absolute_url()).content.decode()
    assert "/andra/" not in theirs


def test_the_initiator_withdraws_on_the_page(world: World) -> None:
    case = case_in(world)
    url = reverse("workflows:withdraw", args=[case.reference])
    client = signed_in(world["chef"])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "fel"}).status_code == 302
    case.refresh_from_db()
    assert case.state == Case.State.WITHDRAWN
    assert "withdrew the case" in client.get(case.get_absolute_url()).content.decode()


def test_extra_fields_in_the_post_change_nothing(world: World) -> None:
    case = case_in(world)
    url = reverse("workflows:decide", args=[case.reference])
    sent = {
        "verdict": "approve",
        "step_key": "prioritise",
        "round": 1,
        "actor": world["leader"].pk,
        "state": "approved",
        "case_id": 999,
        "seat": 9,
    }
    signed_in(world["avdelning"]).post(url, sent)
    decision = case.decisions.get()
    assert (decision.actor, decision.seat) == (world["avdelning"], 0)
    case.refresh_from_db()
    assert case.state == Case.State.WAITING


def test_many_are_previewed_and_decided_with_a_partial_result(world: World) -> None:
    cases = [case_in(world) for _ in range(3)]
    client = signed_in(world["avdelning"])
    url = reverse("workflows:decide_many")
    chosen = [f"{case.pk}:1:prioritise" for case in cases]
    preview = client.get(url, {"chosen": chosen}).content.decode()
    assert all(case.reference in preview for case in cases)
    # Somebody withdraws one of them between the preview and the click.
    from workflows.actions import withdraw

    withdraw(case_id=cases[0].pk, actor=world["chef"], reason="ångrat")
    sent = {"chosen": chosen, "verdict": "approve", "confirm": "1"}
    body = client.post(url, sent, follow=True).content.decode()
    assert "2 cases are decided." in body
    assert "1 case no longer waits for you." in body


def test_a_batch_is_one_operation_and_lists_refusals(world: World) -> None:
    from workflows.actions import Choice, decide_many

    give(world["chef"], "avdelningschef", world.department)
    mine = case_in(world, initiator="chef")
    other = case_in(world, initiator="nobody")
    result = decide_many(
        choices=[Choice(case.pk, "prioritise", 1) for case in (mine, other)],
        verdict=Verdict.APPROVE,
        actor=world["chef"],
    )
    assert [case.pk for case in result.decided] == [other.pk]
    assert "started this case" in result.refused[0][1]
    rows = other.decisions.model.history.filter(case_id=other.pk)
    operations = set(rows.values_list("operation_id", flat=True))
    assert len(operations) == 1


def test_nonsense_in_a_batch_is_answered_in_words(world: World) -> None:
    client = signed_in(world["avdelning"])
    url = reverse("workflows:decide_many")
    for chosen in ([], ["x"], ["1:2"], ["9" * 40 + ":1:a"], [":::"]):
        assert client.get(url, {"chosen": chosen}).status_code == 302
    assert client.get(url, {"chosen": ["999999:1:a"]}).status_code == 200


def test_the_mailbox_is_the_demos_and_mine(world: World, settings: Any) -> None:
    case_in(world)
    message = Message.objects.get()
    url = reverse("workflows:mail")
    page = reverse("workflows:mail_message", args=[message.public_id])
    settings.DEMO = False
    assert signed_in(world["avdelning"]).get(url).status_code == 404
    settings.DEMO = True
    assert message.subject in signed_in(world["avdelning"]).get(url).content.decode()
    assert message.subject in signed_in(world["leader"]).get(url).content.decode()
    assert message.subject not in signed_in(world["nobody"]).get(url).content.decode()
    assert signed_in(world["nobody"]).get(page).status_code == 404
    body = signed_in(world["avdelning"]).get(page).content.decode()
    assert "Hello Avdelning" in body


def test_failed_mail_is_seen_by_the_project_office_and_sent_again(world: World) -> None:
    case_in(world)
    Message.objects.update(state=Message.State.FAILED, attempts=6)
    url = reverse("workflows:failed_mail")
    assert signed_in(world["avdelning"]).get(url).status_code == 404
    client = signed_in(world["leader"])
    assert "could not be delivered" in client.get(reverse("workflows:work")).content.decode()
    assert client.post(url, {"message": "a\x00b"}).status_code == 404
    client.post(url, {"message": Message.objects.get().public_id})
    assert Message.objects.get().state == Message.State.WAITING


def test_counting_stops_where_nobody_reads_on(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        case_in(world, version_of())
    client.force_login(world["avdelning"])
    whole = client.get(reverse("workflows:work")).content.decode()
    assert "4 cases are waiting for you." in whole
    monkeypatch.setattr(queries, "MOST_COUNTED", 2)
    stopped = client.get(reverse("workflows:work"))
    assert "2+ cases are waiting for you." in stopped.content.decode()
    assert len(stopped.context["rows"]) == 2
