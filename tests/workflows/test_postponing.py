"""A task put off until a day: it leaves one inbox, and comes back by itself."""

import datetime

import pytest
import time_machine
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from audit.models import Operation
from audit.operations import operation
from people.models import User
from tests.clients import signed_in
from tests.workflows.builders import World, answer, case_in, version_of
from tests.workflows.test_pages import queries_of
from tests.workflows.test_races import all_at_once
from workflows import access, queries
from workflows.actions import Choice, clock, postponing
from workflows.errors import CannotPostpone
from workflows.models import Case, Message, Postponement
from workflows.rules import Step

ONE = Step(key="prioritise", name="Prioritera", role="projektledare", working_days=5)
MONDAY = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)
THURSDAY = datetime.date(2026, 3, 5)


@pytest.fixture(autouse=True)
def monday() -> object:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def choice_of(case: Case) -> Choice:
    return Choice(case.pk, "prioritise", case.round)


def put_off(user: User, *cases: Case, until: datetime.date = THURSDAY) -> None:
    postponing.postpone(choices=[choice_of(case) for case in cases], until=until, actor=user)


def waiting(user: User) -> list[Case]:
    return [item.case for item in queries.inbox(user)]


def test_it_leaves_the_list_of_one_person_until_the_day(
    world: World, monday: time_machine.Traveller
) -> None:
    case = case_in(world, version_of(ONE))
    put_off(world["leader"], case)
    assert waiting(world["leader"]) == []
    assert [item.case for item in queries.put_off(world["leader"])] == [case]
    assert waiting(world["deputy_leader"]) == [case], "others still see it"
    counted = queries.counters(world["leader"], 0)
    assert (counted.total, counted.put_off) == (0, 1)
    monday.move_to(datetime.datetime(2026, 3, 4, 22, 59, tzinfo=datetime.UTC))
    assert waiting(world["leader"]) == []
    # Midnight in Stockholm: nobody has done anything.
    monday.move_to(datetime.datetime(2026, 3, 4, 23, 1, tzinfo=datetime.UTC))
    assert waiting(world["leader"]) == [case]
    assert queries.counters(world["leader"], 0).put_off == 0


def test_the_day_and_the_reminders_stay_as_they_were(
    world: World, monday: time_machine.Traveller
) -> None:
    case = case_in(world, version_of(Step(**{**ONE.__dict__, "remind_before": 3})))
    due = case.work_items.get().due_on
    put_off(world["leader"], case, until=due)
    monday.move_to(datetime.datetime.combine(THURSDAY, datetime.time(9), datetime.UTC))
    clock.tick()
    assert case.work_items.get().due_on == due
    assert Message.objects.filter(kind="case.reminded", recipient=world["leader"]).count() == 1


def test_it_can_be_decided_while_it_is_put_off(world: World) -> None:
    case = case_in(world, version_of(ONE))
    put_off(world["leader"], case)
    client = signed_in(world["leader"])
    body = client.get(reverse("workflows:work") + "?uppskjutna=1").content.decode()
    assert case.reference in body
    assert "put off until 2026-03-05" in body
    sent = {"chosen": f"{case.pk}:1:prioritise", "verdict": "approve", "confirm": "1"}
    client.post(reverse("workflows:decide_many"), sent)
    case.refresh_from_db()
    assert case.state == Case.State.APPROVED
    assert not queries.put_off(world["leader"]).exists()


def test_a_day_beyond_the_due_day_or_behind_us_is_refused(world: World) -> None:
    case = case_in(world, version_of(ONE))
    due = case.work_items.get().due_on
    day = datetime.timedelta(days=1)
    for until in (timezone.localdate(), timezone.localdate() - day, due + day):
        with pytest.raises(CannotPostpone):
            put_off(world["leader"], case, until=until)
    assert not Postponement.objects.exists()
    # The control: the due day itself is allowed.
    put_off(world["leader"], case, until=due)
    assert Postponement.objects.count() == 1


def test_what_is_late_cannot_be_put_off(world: World, monday: time_machine.Traveller) -> None:
    case = case_in(world, version_of(ONE))
    monday.move_to(datetime.datetime(2026, 3, 20, 9, tzinfo=datetime.UTC))
    with pytest.raises(CannotPostpone):
        put_off(world["leader"], case, until=datetime.date(2026, 3, 23))
    url = f"{reverse('workflows:postpone')}?chosen={case.pk}:1:prioritise"
    body = signed_in(world["leader"]).get(url).content.decode()
    assert 'name="until"' not in body


def test_putting_off_again_replaces_the_day_and_both_are_kept(world: World) -> None:
    case = case_in(world, version_of(ONE))
    put_off(world["leader"], case)
    put_off(world["leader"], case, until=datetime.date(2026, 3, 6))
    assert [row.ended_at is None for row in Postponement.objects.order_by("pk")] == [False, True]
    assert queries.put_off(world["leader"]).get().returns_on == datetime.date(2026, 3, 6)  # type: ignore[attr-defined]
    assert Operation.objects.filter(name="task.postpone", subject=case.reference).count() == 2
    assert Postponement.history.count() == 3


def test_it_can_be_taken_back(world: World) -> None:
    case = case_in(world, version_of(ONE))
    put_off(world["leader"], case)
    client = signed_in(world["leader"])
    chosen = {"chosen": f"{case.pk}:1:prioritise"}
    assert "Take back now" in client.get(reverse("workflows:postpone"), chosen).content.decode()
    client.post(reverse("workflows:resume"), chosen)
    assert waiting(world["leader"]) == [case]
    assert Operation.objects.filter(name="task.resume").count() == 1


def test_only_what_waits_for_me_is_put_off(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_in(world, version_of(ONE))
    put_off(world["norra_chef"], case)
    assert not Postponement.objects.exists()
    # The control: without the filter a stranger would have put it off.
    monkeypatch.setattr(access, "answers_for", lambda user: Q())
    put_off(world["norra_chef"], case)
    assert Postponement.objects.exists()


def test_what_has_been_decided_meanwhile_is_said_and_left_out(world: World) -> None:
    case = case_in(world, version_of(ONE))
    other = case_in(world, case.version)
    answer(case, world["deputy_leader"])
    chosen = [f"{each.pk}:1:prioritise" for each in (case, other)]
    sent = {"chosen": chosen, "until": "2026-03-05"}
    response = signed_in(world["leader"]).post(reverse("workflows:postpone"), sent, follow=True)
    words = [str(message) for message in response.context["messages"]]
    assert words == ["1 task is put off.", "1 case no longer waits for you."]


def test_looking_saves_nothing_and_nonsense_is_said(world: World) -> None:
    case = case_in(world, version_of(ONE))
    client = signed_in(world["leader"])
    url = reverse("workflows:postpone")
    chosen = {"chosen": f"{case.pk}:1:prioritise"}
    assert client.get(url, {**chosen, "until": "2026-03-05"}).status_code == 200
    assert not Postponement.objects.exists()
    assert client.post(url, {**chosen, "until": "snart"}).status_code == 422
    assert client.post(url, {**chosen, "until": "2027-03-05"}).status_code == 422
    assert client.get(url).status_code == 302
    assert client.get(reverse("workflows:resume")).status_code == 405


def test_the_page_costs_the_same_however_much_is_put_off(world: World) -> None:
    cases = [case_in(world, version_of(ONE))]
    cases += [case_in(world, cases[0].version) for _ in range(11)]
    put_off(world["leader"], *cases[:2])
    client = signed_in(world["leader"])
    url = reverse("workflows:work") + "?uppskjutna=1"
    few = queries_of(client, url)
    put_off(world["leader"], *cases)
    assert queries_of(client, url) == few
    put = reverse("workflows:postpone")
    one = queries_of(client, f"{put}?chosen={cases[0].pk}:1:prioritise")
    many = "&".join(f"chosen={case.pk}:1:prioritise" for case in cases)
    assert queries_of(client, f"{put}?{many}") == one


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_postponement(committed_world: World) -> None:
    with transaction.atomic(), operation("test"):
        case = case_in(committed_world, version_of(ONE))
    leader = committed_world["leader"]
    assert all_at_once(lambda _index: put_off(leader, case), 4) == []
    assert Postponement.objects.filter(ended_at__isnull=True).count() == 1
