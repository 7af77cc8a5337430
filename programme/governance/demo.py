"""Meetings and decisions for the demo, made through the same actions as everything else.

Days are counted from the project's start and from today, so every demo shows the same.
Members are roles; nobody is named.
"""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from people.models import Organisation, Role, User
from programme.governance import actions, deciding
from programme.models import AgendaTopic, Body, Meeting

DATA = Path(__file__).resolve().parent.parent / "data" / "demo_governance.json"
DEMO = Actor(id="demo", name="Demo")
LEADER = "projektledare@example.org"


@transaction.atomic
def build_governance(today: datetime.date | None = None) -> None:
    """Add the meetings and their decisions; nothing the second time."""
    if Meeting.objects.exists():
        return
    leader = User.objects.get(email=LEADER)
    # The actions know the real day only, and refuse what is said of days to come.
    day = min(today or timezone.localdate(), timezone.localdate())
    with operation("demo.governance", actor=DEMO):
        for row in json.loads(DATA.read_text(encoding="utf-8")):
            body = Body.objects.filter(code=row["body"]).select_related("programme").first()
            if body is not None:
                _Story(body, leader, day).tell(row["meetings"])


class _Story:
    """One body's meetings, those that the day has reached held."""

    def __init__(self, body: Body, leader: User, today: datetime.date) -> None:
        self.body, self.leader, self.today = body, leader, today

    def tell(self, rows: list[dict[str, Any]]) -> None:
        """Write each of them, in their order."""
        for row in rows:
            on = self._day(row)
            # The story reaches today; what it tells of later is not called yet.
            if on is not None and ("from_today" in row or on < self.today):
                self._meeting(row, on)

    def _day(self, row: dict[str, Any]) -> datetime.date | None:
        start = self.today if "from_today" in row else self.body.programme.starts_on
        days = row["from_today"] if "from_today" in row else row["from_start"]
        on: datetime.date = start + datetime.timedelta(days=days)
        # Nobody is called on a Saturday or a Sunday.
        on += datetime.timedelta(days=max(0, 7 - on.weekday()) if on.weekday() > 4 else 0)
        return on if on <= self.body.programme.ends_on else None

    def _meeting(self, row: dict[str, Any], on: datetime.date) -> None:
        begins = datetime.datetime.combine(on, datetime.time(row["hour"]))
        at = timezone.make_aware(begins)
        facts = actions.MeetingFacts(at, at + datetime.timedelta(hours=2), row["place"])
        meeting = actions.call(body=self.body, facts=facts, actor=self.leader)
        topics = AgendaTopic.objects.in_bulk()
        listed = {item.topic_id for item in meeting.items.all()}
        for title, purpose, topic, text in row["agenda"]:
            if topic and topic in listed:
                continue
            actions.put_on_agenda(
                meeting=meeting,
                facts=actions.ItemFacts(title, text, purpose, topics.get(topic)),
                actor=self.leader,
            )
        if at < timezone.now():
            self._hold(meeting, row, on)

    def _hold(self, meeting: Meeting, row: dict[str, Any], on: datetime.date) -> None:
        seats = actions.seats_on(self.body, on)
        taken = dict(zip([seat.pk for seat in seats], row["presence"], strict=False))
        presences = {seat.pk: taken.get(seat.pk, "present") for seat in seats}
        actions.hold(meeting=meeting, presences=presences, actor=self.leader)
        for decided in row.get("decisions", ()):
            self._decide(meeting, decided, on)

    def _decide(self, meeting: Meeting, row: dict[str, Any], on: datetime.date) -> None:
        def later(days: int | None) -> datetime.date | None:
            return None if days is None else on + datetime.timedelta(days=days)

        organisation = Organisation.objects.filter(code=row.get("organisation", "")).first()
        decision = deciding.record(
            body=self.body,
            facts=deciding.DecisionFacts(
                title=row["title"],
                text=row["text"],
                decided_on=on,
                record_number=row.get("record_number", ""),
                organisation=organisation,
                responsible=Role.objects.get(key=row["responsible"]),
                follow_up_on=later(row.get("follow_up")),
            ),
            actor=self.leader,
            meeting=meeting,
            item=meeting.items.filter(number=row["item"]).first(),
        )
        done = later(row.get("followed_up"))
        if done is not None and done <= self.today:
            deciding.follow_up(decision=decision, on=done, result=row["result"], actor=self.leader)
