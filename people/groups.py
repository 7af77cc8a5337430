"""The editor's groups: Wagtail keeps rights to pages and files on groups, not on roles."""

from django.contrib.auth.models import Group

from people.models import Capability, RoleAssignment, User

EDITORS = "Redaktörer"
APPROVERS = "Granskare"
GROUP_OF = {Capability.MANAGE_CONTENT: EDITORS, Capability.APPROVE_CONTENT: APPROVERS}


def sync(user: User) -> None:
    """Make the account's groups follow its roles, now or to come.

    Membership opens nothing by itself: the way into the editor asks the roles of
    the day (``people.backends``), so a role that runs out closes the door unaided.
    """
    capabilities = {
        capability
        for listed in RoleAssignment.objects.filter(user=user).values_list(
            "role__capabilities", flat=True
        )
        for capability in listed
    }
    for capability, name in GROUP_OF.items():
        group = Group.objects.filter(name=name).first()
        if group is None:
            continue
        if capability in capabilities:
            user.groups.add(group)
        else:
            user.groups.remove(group)
