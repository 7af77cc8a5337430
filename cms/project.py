"""What the public pages say about the project, read from the programme's own rows."""

from dataclasses import dataclass

from django.core.cache import cache

from programme.queries import current_programme

KEPT_FOR_SECONDS = 300
_KEY = "cms.project_line"


@dataclass(frozen=True)
class ProjectLine:
    """The line at the foot of every page: whose project it is and its record number."""

    record_number: str
    organisations: tuple[str, ...]


def project_line() -> ProjectLine | None:
    """The foot's line, kept a few minutes so that pages do not ask for it again."""
    kept = cache.get(_KEY)
    if isinstance(kept, ProjectLine):
        return kept
    programme = current_programme()
    if programme is None:
        return None
    owners = (programme.owner, programme.partner)
    line = ProjectLine(programme.record_number, tuple(str(o) for o in owners if o is not None))
    cache.set(_KEY, line, KEPT_FOR_SECONDS)
    return line
