"""What the evidence's tests share: reading it as somebody, and a case that comes back."""

import io

from pypdf import PdfReader

from people.models import User
from programme.actions.nominate import start_completion, submit
from programme.models import Nomination
from reports.evidence import build
from tests.clients import signed_in
from tests.programme.builders import World
from workflows.actions import decide
from workflows.models import Case


def page(user: User, case: Case) -> str:
    response = signed_in(user).get(f"/arenden/{case.reference}/underlag/")
    assert response.status_code == 200
    return str(response.content.decode())


def printed(user: User, case: Case) -> PdfReader:
    response = signed_in(user).get(f"/arenden/{case.reference}/underlag.pdf")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(response.content))


def told(user: User, case: Case) -> str:
    """The content as it is digested."""
    return build.document(Case.objects.get(pk=case.pk), user).canonical().decode()


def return_and_complete(nomination: Nomination, world: World, priority: str) -> None:
    waiting = nomination.case.work_items.get(closed_at=None)
    decide(
        case_id=nomination.case_id,
        step_key=waiting.step_key,
        round=waiting.round,
        verdict="return",
        actor=world.head,
        reason="Vilken plats har personen?",
        asked_fields=["priority"],
    )
    nomination.refresh_from_db()
    draft = start_completion(nomination=nomination, actor=world.chief)
    draft.data["varfor"]["priority"] = priority
    draft.save()
    submit(draft_id=draft.pk, actor=world.chief)
    nomination.refresh_from_db()
