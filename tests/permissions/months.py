"""A month with its statements, corrections and files, for the scene."""

from typing import Any

from django.utils import timezone

from core.jobs.work import ask_for
from people.models import Person, User
from programme.models import (
    Absence,
    AbsenceList,
    Correction,
    CountedTime,
    HourRules,
    Month,
    Occasion,
)
from programme.months.rules import next_month
from reports.models import ScbFile
from reports.scb.actions import mapping_for


def months(person: Person, occasion: str, economist: User | None) -> dict[str, dict[str, object]]:
    """Counted time, a correction and a file of the programme's first month, which is locked."""
    assert economist is not None
    found = Occasion.objects.get(public_id=occasion)
    programme = found.programme
    month = Month.objects.get(programme=programme, first_day=programme.starts_on.replace(day=1))
    counted, _new = CountedTime.objects.get_or_create(
        occasion=found,
        person=person,
        current=True,
        defaults={
            "day": month.first_day,
            "rules": HourRules.objects.filter(programme=programme)[0],
            "minutes": 0,
            "planned_minutes": 0,
            "inputs_digest": "0" * 64,
        },
    )
    correction = Correction.objects.create(
        month=month,
        occasion=found,
        person=person,
        minutes_before=0,
        minutes_after=0,
        reason="test",
        proposed_by=economist,
    )
    facts: dict[str, Any] = {
        "month": month,
        "mapping": mapping_for(programme, month.first_day),
        "rows": 0,
        "minutes": 0,
        "hours_hundredths": 0,
        "lines_digest": "0" * 64,
        "csv_digest": "0" * 64,
        "xlsx_digest": "0" * 64,
        "made_by": economist,
    }
    ScbFile.objects.filter(month=month).update(state=ScbFile.State.REPLACED)
    # What a receipt came for, and a newer one that waits to be sent.
    sent = ScbFile.objects.create(
        **facts,
        version=98,
        state=ScbFile.State.SENT,
        receipt="mottagen",
        sent_by=economist,
        sent_at=timezone.now(),
    )
    file = ScbFile.objects.create(**facts, version=99)
    values: dict[str, object] = {
        "month": f"{month.first_day:%Y-%m}",
        "person": person.public_id,
        "occasion": occasion,
        "counted": counted.public_id,
        "correction": correction.public_id,
        "version": file.version,
    }
    names = ("month", "check", "remind", "person", "paper", "propose", "correction")
    months = {f"months:{name}": values for name in (*names, "counted", "my_month")}
    months["reports:audit_hour"] = values
    locked = Month.objects.filter(programme=programme, state=Month.State.LOCKED)
    # A locked month is sent on to its own page, so this is the first one that is open.
    first_open = next_month(locked.latest("first_day").first_day)
    months["months:lock"] = {"month": f"{first_open:%Y-%m}"}
    files = ("month", "sent", "reconcile", "download", "lines")
    of_files = {f"scb:{name}": values for name in files}
    return months | of_files | {"scb:reconcile": {**values, "version": sent.version}}


def office(person: Person, economist: User | None) -> dict[str, dict[str, object]]:
    """A setting, and the economist's own job and list of absences."""
    assert economist is not None
    job = ask_for(kind="test", title="Räkna om", owner=f"user:{economist.pk}")
    taken = AbsenceList.objects.create(owner=economist, file_name="a.csv", sha256="0" * 64)
    today = timezone.localdate()
    absence = Absence.objects.create(
        person=person, first_day=today, last_day=today, percent=100, source=taken
    )
    setting = {"kind": "varde", "key": "group_size", "row": 1}
    return {
        "jobs:job": {"job": job.public_id},
        "jobs:stop": {"job": job.public_id},
        "dated:subject": setting,
        "dated:take_back": setting,
        "economy:month": {"month": f"{today:%Y-%m}"},
        "absences:preview": {"batch": taken.public_id},
        "absences:confirm": {"batch": taken.public_id},
        "absences:set_aside": {"absence": absence.public_id},
    }
