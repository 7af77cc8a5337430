"""What the clock does to the public pages and to what visitors have written."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from cms import findable
from cms.contact import actions


@shared_task(name="cms.publish_scheduled")
def publish_scheduled() -> None:
    """Publish what is due, take down what has expired, and let search find what has become public.

    Run twice, nothing more happens.
    """
    call_command("publish_scheduled", verbosity=0)
    findable.bring_everything_up_to_date()


@shared_task(name="cms.erase_messages")
def erase_messages() -> None:
    """Erase what visitors wrote when its time is over."""
    actions.erase_due(today=timezone.localdate())
