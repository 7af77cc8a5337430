"""Questions put back to whoever started a case: they wait beside the cases to decide."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from people.access import held_by
from people.models import User
from workflows.models import Case, Decision
from workflows.queries import titles_of
from workflows.sources import Source, Waiting


def asked_of(user: User) -> QuerySet[Case]:
    """Cases that the person started and that came back with questions."""
    return Case.objects.filter(initiator=user, state=Case.State.RETURNED)


class ToAnswer(Source):
    """The questions in the inbox: nothing else happens in the case until they are answered."""

    key = "answers"
    name = _("Questions for you to answer")

    def is_for(self, user: User) -> bool:
        """Cases are started by those who hold a role."""
        return held_by(user).any()

    def count(self, user: User, at_most: int) -> int:
        """How many wait, counted no further than asked."""
        return asked_of(user).order_by()[:at_most].count()

    def rows(self, user: User, at_most: int) -> Sequence[Waiting]:
        """The cases with who asked, in as few queries for many as for one."""
        last = Decision.objects.filter(
            case=OuterRef("pk"), verdict=Decision.Verdict.RETURN
        ).order_by("-decided_at")
        cases = list(
            asked_of(user)
            .select_related("organisation")
            .annotate(
                asked_at=Subquery(last.values("decided_at")[:1]),
                asked_by=Subquery(last.values("actor_name")[:1]),
            )
            .order_by("asked_at", "pk")[:at_most]
        )
        titles = titles_of(cases, user)
        return [
            Waiting(
                title=f"{case.reference} {titles[case.pk].title if case.pk in titles else ''}",
                kind=titles[case.pk].subtitle if case.pk in titles else "",
                url=case.get_absolute_url(),
                since=case.asked_at or case.opened_at,
                sent_by=case.asked_by or "",
            )
            for case in cases
        ]
