"""How long documents are kept: seen, decided with a reason, never shorter than the fund asks."""

import datetime

import pytest
from django.db import transaction
from django.urls import reverse

from audit.operations import operation
from cms.documents import keeping
from cms.documents.errors import NotAllowed, Refused
from cms.models import RegisteredDocument
from people.setup import load_organisations, load_roles
from programme.models import Programme, Setting
from programme.setup import load_programme
from tests.cms.documents import builders as make
from tests.cms.documents.conftest import Desk
from tests.people import builders

WHY = "Arkivet vill ha kvar den"
FAR = datetime.date(2050, 1, 1)


@pytest.fixture
def document(desk: Desk) -> RegisteredDocument:
    with transaction.atomic(), operation("test.programme"):
        load_organisations()
        load_roles()
        load_programme()
    return make.document(by=desk.writer)


def decide(document: RegisteredDocument, desk: Desk, **more: object) -> RegisteredDocument:
    given: dict[str, object] = {
        "retention": "dated",
        "keep_until": FAR,
        "reason": WHY,
        "actor": desk.writer,
    }
    return keeping.decide(document_id=document.pk, **(given | more))  # type: ignore[arg-type]


def test_the_fund_s_rule_has_a_day_once_the_last_payment_is_known(
    document: RegisteredDocument,
) -> None:
    assert keeping.last_day(document, keeping.terms_today()) is None
    programme = Programme.objects.get()
    with transaction.atomic(), operation("test.setting"):
        Setting.objects.create(
            programme=programme,
            key="last_payment_year",
            value=2029,
            valid_from=programme.starts_on,
            decision="Fondens besked",
        )
    assert keeping.last_day(document, keeping.terms_today()) == datetime.date(2034, 12, 31)


def test_a_decision_is_kept_with_its_reason(document: RegisteredDocument, desk: Desk) -> None:
    decide(document, desk)
    decide(document, desk, retention="archive", reason="Den är viktig för eftervärlden")
    document.refresh_from_db()
    assert (document.retention, document.keep_until) == ("archive", None)
    said = [(each.reason, each.actor_name) for each in keeping.decisions(document)]
    assert [reason for reason, _who in said] == ["Den är viktig för eftervärlden", WHY]
    assert {who for _reason, who in said} == {desk.writer.get_full_name()}


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"keep_until": None}, {"keep_until": datetime.date(2030, 1, 1)}],
    ids=["no reason", "no day", "before the fund"],
)
def test_what_cannot_hold_is_refused(
    document: RegisteredDocument, desk: Desk, wrong: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        decide(document, desk, **wrong)
    document.refresh_from_db()
    assert document.retention == "fund"


def test_without_the_fund_s_day_it_would_be_let_go(
    document: RegisteredDocument, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(keeping, "terms_today", lambda: keeping.Terms(0, 0, None))
    decide(document, desk, keep_until=datetime.date(2030, 1, 1))
    document.refresh_from_db()
    assert document.keep_until == datetime.date(2030, 1, 1)


def test_only_those_who_publish_decide(document: RegisteredDocument, desk: Desk) -> None:
    with transaction.atomic(), operation("test.stranger"):
        stranger = builders.account("stranger")
    with pytest.raises(NotAllowed):
        decide(document, desk, actor=stranger)


def test_the_pages(document: RegisteredDocument, desk: Desk) -> None:
    client = desk.as_user(desk.writer)
    assert document.title in client.get(reverse("document_keeping_all")).content.decode()
    page = reverse("document_keeping", args=[document.pk])
    short = {"retention": "dated", "keep_until": "2030-01-01", "reason": WHY}
    answer = client.post(page, short)
    assert answer.status_code == 422
    assert "2033-12-31" in answer.content.decode()
    assert client.post(page, {**short, "keep_until": "2050-01-01"}).status_code == 302
    assert WHY in client.get(page).content.decode()
    # The editor's form leaves it alone: there is no reason to give there.
    form = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert 'name="retention"' not in form
