"""How the three principles and the modules are covered by lectures and occasions (R-092, R-095)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from people.models import Person, User
from people.ordering import by_name
from programme.lectures import access
from programme.models import (
    CountedTime,
    Followed,
    LearningUnit,
    Lecture,
    Module,
    Occasion,
    Participation,
    Principle,
    Programme,
)

PRINCIPLE, MODULE = "princip", "modul"
#: Of the drawing, in its own units: a row's height, and where the bars begin and end.
ROW, LEFT, WIDTH = 46, 250, 430


@dataclass(frozen=True)
class Line:
    """One principle or module: lectures, occasions held and planned, and persons reached."""

    name: str
    lectures: int
    occasions: int
    persons: int
    # What the address of the rows behind it asks for.
    kind: str = ""
    key: str = ""


@dataclass(frozen=True)
class Bar:
    """A line as it is drawn."""

    line: Line
    top: int
    lectures: float
    occasions: float


@dataclass(frozen=True)
class Picture:
    """A drawing with the lines it is made of, which stand beside it as a table."""

    lines: Sequence[Line]
    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        """Of the drawing."""
        return ROW * len(self.lines) + 8

    @property
    def uncovered(self) -> list[str]:
        """What no lecture and no occasion is about."""
        return [line.name for line in self.lines if not line.lectures + line.occasions]


@dataclass(frozen=True)
class Coverage:
    """Both pictures, and how many of the participants have followed a lecture (R-094)."""

    principles: Picture
    modules: Picture
    participants: int
    reached: int


def of_programme(programme: Programme) -> Coverage:
    """Counted over everything that is open, planned or held; the same few queries for any number."""
    lectures = list(Lecture.objects.exclude(state=Lecture.State.DRAFT).filter(programme=programme))
    units = {one.unit_id for one in lectures}
    occasions = _occasions(programme)
    persons = _persons(units)
    themes = [
        Line(
            str(principle.label),
            len(about),
            sum(occasions.get(one.unit_id, 0) for one in about),
            len(set[int]().union(*(persons.get(one.unit_id, set()) for one in about))),
            PRINCIPLE,
            principle.value,
        )
        for principle in Principle
        for about in [[one for one in lectures if principle in one.principles]]
    ]
    admitted = set(
        Participation.objects.filter(course__programme=programme, state__in=access.ADMITTED)
        .order_by()
        .values_list("person_id", flat=True)
    )
    everyone = set[int]().union(*persons.values())
    return Coverage(
        _picture(themes),
        _picture(_modules(programme, units, occasions)),
        len(admitted),
        len(everyone & admitted),
    )


def _occasions(programme: Programme) -> dict[int, int]:
    """Standing occasions by unit; days on which a recording was watched are none."""
    found: dict[int, int] = {}
    rows = (
        Occasion.objects.standing()
        .filter(programme=programme, unit__isnull=False)
        .exclude(kind=Occasion.Kind.RECORDING)
    )
    for unit in rows.order_by().values_list("unit_id", flat=True):
        if unit is not None:
            found[unit] = found.get(unit, 0) + 1
    return found


def _persons(units: Iterable[int]) -> dict[int, set[int]]:
    """Who has followed each lecture, recorded or live, by its unit."""
    found: dict[int, set[int]] = {}
    followed = Followed.objects.filter(recording__lecture__unit__in=units)
    counted = CountedTime.objects.filter(current=True, minutes__gt=0, occasion__unit__in=units)
    for unit, person in (
        *followed.values_list("recording__lecture__unit_id", "person_id"),
        *counted.values_list("occasion__unit_id", "person_id"),
    ):
        if unit is not None:
            found.setdefault(unit, set()).add(person)
    return found


def _modules(
    programme: Programme, lecture_units: set[int], occasions: dict[int, int]
) -> list[Line]:
    taught: dict[int, set[int]] = {}
    through = LearningUnit.modules.through.objects.filter(module__programme=programme)
    for module, unit in through.values_list("module_id", "learningunit_id"):
        taught.setdefault(module, set()).add(unit)
    return [
        Line(
            module.name,
            len(taught.get(module.pk, set()) & lecture_units),
            sum(occasions.get(unit, 0) for unit in taught.get(module.pk, set())),
            0,
            MODULE,
            module.key,
        )
        for module in Module.objects.filter(programme=programme)
    ]


def _picture(lines: list[Line]) -> Picture:
    """Lectures and occasions each on a scale of their own: there are ten times as many of these."""
    most_lectures = max((line.lectures for line in lines), default=0) or 1
    most_occasions = max((line.occasions for line in lines), default=0) or 1
    bars = [
        Bar(
            line,
            4 + ROW * at,
            round(WIDTH * line.lectures / most_lectures, 1),
            round(WIDTH * line.occasions / most_occasions, 1),
        )
        for at, line in enumerate(lines)
    ]
    return Picture(lines, bars)


@dataclass(frozen=True)
class Behind:
    """What one line of the table is counted from."""

    name: str
    # Each with how many have followed it.
    lectures: Sequence[tuple[Lecture, int]]
    occasions: Sequence[Occasion]


@dataclass(frozen=True)
class Followers:
    """The persons that a principle's number of persons is counted from."""

    name: str
    # How many of the principle's lectures each person has followed, by the person's id.
    lectures: dict[int, int]
    seen: QuerySet[Person]
    #: How many work where the viewer may not read names: with those seen, the table's number.
    elsewhere: int


def followers(programme: Programme, key: str, viewer: User) -> Followers | None:
    """Who has followed the lectures of a principle, those the viewer may read by name (R-092).

    Nothing when there is no such principle. Counted by the same rules as the table.
    """
    if key not in Principle.values:
        return None
    about = Lecture.objects.exclude(state=Lecture.State.DRAFT).filter(
        programme=programme, principles__contains=[key]
    )
    followed: dict[int, int] = {}
    for persons in _persons(about.values_list("unit_id", flat=True)).values():
        for person in persons:
            followed[person] = followed.get(person, 0) + 1
    seen = (
        Person.objects.filter(access.persons_seen_by(viewer), pk__in=followed)
        .select_related("unit")
        .order_by(*by_name(), "pk")
    )
    return Followers(str(Principle(key).label), followed, seen, len(followed) - seen.count())


def behind(programme: Programme, kind: str, key: str) -> Behind | None:
    """The lectures and occasions of a principle or a module; nothing when there is no such.

    Four queries at most; counted by the same rules as the table.
    """
    about = Lecture.objects.exclude(state=Lecture.State.DRAFT).filter(programme=programme)
    if kind == PRINCIPLE and key in Principle.values:
        name = str(Principle(key).label)
        about = about.filter(principles__contains=[key])
        units = set(about.values_list("unit_id", flat=True))
    elif kind == MODULE and (module := Module.objects.filter(programme=programme, key=key).first()):
        name = module.name
        units = set(module.units.values_list("pk", flat=True))
        about = about.filter(unit__in=units)
    else:
        return None
    lectures = list(about.select_related("unit").order_by("unit__number", "pk"))
    persons = _persons({lecture.unit_id for lecture in lectures})
    return Behind(
        name,
        [(lecture, len(persons.get(lecture.unit_id, set()))) for lecture in lectures],
        list(
            Occasion.objects.standing()
            .filter(programme=programme, unit__in=units)
            .exclude(kind=Occasion.Kind.RECORDING)
            .select_related("group", "district", "unit")
            .order_by("starts_at", "pk")
        ),
    )
