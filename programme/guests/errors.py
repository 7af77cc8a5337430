"""What guests are refused, in words that fit everybody alike."""

from django.utils.translation import gettext as _

from programme.errors import Refused


class Closed(Refused):
    """The event takes no guests now."""

    def __init__(self) -> None:
        super().__init__(
            _("Registration for this event is closed. Write to us if you want to ask something.")
        )


class LinkOld(Refused):
    """The link in the mail is too old."""

    def __init__(self) -> None:
        super().__init__(_("The link is too old. Register again, and you get a new one."))
