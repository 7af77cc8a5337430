"""An answer that is erased is gone from every table, and the case stands where it stood."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.operations import operation
from forms_app import copies, retention
from forms_app.actions import freeze
from forms_app.models import Draft, FormDefinition, Submission
from forms_app.models.definition import ERASE
from programme.models import CaseSubmission
from reports.evidence import build
from tests.case_types.builders import City, decide, hand_in
from tests.clients import signed_in
from tests.leaks import everywhere
from workflows.actions import clock
from workflows.actions.erasing import erase_data
from workflows.models import Case
from workflows.rules import HELD

SECRET = "Kvastfeningen-8814"
OTHER = "Nattskaran-2207"
AMOUNT = "120000"


def promise(key: str, **said: Any) -> None:
    """Let the form say how long its answers are kept."""
    with transaction.atomic(), operation("test.promise"):
        definition = FormDefinition.objects.get(key=key)
        for name, value in said.items():
            setattr(definition, name, value)
        definition.save()
        freeze(definition, published_by="Test")


def after(days: int) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def closed_case(city: City) -> Case:
    """A large cost that was returned, completed, and approved by three."""
    promise("kostnad", delete_after_days=30, counted_from="closing", keep_until=None)
    case = hand_in(city, belopp=AMOUNT, avser=SECRET, leverantor=OTHER)
    decide(
        city, case, "approver", "return", reason="Vilken faktura?", asked_fields=["fakturanummer"]
    )
    complete(city, case, fakturanummer="4712")
    clock.tick()
    for who in ("approver", "attestor", "higher"):
        assert decide(city, case, who).status_code == 302
    case.refresh_from_db()
    assert case.state == Case.State.APPROVED
    return case


def complete(city: City, case: Case, **changed: str) -> None:
    client = signed_in(city["economist"])
    first = client.post(reverse("case_types:complete", args=[case.reference]))["Location"]
    assert client.post(first, changed).status_code == 302
    sent = client.post(first.replace("/fakturan/", "/granska/"))
    assert sent["Location"] == case.get_absolute_url(), sent.content.decode()[:3000]


def look_around(city: City, case: Case) -> str:
    """Everything about the case that is shown; reading is noted, so it could leave copies."""
    for who in ("economist", "approver", "auditor"):
        signed_in(city[who]).get(case.get_absolute_url())
    auditor = signed_in(city["auditor"])
    auditor.get(f"/arenden/{case.reference}/underlag.pdf")
    page = auditor.get(f"/arenden/{case.reference}/underlag/")
    assert page.status_code == 200
    with transaction.atomic(), operation("test.evidence"):
        told: str = (
            build.document(Case.objects.get(pk=case.pk), city["auditor"]).canonical().decode()
        )
    return told + page.content.decode()


def test_an_answer_lies_in_the_submissions_and_in_the_case_and_nowhere_else(city: City) -> None:
    case = closed_case(city)
    assert SECRET in look_around(city, case)
    assert everywhere(SECRET) == ["forms_app_submission", "workflows_case"]
    assert everywhere(OTHER) == ["forms_app_submission", "workflows_case"]


def test_what_is_erased_is_found_in_no_table_and_on_no_page(city: City) -> None:
    case = closed_case(city)
    look_around(city, case)
    assert retention.erase_due(after(29)).answers == 0
    assert everywhere(SECRET)
    # Both rounds' answers are due: each is counted from the closing of the case.
    assert retention.erase_due(after(30)).answers == 2
    assert everywhere(SECRET) == everywhere(OTHER) == []
    shown = look_around(city, case)
    assert SECRET not in shown
    assert "Erased on" in shown or "Raderat" in shown
    work = signed_in(city["economist"]).get(reverse("workflows:work"))
    assert work.status_code == 200
    assert everywhere(SECRET) == []


def test_the_control_without_the_eraser_the_case_keeps_it(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_case(city)
    monkeypatch.setattr(copies, "_ERASERS", {})
    retention.erase_due(after(30))
    assert everywhere(SECRET) == ["workflows_case"]


def test_what_a_decision_keeps_stays_in_every_place(city: City) -> None:
    case = closed_case(city)
    promise("kostnad", keep_until=after(400), keep_decision="dnr 25-021-S02")
    retention.erase_due(after(399))
    assert everywhere(SECRET) == ["forms_app_submission", "workflows_case"]
    case.refresh_from_db()
    assert HELD not in case.data
    retention.erase_due(after(401))
    assert everywhere(SECRET) == []


def test_the_case_stands_where_it_stood(city: City) -> None:
    """The amount that sent it to the higher manager is gone, and yet it went there."""
    case = closed_case(city)
    before = signed_in(city["auditor"]).get(case.get_absolute_url()).content.decode()
    retention.erase_due(after(30))
    case.refresh_from_db()
    assert case.data["belopp"] == {"erased": after(30).isoformat()}
    assert case.data[HELD] == {"hogre_attest": True}
    now = signed_in(city["auditor"]).get(case.get_absolute_url()).content.decode()
    skipped = "Not needed here"
    assert (skipped in before, skipped in now) == (False, False)
    told = look_around(city, case)
    assert "did not apply" not in told


def test_the_control_without_what_held_the_step_seems_never_to_have_been(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = closed_case(city)
    monkeypatch.setattr("workflows.rules.HELD", "_other")
    retention.erase_due(after(30))
    monkeypatch.setattr("workflows.rules.HELD", "_held")
    now = signed_in(city["auditor"]).get(case.get_absolute_url()).content.decode()
    assert "Not needed here" in now


def test_a_case_that_was_returned_can_be_completed_when_an_answer_has_been_erased(
    city: City,
) -> None:
    """Counted from the sending, the time can be over while the case still runs."""
    promise("kostnad", delete_after_days=1, keep_until=None)
    case = hand_in(city, belopp="90000", avser=SECRET)
    decide(city, case, "approver", "return", reason="Vilken?", asked_fields=["fakturanummer"])
    client = signed_in(city["economist"])
    first = client.post(reverse("case_types:complete", args=[case.reference]))["Location"]
    draft = Draft.objects.get(submission=None)
    assert SECRET in str(draft.data)
    with transaction.atomic(), operation("test.wrote"):
        typed = {**draft.data["fakturan"], "fakturanummer": "9900"}
        Draft.objects.filter(pk=draft.pk).update(data={**draft.data, "fakturan": typed})
    submission = Submission.objects.get()
    retention.erase(
        submission.pk, ["avser", "fakturanummer"], version=submission.version, today=after(1)
    )
    # The copy in the draft is gone, and what somebody has written since is not.
    assert everywhere(SECRET) == []
    draft.refresh_from_db()
    assert draft.data["fakturan"]["fakturanummer"] == "9900"
    client.post(first, {"fakturanummer": "9900"})
    sent = client.post(first.replace("/fakturan/", "/granska/"))
    assert sent.status_code == 302, sent.content.decode()[:3000]
    assert sent["Location"] == case.get_absolute_url()
    case.refresh_from_db()
    assert (case.round, case.state) == (2, Case.State.WAITING)
    assert case.data["avser"] == {"erased": after(1).isoformat()}
    assert case.data["fakturanummer"] == "9900"
    assert case.era == 1


def test_an_older_round_does_not_take_what_the_newer_one_gave_again(city: City) -> None:
    case = closed_case(city)
    first, _second = CaseSubmission.objects.filter(case=case).order_by("round")
    retention.erase(
        first.submission_id, ["avser"], version=first.submission.version, today=after(1)
    )
    case.refresh_from_db()
    assert case.data["avser"] == SECRET


def test_an_eraser_that_fails_leaves_everything_for_the_next_night(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_case(city)

    def broken(erased: copies.Erased) -> None:
        raise DatabaseError("away")

    monkeypatch.setitem(copies._ERASERS, "broken", broken)
    with pytest.raises(DatabaseError), transaction.atomic():
        retention.erase_due(after(30))
    assert everywhere(SECRET) == ["forms_app_submission", "workflows_case"]
    monkeypatch.delitem(copies._ERASERS, "broken")
    retention.erase_due(after(30))
    assert everywhere(SECRET) == []


def test_two_erasers_do_not_share_a_name() -> None:
    with pytest.raises(ValueError, match="cases"):
        copies.register("cases", lambda erased: None)


def test_erasing_a_cases_data_twice_changes_it_once(city: City) -> None:
    case = closed_case(city)
    with transaction.atomic(), operation(ERASE):
        assert erase_data(case_id=case.pk, keys={"avser", "nothing"}, day=after(1))
        assert not erase_data(case_id=case.pk, keys={"avser"}, day=after(2))
    case.refresh_from_db()
    assert case.data["avser"] == {"erased": after(1).isoformat()}
    assert "nothing" not in case.data
