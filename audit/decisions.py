"""What is decided about the tables of other packages; each with its reason.

Rooms above decide about their own models in their ``AppConfig.ready``.
"""

from audit.registry import events_only, exempt

RIGHTS = "decides what someone may do; the package writes it, also outside operations"
ACCOUNT = "how an account is signed in to; the package writes it"
CONTENT = "content; the page's own revisions keep what it said"
WAGTAIL_LOG = "the package's own log of what editors do, kept here so that it cannot be altered"
DERIVED = "derived, and made again from other rows"
SHORT_LIVED = "lives for a session or an editing session"
CODE = "written by migrations from the code"
APPROVAL = "the content workflow, which pages run on"
WATCHED_ELSEWHERE = "the audit's own rows, which are only added to"


def decide() -> None:
    """Register every decision."""
    exempt("core.Job", "how far long work has come; what it changes is tracked where it changes it")
    exempt("audit.Operation", WATCHED_ELSEWHERE)
    exempt("audit.InboxEvent", WATCHED_ELSEWHERE)
    exempt("audit.ReadEvent", WATCHED_ELSEWHERE)
    for label in (
        "people.User_groups",
        "people.User_user_permissions",
        "auth.Group",
        "auth.Group_permissions",
        "wagtailcore.GroupPagePermission",
        "wagtailcore.GroupCollectionPermission",
        "wagtailcore.GroupSitePermission",
        "wagtailcore.CollectionViewRestriction_groups",
        "wagtailcore.PageViewRestriction_groups",
    ):
        events_only(label, RIGHTS)
    events_only("wagtailcore.CollectionViewRestriction", RIGHTS, secret=["password"])
    events_only("wagtailcore.PageViewRestriction", RIGHTS, secret=["password"])
    events_only("account.EmailAddress", ACCOUNT)
    events_only("mfa.Authenticator", ACCOUNT, secret=["data"], exclude=["last_used_at"])
    events_only("wagtailcore.PageLogEntry", WAGTAIL_LOG)
    events_only("wagtailcore.ModelLogEntry", WAGTAIL_LOG)
    for label in (
        "wagtailcore.Site",
        "wagtailcore.Collection",
        "wagtailredirects.Redirect",
        "wagtaildocs.Document",
        "wagtailimages.Image",
    ):
        events_only(label, CONTENT)
    for label in (
        "wagtailcore.Workflow",
        "wagtailcore.WorkflowContentType",
        "wagtailcore.WorkflowPage",
        "wagtailcore.WorkflowTask",
        "wagtailcore.WorkflowState",
        "wagtailcore.Task",
        "wagtailcore.TaskState",
        "wagtailcore.GroupApprovalTask",
        "wagtailcore.GroupApprovalTask_groups",
    ):
        events_only(label, APPROVAL)
    for label in ("wagtailcore.Page", "wagtailcore.Revision", "wagtailcore.Locale"):
        exempt(label, CONTENT)
    for label in ("wagtailcore.Comment", "wagtailcore.CommentReply"):
        exempt(label, "editors' notes to each other, which they may delete")
    for label in ("wagtailcore.PageSubscription", "wagtailusers.UserProfile"):
        exempt(label, "an editor's own preferences")
    for label in (
        "wagtailcore.ReferenceIndex",
        "wagtailsearch.IndexEntry",
        "wagtailimages.Rendition",
        "wagtailembeds.Embed",
        "taggit.Tag",
        "taggit.TaggedItem",
    ):
        exempt(label, DERIVED)
    for label in (
        "sessions.Session",
        "account.EmailConfirmation",
        "wagtailadmin.EditingSession",
        "wagtailadmin.FormState",
        "wagtailcore.UploadedFile",
    ):
        exempt(label, SHORT_LIVED)
    for label in (
        "auth.Permission",
        "contenttypes.ContentType",
        "wagtailadmin.Admin",
        "simple_translation.SimpleTranslation",
    ):
        exempt(label, CODE)
    exempt("wagtailforms.FormSubmission", "the package's forms are not used")
