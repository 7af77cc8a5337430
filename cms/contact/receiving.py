"""From the form to a record: checked, counted, written, told."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cms.contact import actions
from cms.contact.forms import ContactForm
from cms.models.contact import ContactMessage, ContactPage


def empty_form(request: HttpRequest) -> ContactForm:
    """The form as a visitor finds it; a link can say what it is about."""
    return ContactForm(initial={"subject": request.GET.get("om", "")})


def take_in(page: ContactPage, request: HttpRequest) -> tuple[ContactForm, ContactMessage | None]:
    """The form with what was wrong, or the message that has been written."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return form, None
    if not _may_send(page, request):
        form.add_error(
            None,
            _(
                "Many messages have come from where you are during the last hour."
                " What you have written is still here. Try again later."
            ),
        )
        return form, None
    return form, actions.receive(page=page, **form.cleaned_data)


def _may_send(page: ContactPage, request: HttpRequest) -> bool:
    """Count this message; the network address itself is kept nowhere."""
    came_from = salted_hmac("cms.contact", str(get_adapter().get_client_ip(request))).hexdigest()
    key = f"contact:{timezone.now():%Y%m%d%H}:{came_from}"
    sent = cache.get(key, 0)
    if sent >= page.most_an_hour:
        return False
    cache.set(key, sent + 1, 3600)
    return True


def received(reference: str) -> ContactMessage | None:
    """The message that the receipt is about; nothing of it but its number is shown."""
    if not reference.isalnum():
        return None
    return ContactMessage.objects.filter(public_id=reference[:12]).only("public_id").first()
