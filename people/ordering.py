"""The order of names in lists, which tells nothing of those whose names are hidden."""

from django.db.models import Case, CharField, F, Q, Value, When


def by_name(path: str = "") -> tuple[Case, Case]:
    """Surname and given name for ``order_by``; those with a protected identity come first.

    Between two neighbours of the alphabet a hidden name is half told, so it has no place there.
    The order is the same for everyone, also for those who may see the names.

    :param path: the path to the person, such as ``person__``; empty when the rows are persons.
    """
    return _unless_protected(path, "last_name"), _unless_protected(path, "first_name")


def _unless_protected(path: str, name: str) -> Case:
    hidden = When(Q(**{f"{path}protected": True}), then=Value(""))
    return Case(hidden, default=F(f"{path}{name}"), output_field=CharField())
