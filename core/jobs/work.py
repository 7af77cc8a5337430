"""What long work says of itself while it runs; every word is written at once and alone."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import Job

#: Work that has said nothing for so long is probably without a worker.
SILENT = datetime.timedelta(minutes=5)


class StopAsked(Exception):
    """Whoever began the work has asked it to stop; what is finished stays."""


class NotDone(Exception):
    """The work cannot be done, for a reason in words for whoever began it."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


def ask_for(*, kind: str, title: str, owner: str, link: str = "") -> Job:
    """A row for work that is about to be handed to a worker.

    :param owner: the stable id of whoever asked, such as user:5.
    """
    return Job.objects.create(kind=kind, title=title[:160], owner=owner, link=link)


def running(*, kind: str, owner: str, link: str) -> Job | None:
    """The same work, while it waits or is being done."""
    return Job.objects.filter(
        kind=kind, owner=owner, link=link, state__in=[Job.State.WAITING, Job.State.RUNNING]
    ).first()


class Work:
    """The work's own hand on its row."""

    def __init__(self, job_id: int) -> None:
        self._row = Job.objects.filter(pk=job_id)
        self.done = 0

    def total(self, number: int) -> None:
        """So much there is to do; work that is done again begins from the start."""
        self.done = 0
        self._write(total=number, done=0)

    def advance(self, by: int, message: str = "") -> None:
        """So much more is done; call it between two transactions, never inside one.

        :raises StopAsked: when the work should not go on.
        """
        self.done += by
        self._write(done=self.done, message=message[:300])
        self.ensure_wanted()

    def ensure_wanted(self) -> None:
        """Raise when the work should not go on; may be asked inside a transaction.

        :raises StopAsked: what the transaction has done so far is then undone.
        """
        if self._row.filter(stop_asked=True).exists():
            raise StopAsked

    def finish(self, number: int, message: str) -> None:
        """All of it was done in one transaction: so much, and what to say of it."""
        self._write(total=number, done=number, message=message[:300])

    def say(self, message: str) -> None:
        """What stands beside the bar, and at the end as the result."""
        self._write(message=message[:300])

    def _write(self, **values: object) -> None:
        self._row.update(**values, changed_at=timezone.now())


@contextmanager
def working(job_id: int) -> Iterator[Work]:
    """Run the work's body as the job: it begins, and ends done, stopped or failed.

    A job that has ended is not begun again, so a task that is delivered twice is harmless; one
    whose worker was killed is begun again from the start.

    :raises StopAsked: when it has ended already or was stopped before it began.
    :raises NotDone: as the body did; its words are what the job says at the end.
    """
    begun = Job.objects.filter(
        pk=job_id, state__in=[Job.State.WAITING, Job.State.RUNNING], stop_asked=False
    ).update(state=Job.State.RUNNING, changed_at=timezone.now())
    if not begun:
        Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
            state=Job.State.STOPPED, ended_at=timezone.now()
        )
        raise StopAsked
    work = Work(job_id)
    try:
        yield work
    except StopAsked:
        _end(job_id, Job.State.STOPPED)
        raise
    except NotDone as error:
        work.say(error.message)
        _end(job_id, Job.State.FAILED)
        raise
    except Exception:
        work.say(_("Something went wrong. What was finished before is kept. Try again."))
        _end(job_id, Job.State.FAILED)
        raise
    _end(job_id, Job.State.DONE)


def _end(job_id: int, state: str) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job_id).update(state=state, ended_at=now, changed_at=now)


def stalled(job: Job, now: datetime.datetime) -> bool:
    """Whether work that has not ended has given no sign of life for long."""
    return not job.ended and now - job.changed_at > SILENT


def ask_to_stop(*, job_id: int, owner: str) -> bool:
    """Note that the work should stop after the part it is at; false when it has ended."""
    asked = Job.objects.filter(
        pk=job_id, owner=owner, state__in=[Job.State.WAITING, Job.State.RUNNING]
    ).update(stop_asked=True)
    return bool(asked)
