"""What lies beside the lectures to read or watch, and the review before participants see it (R-241)."""

import hashlib
import uuid
from collections.abc import Collection
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.operations import operation
from core.words import says
from forms_app.files import Accepted, FileRefused, check_file
from people.access import actor_of
from people.models import User
from programme.errors import Refused
from programme.lectures import access
from programme.lectures.making import lock
from programme.models import Lecture, Material, MaterialQuestion, Programme
from programme.models.course import place_to_read
from programme.queries import settings_on

MOST = 50
EXTENSIONS = ("pdf", "docx", "xlsx", "pptx", "txt", "csv")


def megabytes(programme: Programme) -> int:
    """The largest file, as decided."""
    return int(settings_on(programme, timezone.localdate())["material_megabytes"])


@transaction.atomic
def put_material(
    *,
    lecture_id: int,
    title: str,
    address: str,
    text: str,
    in_use: bool = True,
    file: tuple[str, BinaryIO] | None = None,
    material_id: int | None = None,
    actor: User,
) -> Material:
    """Put up something to read or watch, or change it; what is taken down is kept.

    What is new, and what says something else than before, waits for somebody else's review.

    :param file: its name, and the bytes; the file that is there stays when nothing is given.
    :raises Refused: when there is nothing to read, it is refused as a file, or there are too many.
    """
    access.ensure_makes(actor)
    lecture = lock(lecture_id)
    shelf = lecture.unit.materials
    if material_id is None:
        if shelf.filter(in_use=True).count() >= MOST:
            raise Refused(_("There is a lot here already. Take something down first."))
        last = shelf.aggregate(last=Max("order"))["last"] or 0
        material = Material(unit=lecture.unit, order=last + 1)
    else:
        material = shelf.get(pk=material_id)
    accepted = _accepted(file, lecture.programme) if file else None
    if not (address or says(text) or accepted or material.path):
        raise Refused(_("Give an address, a text or a file, or there is nothing to read."))
    _ensure_leads_somewhere(address)
    before = (material.title, material.address, material.text, material.sha256)
    material.title, material.address, material.text = title, address, text
    material.in_use = in_use
    stored = _store(material, accepted) if accepted else ""
    if before != (material.title, material.address, material.text, material.sha256):
        material.needs_review, material.put_by = True, actor
        material.reviewed_by = material.reviewed_at = None
        material.review = []
    try:
        with operation("unit.change", actor=actor_of(actor), subject=lecture.unit.title):
            material.save()
    except Exception:
        if stored:
            storages["private"].delete(stored)
        raise
    return material


@transaction.atomic
def review_material(
    *, lecture_id: int, material_id: int, yes: Collection[int], actor: User
) -> Material:
    """Let participants see the material, when every question about it is answered with yes.

    :param yes: the questions that are answered with yes.
    :raises Refused: by whoever put it there, while a question is open, or when nothing waits.
    """
    access.ensure_makes(actor)
    lecture = lock(lecture_id)
    material = lecture.unit.materials.get(pk=material_id)
    if not material.needs_review:
        raise Refused(_("This does not wait for a review any more."))
    if material.put_by_id == actor.pk:
        raise Refused(_("You have put it there yourself. A colleague has to look at it."))
    asked = questions(lecture.programme)
    if any(one.pk not in yes for one in asked):
        raise Refused(
            _(
                "Every question has to be answered with yes. Change the material first if one is not."
            )
        )
    material.needs_review = False
    material.reviewed_by, material.reviewed_at = actor, timezone.now()
    material.review = [one.text for one in asked]
    with operation("unit.review", actor=actor_of(actor), subject=lecture.unit.title):
        material.save()
    return material


def questions(programme: Programme) -> list[MaterialQuestion]:
    """What is asked of new material now."""
    return list(MaterialQuestion.objects.filter(programme=programme, in_use=True))


@transaction.atomic
def save_question(
    *,
    programme: Programme,
    text: str,
    in_use: bool = True,
    question_id: int | None = None,
    actor: User,
) -> MaterialQuestion:
    """Add a question or change one; earlier reviews keep the words that they answered."""
    access.ensure_makes(actor)
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    rows = MaterialQuestion.objects.filter(programme=programme)
    if question_id is None:
        last = rows.aggregate(last=Max("order"))["last"] or 0
        question = MaterialQuestion(programme=programme, order=last + 1)
    else:
        question = rows.get(pk=question_id)
    with operation("unit.questions", actor=actor_of(actor), subject=text[:80]):
        question.text, question.in_use = text, in_use
        question.save()
    return question


def copy_material(source: Lecture, target: Lecture) -> None:
    """The material that is shown, on another lecture too; inside the caller's operation."""
    fields = (
        "title", "address", "text", "path", "file_name", "content_type", "size", "sha256", "order",
        "put_by", "reviewed_by", "reviewed_at", "review",
    )  # fmt: skip
    Material.objects.bulk_create(
        Material(unit=target.unit, **{name: getattr(one, name) for name in fields})
        for one in source.unit.materials.shown()
    )


def _accepted(file: tuple[str, BinaryIO], programme: Programme) -> Accepted:
    name, stream = file
    try:
        return check_file(name, stream, extensions=EXTENSIONS, megabytes=megabytes(programme))
    except FileRefused as error:
        raise Refused(str(error.message)) from error


def _ensure_leads_somewhere(address: str) -> None:
    try:
        if address:
            place_to_read(address)
    except ValidationError as error:
        raise Refused(
            _("Write an address that begins with / for a page here, or with https:// for the web.")
        ) from error


def _store(material: Material, accepted: Accepted) -> str:
    """Under a name that nobody can guess; the file that was there before stays in the history."""
    stored: str = storages["private"].save(
        f"material/{uuid.uuid4().hex}", ContentFile(accepted.content)
    )
    material.path, material.file_name = stored, accepted.name
    material.content_type, material.size = accepted.content_type, len(accepted.content)
    material.sha256 = hashlib.sha256(accepted.content).hexdigest()
    return stored
