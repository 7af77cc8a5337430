"""What lies beside the lectures: their material, and the tags that visitors choose among (R-093)."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from people.access import actor_of
from people.models import User
from programme.errors import Refused
from programme.lectures import access
from programme.lectures.making import lock
from programme.models import Lecture, LectureTag, Material, Programme

MOST = 50


@transaction.atomic
def put_material(
    *,
    lecture_id: int,
    title: str,
    address: str,
    text: str,
    in_use: bool = True,
    material_id: int | None = None,
    actor: User,
) -> Material:
    """Put up something to read or watch, or change it; what is taken down is kept.

    :raises Refused: when it is neither an address nor a text, or there are too many.
    """
    access.ensure_makes(actor)
    lecture = lock(lecture_id)
    if not address and not says(text):
        raise Refused(_("Give an address or a text, or there is nothing to read."))
    shelf = lecture.unit.materials
    if material_id is None:
        if shelf.filter(in_use=True).count() >= MOST:
            raise Refused(_("There is a lot here already. Take something down first."))
        last = shelf.aggregate(last=Max("order"))["last"] or 0
        material = Material(unit=lecture.unit, order=last + 1)
    else:
        material = shelf.get(pk=material_id)
    with operation("unit.change", actor=actor_of(actor), subject=lecture.unit.title):
        material.title, material.address, material.text = title, address, text
        material.in_use = in_use
        material.save()
    return material


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


def copy_material(source: Lecture, target: Lecture) -> None:
    """The material in use, on another lecture too; inside the caller's operation."""
    Material.objects.bulk_create(
        Material(
            unit=target.unit, title=one.title, address=one.address, text=one.text, order=one.order
        )
        for one in source.unit.materials.filter(in_use=True)
    )
