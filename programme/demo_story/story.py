"""The story told up to a day: one copy at a time, so that memory does not grow with the scale."""

import datetime
from collections.abc import Callable

from django.db import transaction

from audit.models import Operation
from audit.operations import Actor, operation
from core import planner
from people.demo import DOMAIN
from people.models import Identity, Person, User
from programme.demo_story import leavers, needs, planted
from programme.demo_story.attendance import lay_attendance
from programme.demo_story.cast import gather
from programme.demo_story.completing import complete
from programme.demo_story.groups import Ground, ground_of, lay_groups
from programme.demo_story.ids import Ids
from programme.demo_story.months import close_months
from programme.demo_story.nominations import lay_nominations, open_windows
from programme.demo_story.occasions import lay_occasions
from programme.demo_story.place import lay_places
from programme.demo_story.plan import GROUP_SIZE, GROUP_WORDS, MANAGERS, Draw, group_plans
from programme.hours.actions import recount
from programme.models import (
    Attendance,
    CountedTime,
    Group,
    Invitation,
    Membership,
    Month,
    Occasion,
    Participation,
    Programme,
    Segment,
    Statement,
)

DEMO = Actor(id="demo", name="Demo")
# What the story fills and reads again.
FILLED = (
    Person,
    User,
    Identity,
    Group,
    Participation,
    Membership,
    Occasion,
    Invitation,
    Attendance,
    Segment,
    CountedTime,
)
REASON = "Påhittad berättelse för att visa portalen; tiderna på raderna är berättelsens."


def tell(
    *, today: datetime.date, scale: float = 1, say: Callable[[str], object] = lambda _: None
) -> None:
    """Lay the story up to the day, once; a story that is there already is left as it is.

    :param scale: 0 lays nothing, below 1 only the first groups, 10 lays ten copies.
    """
    programme = Programme.objects.order_by("pk").first()
    if programme is None:
        raise LookupError("the programme is laid before its story")
    told = Group.objects.filter(
        course__programme=programme, name__startswith=f"{GROUP_WORDS[MANAGERS]} 01 "
    ).count()
    wanted = max(1, round(scale)) if scale > 0 else 0
    if told and wanted > told:
        say("the months are closed: a longer story needs an empty database")
    if told or not wanted:
        return
    with transaction.atomic(), operation("demo.story", actor=DEMO, reason=REASON):
        open_windows(programme)
    for copy in range(wanted):
        say(f"story, copy {copy + 1}" if scale > 1 else "story")
        with transaction.atomic(), operation("demo.story", actor=DEMO, reason=REASON):
            _lay(ground_of(programme), copy, min(scale, 1), today)
        # After the last one, and each time the tables have doubled.
        if copy + 1 == wanted or not copy & (copy + 1):
            planner.look_at(model._meta.db_table for model in FILLED)

    say("months")
    with transaction.atomic(), operation("demo.story", actor=DEMO, reason=REASON):
        economist, administrator = _account("ekonom"), _account("administrator")
        close_months(programme, today, checker=economist, noter=administrator)
        planted.check_what_one_registered(programme, economist)
        leavers.leave(programme)
    planner.look_at(model._meta.db_table for model in (Month, Statement))


def disturb() -> None:
    """Change hours that are attested, locked and sent: the error that comes last."""
    programme = Programme.objects.order_by("pk").first()
    told = Operation.objects.filter(name="demo.planted_error", reason=planted.AFTER_SENDING)
    if programme is None or told.exists():
        return
    with transaction.atomic():
        planted.change_after_attesting(programme, _account("administrator"))


def _account(login: str) -> User:
    return User.objects.get(email=f"{login}@{DOMAIN}")


def _lay(ground: Ground, copy: int, fraction: float, today: datetime.date) -> None:
    seed, ids = f"story/{copy}", Ids(f"story/{copy}")
    plans = group_plans(fraction)
    administrator = _account("administrator")
    counts: dict[str, int] = {}
    for plan in plans:
        counts[plan.course] = counts.get(plan.course, 0) + 1
    cast = gather(ground.programme, copy, counts, GROUP_SIZE)
    districts = list({one.district.pk: one.district for one in cast.all()}.values())
    diary = lay_places(ground.programme, districts, administrator, copy, ids)
    told = lay_groups(
        ground, plans, cast, Draw(seed), diary, ids, today, copy, planted.hold_one_on_a_sunday
    )
    lay_nominations(ground.programme, told, ids)
    held = lay_occasions(ground, told, administrator, diary.unvisited, ids, today, DEMO)
    past = lay_attendance(held, ids, today, administrator)
    if copy == 0:
        happened = [one for one in held if one.occasion.pk in set(past)]
        planted.attend_two_at_once(happened, ids)
        planted.check_in_two_on_one_device(happened)
    needs.lay_needs(told, ids, today, administrator)
    recount(occasion_ids=past, reason=REASON)
    complete(told, today)
    if copy == 0:
        planted.start_before_admission(ground.programme)
        planted.book_without_exception(ground.programme)
        planted.complete_too_early(ground.programme, today)
