"""A lecture made from another one, with its settings."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.operations import operation
from people.access import actor_of
from people.models import User
from programme.lectures import access, faces, making, material
from programme.lectures.making import Facts
from programme.models import Lecture


@transaction.atomic
def copy_lecture(*, lecture_id: int, actor: User) -> Lecture:
    """A draft with the same words, themes, tags, modules, length and material.

    Recordings, dates, questions and answers belong to the lecture that was held and stay there.
    """
    access.ensure_makes(actor)
    source = Lecture.objects.select_related("unit", "programme").get(pk=lecture_id)
    unit = source.unit
    made = making.save_lecture(
        facts=Facts(
            title=(_("%(title)s (copy)") % {"title": unit.title[:140]}),
            summary=source.summary,
            description=unit.description,
            lecturer=source.lecturer,
            invited=source.invited,
            principles=list(source.principles),
            tags=list(source.tags.all()),
            modules=list(unit.modules.all()),
            minutes=unit.minutes,
        ),
        programme=source.programme,
        actor=actor,
    )
    with operation("unit.change", actor=actor_of(actor), subject=unit.title[:80]):
        material.copy_material(source, made)
    faces.make_face(made, actor)
    return made
