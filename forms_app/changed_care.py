"""What is different in why an answer is asked for and how long it is kept, in words; pure."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from forms_app.care import Retention
from forms_app.schema import FieldSchema, FormSchema


def of_form(old: FormSchema, new: FormSchema) -> Iterator[str]:
    """The form's own times."""
    if old.retention != new.retention:
        yield _("How long answers are kept: %(new)s (was: %(old)s)") % {
            "new": _kept(new.retention),
            "old": _kept(old.retention),
        }


def of_field(before: FieldSchema, after: FieldSchema) -> Iterator[str]:
    """A question's purpose, legal basis, times and what the browser may fill in."""
    named = {"label": after.label}
    if before.privacy.purpose != after.privacy.purpose:
        yield _("What the answer to «%(label)s» is used for is rewritten.") % named
    bases = ("legal_basis", "sensitive_basis")
    if any(getattr(before.privacy, one) != getattr(after.privacy, one) for one in bases):
        yield _("The legal basis of «%(label)s» is: %(new)s (was: %(old)s).") % {
            **named,
            "new": after.privacy.basis_words or _("none"),
            "old": before.privacy.basis_words or _("none"),
        }
    if before.retention != after.retention:
        yield _("How long the answer to «%(label)s» is kept: %(new)s (was: %(old)s)") % {
            **named,
            "new": _kept(after.retention),
            "old": _kept(before.retention),
        }
    if before.autocomplete != after.autocomplete:
        yield _("What the browser may fill in for «%(label)s» is changed.") % named


def _kept(kept: Retention) -> str:
    return kept.words() or _("nothing said")
