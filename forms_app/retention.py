"""Erasing what is due: answers field by field, files, drafts that nobody goes on with.

Everything may run twice without harm: what is erased is no longer due.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils import timezone

from audit.operations import operation
from core.erasure import is_erased, mark
from forms_app import copies
from forms_app.care import CountedFrom, Retention
from forms_app.models import Draft, DraftLifetime, FormVersion, StoredFile, Submission
from forms_app.models.definition import ERASE
from forms_app.schema import FieldSchema, FormSchema

BATCH = 200
#: Of how many answers at a time the rooms above are asked when the case was closed.
ASKED_AT_ONCE = 1_000
#: Where nobody has decided anything else.
DRAFT_DAYS = 180
#: A file that no row names may belong to an upload that is still being written.
ORPHAN_AGE = datetime.timedelta(days=1)

#: Of submissions by id: the day that the case they led to was closed, or None while it is open.
Closings = Callable[[Sequence[int]], Mapping[int, datetime.date | None]]
_CLOSINGS: list[Closings] = []


def register_closings(closings: Closings) -> None:
    """Let a room above say when what an answer led to was closed."""
    _CLOSINGS.append(closings)


@dataclass(frozen=True)
class Done:
    """What one run did."""

    answers: int = 0
    files: int = 0
    drafts: int = 0
    orphans: int = 0


def held_by_form(version: FormVersion, newest: FormSchema) -> dict[str, Retention]:
    """How long each answer of a version is kept, by field key.

    The version's own promise holds, except that a newer decision to keep longer wins.
    """
    schema = FormSchema.from_plain(version.schema)
    later = {one.key: one for one in newest.fields()}
    found = {}
    for field in schema.fields():
        held = field.retention.within(schema.retention)
        if not held.delete_after_days:
            continue
        again = later.get(field.key)
        now = (again.retention if again else newest.retention).within(newest.retention)
        longer = replace(now, delete_after_days=None).within(held)
        found[field.key] = replace(
            held, keep_until=longer.keep_until, keep_decision=longer.keep_decision
        )
    return found


def erase_due(today: datetime.date, *, limit: int = BATCH) -> Done:
    """Erase answers and files that are due, at most so many answers."""
    answers = files = 0
    for version, held in _versions():
        for submission_id, keys in _due(version, held, today, limit - answers):
            erased = erase(submission_id, keys, version=version, today=today)
            answers, files = answers + erased.answers, files + erased.files
        if answers >= limit:
            break
    return Done(answers=answers, files=files)


@transaction.atomic
def erase(
    submission_id: int, keys: Iterable[str], *, version: FormVersion, today: datetime.date
) -> Done:
    """Put the mark in the place of some answers; their files and every copy go too."""
    drafts = copies.lock_drafts(submission_id)
    submission = Submission.objects.select_for_update().get(pk=submission_id)
    before = submission.answers
    gone = [
        key
        for key in keys
        if submission.answers.get(key) not in (None, "", [])
        and not is_erased(submission.answers[key])
    ]
    if not gone:
        return Done()
    reason = ", ".join(sorted(gone))
    with operation(ERASE, subject=version.definition.key, reason=reason):
        submission.answers = {**submission.answers, **dict.fromkeys(gone, mark(today))}
        fetched = [key for key in gone if key in submission.fetched]
        submission.fetched = {**submission.fetched, **dict.fromkeys(fetched, mark(today))}
        submission.save(update_fields=["answers", "fetched"])
        files = _erase_files(submission, _with_groups(version, gone))
        copies.erase_in_drafts(drafts, before, gone, version)
        copies.erase(copies.Erased(submission_id, frozenset(gone), today))
    return Done(answers=1, files=files)


def purge_drafts(today: datetime.date, *, limit: int = BATCH) -> Done:
    """Throw away drafts that nobody has touched for as long as the rule of the day says."""
    before = timezone.now() - datetime.timedelta(days=draft_days(today))
    stale = Draft.objects.filter(submission=None, updated_at__lt=before)
    ids = list(stale.order_by("pk").values_list("pk", flat=True)[:limit])
    files = drafts = 0
    for draft_id in ids:
        with transaction.atomic(), operation("form.draft.purge"):
            # Again under the lock: its owner may have come back just now.
            draft = stale.select_for_update(of=("self",)).filter(pk=draft_id).first()
            if draft is None:
                continue
            for stored in draft.files.filter(submission=None):
                _delete_file(stored)
                files += 1
            draft.delete()
            drafts += 1
    drafts += copies.purge(before, limit)
    return Done(files=files, drafts=drafts)


def purge_orphans() -> Done:
    """Take away files on disk that no row names any more, such as after a crash."""
    storage = storages["private"]
    if not storage.exists("answers"):
        return Done()
    names = [f"answers/{one}" for one in storage.listdir("answers")[1]]
    kept = set(StoredFile.objects.filter(path__in=names).values_list("path", flat=True))
    before = timezone.now() - ORPHAN_AGE
    gone = [one for one in names if one not in kept and storage.get_modified_time(one) < before]
    for name in gone:
        storage.delete(name)
    return Done(orphans=len(gone))


def draft_days(today: datetime.date) -> int:
    """How long an untouched draft is kept, by the decision in force on the day."""
    rule = DraftLifetime.objects.filter(valid_from__lte=today).first()
    return rule.days if rule else DRAFT_DAYS


def _versions() -> Iterator[tuple[FormVersion, dict[str, Retention]]]:
    """Versions whose answers are erased some day, with how long each answer is kept."""
    newest: dict[int, FormSchema] = {}
    for version in FormVersion.objects.select_related("definition").order_by(
        "definition_id", "-number"
    ):
        schema = newest.setdefault(version.definition_id, FormSchema.from_plain(version.schema))
        held = held_by_form(version, schema)
        if held:
            yield version, held


def _due(
    version: FormVersion, held: Mapping[str, Retention], today: datetime.date, limit: int
) -> list[tuple[int, list[str]]]:
    """Submissions with something to erase: their ids and the keys."""
    due: list[tuple[int, list[str]]] = []
    for submission_id, sent, closed, present in _counted(version, held, today):
        keys = []
        for key in present:
            counted = closed if held[key].counted_from == CountedFrom.CLOSING else sent
            day = held[key].due(counted)
            if day is not None and day <= today:
                keys.append(key)
        if keys:
            due.append((submission_id, keys))
        if len(due) >= limit:
            break
    return due


def _counted(
    version: FormVersion, held: Mapping[str, Retention], today: datetime.date
) -> Iterator[tuple[int, datetime.date, datetime.date | None, list[str]]]:
    """Candidates with the days they may be counted from; closings are asked for many at a time."""
    asks = _needs_closing(held)
    candidates = _candidates(version, held, today)
    for start in range(0, len(candidates), ASKED_AT_ONCE):
        several = candidates[start : start + ASKED_AT_ONCE]
        closed = _closed([one for one, _sent, _present in several]) if asks else {}
        for submission_id, sent, present in several:
            yield submission_id, sent, closed.get(submission_id), present


#: What is still there, among the keys that are erased some day.
PRESENT = """
SELECT s.id, (s.submitted_at AT TIME ZONE %s)::date, array_agg(a.key)
  FROM forms_app_submission s, jsonb_each(s.answers) a
 WHERE s.version_id = %s AND a.key = ANY(%s)
   AND a.value::text NOT IN ('null', '""', '[]')
   AND a.value::text !~ '^\\{"erased": "[^"]*"\\}$'
   AND s.submitted_at < %s
 GROUP BY s.id ORDER BY s.id
"""


def _candidates(
    version: FormVersion, held: Mapping[str, Retention], today: datetime.date
) -> list[tuple[int, datetime.date, list[str]]]:
    """Answers old enough for the shortest time: what is counted from later is later still."""
    shortest = min(one.delete_after_days or 0 for one in held.values())
    before = timezone.make_aware(
        datetime.datetime.combine(today - datetime.timedelta(days=shortest - 1), datetime.time.min)
    )
    with connection.cursor() as cursor:
        zone = timezone.get_current_timezone_name()
        cursor.execute(PRESENT, [zone, version.pk, list(held), before])
        return list(cursor.fetchall())


def _needs_closing(held: Mapping[str, Retention]) -> bool:
    return any(one.counted_from == CountedFrom.CLOSING for one in held.values())


def _closed(ids: Sequence[int]) -> dict[int, datetime.date | None]:
    found: dict[int, datetime.date | None] = {}
    for closings in _CLOSINGS:
        found |= closings(ids)
    return found


def _with_groups(version: FormVersion, keys: Iterable[str]) -> set[str]:
    """The keys, and those of the questions inside groups among them."""
    schema = FormSchema.from_plain(version.schema)
    found: set[str] = set()
    for key in keys:
        field: FieldSchema = schema.field(key)
        found |= {field.key, *(one.key for one in field.fields)}
    return found


def _erase_files(submission: Submission, keys: Iterable[str]) -> int:
    """Erase the files, but give those that a later round names to that round; how many went."""
    erased = 0
    for stored in submission.files.filter(field_key__in=keys, erased_at=None).order_by("pk"):
        if (later := _later_naming(submission, stored)) is None:
            _erase_file(stored)
            erased += 1
        else:
            # The later answer has a time of its own, and the file goes with that.
            stored.submission = later
            stored.save(update_fields=["submission"])
    return erased


def _later_naming(submission: Submission, stored: StoredFile) -> Submission | None:
    """The last of the rounds that replaced this one and whose answers name the file."""
    found = None
    later = Submission.objects.filter(replaces=submission).first()
    while later is not None:
        if _names(later.answers, stored.public_id):
            found = later
        later = Submission.objects.filter(replaces=later).first()
    return found


def _names(answer: Any, public_id: str) -> bool:
    """Whether the file stands anywhere in the answer; in groups it stands in a row."""
    if isinstance(answer, Mapping):
        return any(_names(one, public_id) for one in answer.values())
    if isinstance(answer, list):
        return any(_names(one, public_id) for one in answer)
    return bool(answer == public_id)


def _erase_file(stored: StoredFile) -> str:
    """The bytes and the name go; that there was a file stays."""
    path = stored.path
    stored.name, stored.path, stored.size, stored.erased_at = "", "", 0, timezone.now()
    stored.save(update_fields=["name", "path", "size", "erased_at"])
    transaction.on_commit(partial(storages["private"].delete, path))
    return path


def _delete_file(stored: StoredFile) -> None:
    path = stored.path
    stored.delete()
    transaction.on_commit(partial(storages["private"].delete, path))
