"""The nominations and decisions behind the places, as the engine would have left them.

The engine takes a tenth of a second a case; a thousand of them would be the demo's longest
step. So the rows are written many at a time, from the same frozen steps, and
`tests/programme/demo_story/test_nominations.py` replays them and holds them against a case
that the engine made.
"""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.workdays import add_working_days, is_working_day
from forms_app.answers import current_version
from forms_app.models import FormVersion, Submission
from forms_app.schema import digest_of as form_digest
from people.models import Organisation, Receipt, RoleAssignment, User
from people.privacy import current
from programme.answers import facts_for_conditions
from programme.demo import AREAS, MOTIVATIONS, NEEDS
from programme.demo_story.cast import Member
from programme.demo_story.dating import as_dated, at
from programme.demo_story.groups import Told
from programme.demo_story.ids import Ids
from programme.demo_story.plan import WINDOWS
from programme.kind import NOMINATION
from programme.models import (
    Nomination,
    NominationKind,
    Participation,
    Place,
    Programme,
    Quota,
    Wave,
)
from workflows.actions import current_version as current_workflow
from workflows.models import Case, CaseCounter, Decision, WorkflowVersion, WorkItem
from workflows.rules import Step
from workflows.rules import digest_of as case_digest
from workflows.versions import steps_of

DAY = datetime.timedelta(days=1)
# Days before the admission: nominated at the latest, and decided by the office.
NOMINATED, DECIDED = 17, 4
# Days until the administration has put them in order, and over how many days they come in.
TAKES, SPREAD = 6, 9
# Places of the first wave's quotas that nobody has, for a visitor who wants to nominate.
LEFT = 8
CHUNK = 2000


def open_windows(programme: Programme) -> None:
    """The waves' windows as the story tells them; the first one stays open to visitors."""
    for wave in programme.waves.all():
        opens, closes = WINDOWS[wave.number]
        wave.opens_on = opens
        wave.closes_on = max(wave.closes_on, closes) if wave.number == 1 else closes
        wave.save(update_fields=["opens_on", "closes_on"])


def lay_nominations(programme: Programme, told: Sequence[Told], ids: Ids) -> None:
    """Nomination, case, decisions and place of everyone whose wave had a place left for them."""
    book = _Book(programme, ids)
    pairs = [
        (stay.member, stay.participation)
        for one in told
        for stay in one.stays
        if stay.units.start == 1
    ]
    for member, participation in sorted(pairs, key=lambda pair: pair[1].admitted_on):
        book.add(member, participation)
    book.write()


@dataclass(frozen=True)
class _Kind:
    """One kind of nomination with what is frozen of it now."""

    row: NominationKind
    form: FormVersion
    workflow: WorkflowVersion
    steps: Sequence[Step]


@dataclass
class _Book:
    """What is to be written; nothing is until it is whole."""

    programme: Programme
    ids: Ids
    submissions: list[Submission] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    items: list[WorkItem] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    nominations: list[Nomination] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what every nomination needs."""
        rows = self.programme.kinds.select_related("category", "form", "workflow")
        self.kinds = {
            row.category.is_manager: _kind(row) for row in rows if not row.key_functions_only
        }
        self.waves = {wave.number: wave for wave in self.programme.waves.all()}
        self.holders = _holders()
        self.left = _places_left(self.programme)
        self.numbers = dict(CaseCounter.objects.values_list("series", "last"))
        self.notice = current("tidsredovisning")

    def add(self, member: Member, participation: Participation) -> None:
        """One person's, unless their wave has no place left or had not opened by then."""
        kind = self.kinds[participation.category.is_manager]
        wave = self.waves[member.wave]
        where = (wave.pk, member.district.pk, kind.row.category_id)
        days = _days(participation.admitted_on, wave.closes_on, len(self.cases))
        if self.left[where] <= 0 or days[0] < wave.opens_on:
            return
        self.left[where] -= 1
        nominator = self._nearest(kind.steps[0].role, member.person.unit, frozenset())
        if nominator is None:
            return
        submission = self._submission(kind, member, nominator.user, days[0])
        case = self._case(kind, wave, member, submission, nominator.user, days)
        self._decide(case, kind.steps, nominator.user, days)
        self._admit(kind, wave, member, participation, submission, case)

    def write(self) -> None:
        """Everything, in a few statements."""
        Submission.objects.bulk_create(self.submissions, batch_size=CHUNK)
        Case.objects.bulk_create(self.cases, batch_size=CHUNK)
        WorkItem.objects.bulk_create(self.items, batch_size=CHUNK)
        Decision.objects.bulk_create(self.decisions, batch_size=CHUNK)
        with as_dated(Nomination):
            Nomination.objects.bulk_create(self.nominations, batch_size=CHUNK)
        Place.objects.bulk_create(self.places, batch_size=CHUNK)
        Participation.objects.bulk_update(self.participations, ["place"], batch_size=CHUNK)
        Receipt.objects.bulk_create(self.receipts, batch_size=CHUNK, ignore_conflicts=True)
        for series, last in self.numbers.items():
            CaseCounter.objects.update_or_create(series=series, defaults={"last": last})

    def _submission(self, kind: _Kind, member: Member, by: User, day: datetime.date) -> Submission:
        turn, person = len(self.submissions), member.person
        answers: dict[str, object] = {
            "person": person.public_id,
            "motivation": MOTIVATIONS[turn % len(MOTIVATIONS)],
            "priority": turn % 5 + 1,
            "service_area": AREAS.get(person.unit.service_area, "ifo"),
            "released_time": True,
            "attachment": "",
        }
        if kind.row.category.is_manager:
            answers["needs"] = ["forandring", "strukturer"][: turn % 2 + 1]
        else:
            answers["needs"] = [NEEDS[turn % 5], NEEDS[(turn + 2) % 5]]
            answers["key_function"] = member.key_function
        submission = Submission(
            public_id=self.ids.new(),
            version=kind.form,
            answers=answers,
            digest=form_digest({"version": kind.form.digest, "answers": answers}),
            submitted_by=by,
            submitted_at=at(day, 9 * 60 + turn % 360),
        )
        self.submissions.append(submission)
        return submission

    def _case(
        self,
        kind: _Kind,
        wave: Wave,
        member: Member,
        submission: Submission,
        by: User,
        days: Sequence[datetime.date],
    ) -> Case:
        data = facts_for_conditions(
            submission.answers,
            kind=kind.row,
            wave=wave,
            person=member.person,
            district=member.district,
        )
        case = Case(
            reference=self._reference(days[0].year),
            kind=NOMINATION.key,
            version=kind.workflow,
            organisation=member.person.unit,
            initiator=by,
            concerns=member.person,
            data=data,
            data_digest=case_digest(data),
            state=Case.State.APPROVED,
            opened_at=submission.submitted_at,
            closed_at=at(days[-1], 10 * 60),
        )
        self.cases.append(case)
        return case

    def _reference(self, year: int) -> str:
        series = f"{NOMINATION.prefix}-{year}"
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return f"{series}-{self.numbers[series]:04d}"

    def _decide(
        self, case: Case, steps: Sequence[Step], by: User, days: Sequence[datetime.date]
    ) -> None:
        """Steps that the submission meets at once, then the others one after another."""
        since = case.opened_at
        moments = iter([at(day, 10 * 60) for day in days[-len(steps) :]][1:])
        decided: set[int] = set()
        for step in steps:
            holder = self._nearest(step.role, case.organisation, decided)
            if step.met_by_submission and holder is not None and holder.user_id == by.pk:
                self.decisions.append(_decision(case, step, holder, case.opened_at, met=True))
                decided.add(by.pk)
                continue
            decider = self._nearest(step.role, case.organisation, decided | {by.pk})
            if decider is None:
                raise LookupError(f"nobody decides {step.key} of {case.reference}")
            moment = next(moments)
            self.items.append(_item(case, step, since, moment))
            self.decisions.append(_decision(case, step, decider, moment))
            decided.add(decider.user_id)
            since = moment

    def _nearest(
        self, role: str, place: Organisation, apart: frozenset[int] | set[int]
    ) -> RoleAssignment | None:
        """Who holds the role nearest to the unit, and has no part in the case yet."""
        for organisation in reversed(place.lineage):
            for held in self.holders.get((role, organisation), ()):
                if held.user_id not in apart:
                    return held
        return None

    def _admit(
        self,
        kind: _Kind,
        wave: Wave,
        member: Member,
        participation: Participation,
        submission: Submission,
        case: Case,
    ) -> None:
        answered = at(participation.admitted_on, 8 * 60 + 30)
        nomination = Nomination(
            public_id=self.ids.new(),
            wave=wave,
            kind=kind.row,
            category=kind.row.category,
            person=member.person,
            unit=member.person.unit,
            district=member.district,
            key_function=case.data["key_function"],
            priority=submission.answers["priority"],
            case=case,
            submission=submission,
            nominated_by=case.initiator,
            created_at=case.opened_at,
        )
        place = Place(
            public_id=self.ids.new(),
            nomination=nomination,
            wave=wave,
            district=member.district,
            category=kind.row.category,
            uses_quota=kind.row.uses_quota,
            state=Place.State.ACCEPTED,
            offered_at=case.closed_at,
            answered_at=answered,
        )
        participation.place = place
        self.nominations.append(nomination)
        self.places.append(place)
        self.participations.append(participation)
        if self.notice is not None:
            self.receipts.append(
                Receipt(person=member.person, version=self.notice, received_at=answered)
            )


def _days(
    admitted: datetime.date, closes: datetime.date, turn: int
) -> tuple[datetime.date, datetime.date, datetime.date]:
    """When someone was nominated, put in order and decided on, on working days."""
    nominated = admitted - (NOMINATED + turn % SPREAD) * DAY
    if nominated > closes:
        nominated = closes - turn % SPREAD * DAY
    prioritised = min(nominated + TAKES * DAY, admitted - DECIDED * DAY)
    return _working(nominated), _working(prioritised), _working(admitted - DECIDED * DAY)


def _working(day: datetime.date) -> datetime.date:
    while not is_working_day(day):
        day -= DAY
    return day


def _kind(row: NominationKind) -> _Kind:
    workflow = current_workflow(row.workflow.key)
    return _Kind(row, current_version(row.form.key), workflow, steps_of(workflow.pk))


def _holders() -> dict[tuple[str, int], list[RoleAssignment]]:
    found: dict[tuple[str, int], list[RoleAssignment]] = {}
    held = RoleAssignment.objects.select_related("user", "role", "organisation")
    for one in held.order_by("pk"):
        found.setdefault((one.role_id, one.organisation_id), []).append(one)
    return found


def _places_left(programme: Programme) -> Counter[tuple[int, int, int]]:
    """Places of each quota that nobody holds, less what is left for visitors."""
    left: Counter[tuple[int, int, int]] = Counter()
    for quota in Quota.objects.filter(wave__programme=programme).select_related("wave"):
        where = (quota.wave_id, quota.organisation_id, quota.category_id)
        spare = LEFT if quota.wave.number == 1 and quota.places > LEFT else 0
        left[where] = quota.places - spare
    for where in Place.objects.holding().values_list("wave", "district", "category"):
        left[where] -= 1
    return left


def _item(case: Case, step: Step, since: datetime.datetime, until: datetime.datetime) -> WorkItem:
    return WorkItem(
        case=case,
        round=1,
        step_key=step.key,
        step_name=step.name,
        role_id=step.role,
        organisation=case.organisation,
        due_on=add_working_days(since.date(), step.working_days),
        opened_at=since,
        closed_at=until,
    )


def _decision(
    case: Case, step: Step, held: RoleAssignment, moment: datetime.datetime, *, met: bool = False
) -> Decision:
    return Decision(
        case=case,
        round=1,
        step_key=step.key,
        verdict=Decision.Verdict.APPROVE,
        actor=held.user,
        actor_name=held.user.get_full_name(),
        held_role=f"{held.role.name}, {held.organisation.name}"[:160],
        by_submission=met,
        data_digest=case.data_digest,
        decided_at=moment,
    )
