"""Meetings that are not called or held in time and decisions that nobody follows up, in words."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.health import Finding, Severity
from programme.governance import queries
from programme.governance.queries import Told
from programme.governance.rules import Lack, Missing
from programme.models import BodyDecision
from programme.queries import current_programme


def check(on: datetime.date) -> Iterator[Finding]:
    """Warnings of R-193, R-194 and R-196; the number of queries does not follow the rows."""
    programme = current_programme()
    if programme is None:
        return
    for told in queries.bodies(programme, on):
        link = reverse("governance:body", args=[told.body.public_id])
        for one in told.missing:
            severity = (
                Severity.SOON
                if one.lack in (Lack.FIRST_TO_CALL, Lack.PERIOD_TO_CALL)
                else Severity.WARNING
            )
            yield Finding(words(told, one), severity, link)
    number = BodyDecision.objects.filter(queries.overdue(on), body__programme=programme).count()
    if number:
        yield Finding(
            ngettext(
                "%(n)d decision should have been followed up by now.",
                "%(n)d decisions should have been followed up by now.",
                number,
            )
            % {"n": number},
            Severity.WARNING,
            reverse("governance:decisions") + "?lage=overdue",
        )
    number = queries.unnoted(programme, timezone.now())
    if number:
        yield Finding(
            ngettext(
                "Of %(n)d meeting nobody has noted who was there.",
                "Of %(n)d meetings nobody has noted who was there.",
                number,
            )
            % {"n": number},
            Severity.WARNING,
            reverse("governance:list"),
        )


def words(told: Told, one: Missing) -> str:
    """What is missing, as a sentence."""
    name, day = told.body.name, one.last.isoformat()
    if one.lack is Lack.FIRST_LATE:
        return _("%(body)s had not met for the first time by %(day)s.") % {
            "body": name,
            "day": day,
        }
    if one.lack is Lack.FIRST_TO_CALL:
        return _("%(body)s is to meet for the first time by %(day)s, and no meeting is called.") % {
            "body": name,
            "day": day,
        }
    if one.lack is Lack.FIRST_TOPICS:
        topics = ", ".join(sorted(told.topics.get(key, key) for key in one.topics))
        return _("The first meeting of %(body)s did not have on its agenda: %(topics)s.") % {
            "body": name,
            "topics": topics,
        }
    said = {
        "body": name,
        "first": one.first.isoformat(),
        "last": day,
        "met": one.met,
        "least": one.least,
    }
    if one.lack is Lack.PERIOD_MISSED:
        return (
            _("%(body)s met %(met)d of at least %(least)d times from %(first)s to %(last)s.") % said
        )
    return (
        _(
            "%(body)s is to meet at least %(least)d times from %(first)s to %(last)s; %(met)d are"
            " held or called."
        )
        % said
    )
