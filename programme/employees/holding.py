"""One at a time writes to the register of employees."""

from people.models import Organisation


def hold_register() -> None:
    """Let nobody else take in a list or write somebody down until the transaction ends.

    An address is no key, since two may share one by mistake. So two who find somebody new at
    the same time would both write them down; the second waits here and sees the first's.
    """
    list(Organisation.objects.filter(parent=None).order_by("pk").select_for_update(no_key=True))
