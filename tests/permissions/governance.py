"""What stands in the addresses of governance: the demo's own steering group."""

from programme.models import Body, Meeting


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
