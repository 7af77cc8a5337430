"""Every table is tracked, watched, or left out for a reason somebody wrote down."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import transaction

from audit import registry
from audit.models import InboxEvent, Operation
from audit.operations import operation
from people.models import User
from tests.audit.builders import make


def undecided() -> list[str]:
    decided = registry.decisions()
    return [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in decided
        and not hasattr(model, "history_id")
        and model._meta.managed
        and not model._meta.proxy
    ]


def test_every_model_has_a_decision() -> None:
    assert undecided() == []


def test_every_decision_against_history_has_a_reason() -> None:
    for label, decision in registry.decisions().items():
        assert decision.kind is registry.Kind.TRACKED or len(decision.reason) > 10, label
        assert apps.get_model(label)


def test_a_model_without_a_decision_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control."""
    before = set(undecided())

    monkeypatch.delitem(registry._decisions, "sessions.session")

    assert set(undecided()) - before == {"sessions.Session"}


def test_a_model_has_one_decision() -> None:
    with pytest.raises(ValueError, match="another decision"):
        registry.exempt("mfa.Authenticator", "somebody thinks otherwise")


@pytest.mark.django_db
def test_another_packages_rows_leave_events_also_outside_operations() -> None:
    with transaction.atomic(), operation("test.account"):
        user = make(User)
    earlier = InboxEvent.objects.latest("id").pk
    group = Group.objects.create(name="Test editors")
    user.groups.add(group)
    with transaction.atomic(), operation("test.rights") as id:
        user.groups.clear()

    events = InboxEvent.objects.filter(
        table__in=["auth_group", "people_user_groups"], id__gt=earlier
    )
    assert list(events.order_by("id").values_list("table", "op", "operation_id")) == [
        ("auth_group", "+", None),
        ("people_user_groups", "+", None),
        ("people_user_groups", "-", id),
    ]
    assert Operation.objects.filter(pk=id, name="test.rights").exists()


@pytest.mark.django_db
def test_second_factors_leave_events_without_their_secret() -> None:
    from allauth.mfa.models import Authenticator

    with transaction.atomic(), operation("test.account"):
        user = make(User)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "hush"})
    Authenticator.objects.update(data={"secret": "hush-hush"})

    events = InboxEvent.objects.filter(table="mfa_authenticator")
    assert "".join(events.order_by("id").values_list("op", flat=True)) == "+~"
    assert not events.filter(payload__contains="hush").exists()
