"""Who may build forms, who may choose whom, and who may open a file."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils import timezone

from forms_app.models import Draft, StoredFile, Submission
from people.access import below, ensure, held_by
from people.models import Capability, Organisation, Person, User

FileViewer = Callable[[User, Submission], bool]
_FILE_VIEWERS: list[FileViewer] = []


def register_file_viewer(viewer: FileViewer) -> None:
    """Let a room above say who may see a submission, and with it its files."""
    _FILE_VIEWERS.append(viewer)


def may_build(user: User) -> bool:
    """Whether the account may change and publish forms."""
    return held_by(user).can(Capability.MANAGE_DEFINITIONS)


def ensure_may_build(user: User) -> None:
    """Refuse those who may not build.

    :raises people.access.NotAllowed: when the account lacks the capability.
    """
    ensure(user, Capability.MANAGE_DEFINITIONS)


def choosable_persons(viewer: User) -> QuerySet[Person]:
    """Persons in units below the viewer's own roles, unless a room says otherwise."""
    return Person.objects.filter(below(viewer, Capability.NOMINATE, "unit"))


def choosable_organisations(viewer: User) -> QuerySet[Organisation]:
    """Organisations of today below the viewer's own roles."""
    return Organisation.objects.valid_on(timezone.localdate()).filter(
        below(viewer, Capability.NOMINATE, "")
    )


def may_see_file(user: User, stored: StoredFile) -> bool:
    """Its owner, and whoever may see the submission it belongs to or one that replaced that."""
    return stored.owner_id == user.pk or _may_see(user, stored.submission)


def may_see_submission(user: User, submission: Submission) -> bool:
    """Whoever gave the answer, and whoever a room above lets see it."""
    return submission.submitted_by_id == user.pk or _may_see(user, submission)


def _may_see(user: User, submission: Submission | None) -> bool:
    while submission is not None:
        if any(may_see(user, submission) for may_see in _FILE_VIEWERS):
            return True
        submission = Submission.objects.filter(replaces=submission).first()
    return False


def files_of(draft: Draft) -> QuerySet[StoredFile]:
    """The files that an answer in the draft may name: its own, and those it started from."""
    own = Q(draft=draft, submission=None)
    return StoredFile.objects.filter(own | Q(submission__in=_chain(draft.replaces)))


def _chain(submission: Submission | None) -> list[int]:
    """A submission and those it replaced."""
    found = []
    while submission is not None:
        found.append(submission.pk)
        submission = submission.replaces
    return found
