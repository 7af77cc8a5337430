"""The tags that visitors choose lectures by (R-093)."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import User
from programme.errors import Refused
from programme.lectures import access
from programme.models import LectureTag, Programme


@transaction.atomic
def save_tag(
    *,
    programme: Programme,
    kind: str,
    name: str,
    in_use: bool = True,
    tag_id: int | None = None,
    actor: User,
) -> LectureTag:
    """Add a tag or change one; a tag out of use stays on the lectures that have it.

    :raises Refused: when there is one of that name already.
    """
    access.ensure_makes(actor)
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    tags = LectureTag.objects.filter(programme=programme)
    if tags.filter(kind=kind, name__iexact=name).exclude(pk=tag_id or 0).exists():
        raise Refused(_("There is a tag of that name already."))
    if tag_id is None:
        last = tags.filter(kind=kind).aggregate(last=Max("order"))["last"] or 0
        tag = LectureTag(programme=programme, kind=kind, order=last + 1)
    else:
        tag = tags.get(pk=tag_id)
    with operation("lecture.tags", actor=actor_of(actor), subject=name[:80]):
        tag.kind, tag.name, tag.in_use = kind, name, in_use
        tag.save()
    return tag
