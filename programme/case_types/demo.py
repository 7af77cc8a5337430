"""Costs for the demo, handed in and decided through the same actions as everything else."""

import datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from audit.operations import Actor, operation
from forms_app.actions import save_step, store_file, submit_draft
from people.models import RoleAssignment, User
from programme.case_types import access
from programme.case_types.actions import finish, start
from programme.case_types.setup import load_case_types
from programme.models import CaseSubmission
from workflows.actions import decide
from workflows.models import Case, WorkItem

DEMO = Actor(id="demo", name="Demo")
# supplier, kronor, days ago, budget line, what for, how far it goes
COSTS = (
    ("Exempelinstitutet", "184500", 34, "utbildning", "Tillfälle 1 och 2 för tre grupper.", 3),
    ("Mötesplats Söder (exempel)", "6400", 21, "lokaler", "Lokal för två heldagar i maj.", 2),
    ("Studio Föreläsning (exempel)", "18750.50", 9, "forelasningar", "En digital föreläsning.", 1),
    ("Exempelinstitutet", "246000", 8, "utbildning", "Tillfälle 3 och 4 för fyra grupper.", 2),
    ("Utvärdering i exempel", "62000", 4, "utvardering", "Delrapport för första terminen.", 0),
    ("Tryck & Form (exempel)", "9800", 3, "kommunikation", "Foldrar till medarbetare.", -1),
)
QUESTION = "Gäller hela beloppet projektet, eller ska en del betalas av en annan budget?"


@transaction.atomic
def build_costs(today: datetime.date | None = None) -> None:
    """Some costs at different steps; adds nothing the second time."""
    with operation("demo.costs", actor=DEMO):
        load_case_types(actor=_holder("administrator"))
        if not CaseSubmission.objects.exists():
            for number, row in enumerate(COSTS, start=1):
                _one(number, row, today or timezone.localdate())


def _one(number: int, row: tuple[Any, ...], today: datetime.date) -> None:
    supplier, amount, days, line, purpose, far = row
    case = hand_in(
        {
            "leverantor": supplier,
            "fakturanummer": f"{4100 + 37 * number}",
            "fakturadatum": (today - datetime.timedelta(days=days)).isoformat(),
            "belopp": amount,
            "budgetpost": line,
            "kostnadsstalle": "10452",
            "avser": purpose,
            "annan_finansiering": "no",
        },
        actor=_holder("ekonom"),
    )
    for _step in range(far):
        _decide(case, "approve")
    if far < 0:
        _decide(case, "return", QUESTION)


def hand_in(answers: dict[str, str], *, actor: User, key: str = "kostnad") -> Case:
    """A case of the type with its answers and a small file, sent by the actor."""
    found = access.startable_type(actor, key)
    assert found is not None
    draft = start(key=key, place=found.organisations[0], actor=actor)
    stored = store_file(
        draft_id=draft.pk,
        field_key="underlag",
        upload=SimpleUploadedFile("faktura.pdf", small_pdf("Exempelfaktura")),
        actor=actor,
    )
    typed = {**answers, "underlag": stored.public_id}
    for step in draft.version.schema["steps"]:
        keys = [one["key"] for one in step["fields"]]
        save_step(
            draft_id=draft.pk,
            step_key=step["key"],
            typed={one: typed[one] for one in keys if one in typed},
            next_step="",
            actor=actor,
        )
    submission = submit_draft(
        draft_id=draft.pk, actor=actor, then=partial(finish, draft=draft, actor=actor)
    )
    return CaseSubmission.objects.select_related("case").get(submission=submission).case


def _decide(case: Case, verdict: str, reason: str = "") -> None:
    """By whoever the step waits for."""
    item = WorkItem.objects.get(case=case, closed_at=None)
    decide(
        case_id=case.pk,
        step_key=item.step_key,
        round=item.round,
        verdict=verdict,
        actor=_holder(item.role_id),
        reason=reason,
        asked_fields=["belopp", "avser"] if verdict == "return" else [],
    )


def _holder(role: str) -> User:
    held = RoleAssignment.objects.filter(role_id=role).select_related("user").order_by("pk")
    return held[0].user


def small_pdf(text: str) -> bytes:
    """A page with one line, as plain as PDF allows."""
    content = f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    made, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(made))
    )
