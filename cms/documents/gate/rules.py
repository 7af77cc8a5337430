"""Whether a file may be published with what was found in it."""

from collections.abc import Mapping, Sequence

from cms.documents.gate.findings import Finding, Passing

LEAST_REASON = 10


def is_reason(text: str) -> bool:
    """Whether somebody has said something; a full stop is no reason."""
    return len(text.strip()) >= LEAST_REASON


def left_by_asker(
    findings: Sequence[Finding], reasons: Mapping[str, str], *, has_alternative: bool
) -> list[Finding]:
    """What still stops whoever asks for publishing."""

    def stops(finding: Finding) -> bool:
        passing = finding.kind.passing
        if passing is Passing.TOLD:
            return False
        if passing is Passing.NEVER:
            return True
        if passing is Passing.ALTERNATIVE and has_alternative:
            return False
        return not is_reason(reasons.get(finding.code, ""))

    return [finding for finding in findings if stops(finding)]


def left_by_second(findings: Sequence[Finding], reasons: Mapping[str, str]) -> list[Finding]:
    """What still stops the second person, who answers for personal numbers too."""
    return [
        finding
        for finding in findings
        if finding.kind.passing is Passing.NEVER
        or (
            finding.kind.passing is Passing.TWO_REASONS
            and not is_reason(reasons.get(finding.code, ""))
        )
    ]


def newly_found(before: Sequence[Finding], now: Sequence[Finding]) -> list[Finding]:
    """What was not known when publishing was asked for, and must be weighed anew."""
    known = {finding.code for finding in before}
    return [
        finding
        for finding in now
        if finding.code not in known and finding.kind.passing is not Passing.TOLD
    ]
