"""Meeting reports as the services write them, for the day of the tests' occasion (2026-09-15)."""

from collections.abc import Sequence

TEAMS_EN = (
    "1. Summary",
    "Meeting title\tSystemteori i vardagen",
    "Attended participants\t{count}",
    "Start time\t9/15/26, 8:55:10 AM",
    "End time\t9/15/26, 2:02:00 PM",
    "Meeting duration\t5h 6m 50s",
    "Average attendance time\t4h 10m",
    "",
    "2. Participants",
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole",
)
TEAMS_EN_HEAD = "Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole"
TEAMS_SV = (
    "1. Sammanfattning",
    "Mötesrubrik\tSystemteori i vardagen",
    "Antal deltagare\t{count}",
    "Starttid\t2026-09-15 08:55:10",
    "Sluttid\t2026-09-15 14:02:00",
    "Mötets varaktighet\t5 tim 6 min 50 s",
    "",
    "2. Deltagare",
    "Namn\tFörsta anslutning\tSenast lämnade\tVaraktighet i möte\tE-post\tDeltagar-ID (UPN)\tRoll",
)
TEAMS_SV_HEAD = "Namn\tAnslutningstid\tTid för avslut\tVaraktighet\tE-post\tRoll"
Row = tuple[str, str, str, str, str]


def teams(rows: Sequence[Row], *, swedish: bool = False, email: bool = True) -> bytes:
    """A Teams report: name, join, leave, duration and address of each time somebody joined."""
    top, head = (TEAMS_SV, TEAMS_SV_HEAD) if swedish else (TEAMS_EN, TEAMS_EN_HEAD)
    lines = [line.replace("{count}", str(len(rows))) for line in top]
    seen = set()
    for name, joined, left, duration, address in rows:
        if (name, address) not in seen:
            lines.append(f"{name}\t{joined}\t{left}\t{duration}\t{address}\t{address}\tDeltagare")
        seen.add((name, address))
    lines += ["", "3. Aktiviteter under mötet" if swedish else "3. In-Meeting Activities"]
    lines.append(head if email else head.replace("\tEmail", "").replace("\tE-post", ""))
    for name, joined, left, duration, address in rows:
        cells = [name, joined, left, duration, *([address] if email else []), "Presenter"]
        lines.append("\t".join(cells))
    return b"\xff\xfe" + "\r\n".join(lines).encode("utf-16-le")


def zoom(rows: Sequence[str], *, mark: bool = True, meeting: bool = True) -> bytes:
    """A Zoom participants report; the rows as they stand."""
    lines = []
    if meeting:
        lines += [
            "Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,",
            "123 4567,Systemteori,09/15/2026 08:55:00 AM,09/15/2026 02:02:00 PM,x@y.se,307,20,",
            "",
        ]
    lines.append(
        "Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,"
        "Recording Consent,In Waiting Room"
    )
    return (b"\xef\xbb\xbf" if mark else b"") + "\n".join([*lines, *rows]).encode()
