"""The words of the facts that a page shows, which search finds the page by."""

from programme.evaluation.public import public_report
from programme.lectures.public import public_lecture
from programme.models import EvaluationReport, Procurement
from programme.procurement.public import public_facts


def of_lecture(lecture_id: int) -> str:
    """What it is about, who gives it, themes, tags and modules."""
    shown = public_lecture(lecture_id)
    lecture = shown.lecture
    return _joined(
        lecture.summary,
        lecture.unit.description,
        lecture.lecturer,
        lecture.invited,
        *shown.principles,
        *(one.name for one in (*shown.tags, *shown.modules)),
    )


def of_procurement(procurement: Procurement) -> str:
    """What the public may know of it at this moment; nothing before the announcement."""
    if not procurement.is_public:
        return ""
    facts = public_facts(procurement)
    award = facts.award
    return _joined(
        procurement.title,
        procurement.record_number,
        procurement.purpose,
        procurement.cancelled_reason,
        *(one.text for one in facts.criteria),
        *(f"{one.text} {one.answer}" for one in facts.questions),
        *((award.supplier, award.reasons) if award else ()),
        *(one.supplier for one in facts.contracts),
    )


def of_report(report: EvaluationReport) -> str:
    """Summary, findings, recommendations and answers, once the report is public."""
    if not report.is_public:
        return ""
    told = public_report(report)
    return _joined(
        report.title,
        report.evaluator,
        report.summary,
        *(
            words
            for found in told.findings
            for words in (found.row.text, found.criterion, *found.principles)
        ),
        *(f"{one.row.text} {one.row.response}" for found in told.findings for one in found.advice),
    )


def _joined(*words: str) -> str:
    return "\n".join(word for word in words if word)
