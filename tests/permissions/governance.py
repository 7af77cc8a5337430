"""What stands in the addresses of governance: the demo's own steering group."""

from cms.models import RegisteredDocument
from programme.models import Body, Meeting


def papers() -> dict[str, dict[str, object]]:
    """Minutes, which are no public document."""
    document = RegisteredDocument.objects.filter(meeting__isnull=False)[0]
    return {"documents:meeting_paper": {"document": document.public_id}}


def values() -> dict[str, object]:
    """The steering group, the meeting it is called to, and a decision of an earlier one."""
    body = Body.objects.get(code="SG")
    meeting = body.meetings.get(state=Meeting.State.CALLED)
    return {
        "body": body.public_id,
        "seat": body.seats.all()[0].public_id,
        "meeting": meeting.public_id,
        "item": meeting.items.all()[0].public_id,
        "decision": body.decisions.all()[0].public_id,
    }
