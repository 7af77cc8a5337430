"""What the demo's story lacks and a page of the area needs: run as a program over its database."""

import os
from datetime import timedelta

import django


def furnish() -> None:
    """A job, a list of absences, a correction, a report that waits, a name, and answers."""
    from django.db import transaction
    from django.utils import timezone

    from audit.operations import operation
    from core.jobs.work import Work, ask_for
    from people.models import Person, User
    from programme.models import (
        Absence,
        AbsenceList,
        Correction,
        CountedTime,
        Evidence,
        Invitation,
        Month,
        Occasion,
        ReportRow,
    )

    def account(login: str) -> User:
        return User.objects.get(email=f"{login}@example.org")

    office, economist = account("administrator"), account("ekonom")
    participant = Person.objects.get(user__email="deltagare.hagersten-alvsjo@example.org")
    training = Occasion.objects.filter(kind=Occasion.Kind.TRAINING, state=Occasion.State.PLANNED)
    held = training.filter(ends_at__lt=timezone.now()).latest("starts_at")
    coming = training.filter(starts_at__gt=timezone.now()).earliest("starts_at")
    locked = CountedTime.objects.filter(current=True, minutes__gt=0).select_related("occasion")
    counted = locked.order_by("day", "pk")[0]
    with transaction.atomic(), operation("test.furnish"):
        job = ask_for(kind="test", title="Ett långt arbete", owner=f"user:{office.pk}")
        Work(job.pk).total(8)
        Work(job.pk).advance(2, "Två av åtta är klara.")
        taken = AbsenceList.objects.create(owner=economist, file_name="a.csv", sha256="0" * 64)
        today = timezone.localdate()
        Absence.objects.create(
            person=participant, first_day=today, last_day=today, percent=100, source=taken
        )
        Correction.objects.create(
            month=Month.objects.get(first_day=counted.day.replace(day=1)),
            occasion=counted.occasion,
            person=counted.person,
            before={"mark": "present", "segments": []},
            after={"mark": "absent", "segments": []},
            minutes_before=counted.minutes,
            minutes_after=0,
            effect={"changes": [], "kronor": "-100.00", "months": [f"{counted.day:%Y-%m}"]},
            reason="Var inte där.",
            proposed_by=economist,
        )
        report = Evidence.objects.create(
            occasion=held,
            kind=Evidence.Kind.MEETING_REPORT,
            name="rapport.csv",
            content=b"x",
            digest="0" * 64,
            summary={"state": "counted", "service": "Teams", "rows": 1, "unused": []},
            received_by=office,
        )
        ReportRow.objects.create(
            evidence=report,
            number=9,
            shown_name="Köksplattan i det stora konferensrummet",
            joined_at=held.starts_at,
            left_at=held.ends_at,
        )
        Person.objects.create(
            first_name="Kim",
            last_name="Okänd",
            unit=participant.unit,
            temporary=True,
            publicly_employed=False,
        )
        for each in coming.invitations.order_by("pk")[:2]:
            each.answer = Invitation.Answer.NOT_COMING
            each.save()
        Invitation.objects.create(
            occasion=coming, person=participant, invited_at=timezone.now() - timedelta(days=2)
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    furnish()
