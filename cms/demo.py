"""A page on its way, so that the demo shows what waits for an approver."""

from wagtail.models import Locale

from cms.models import NewsIndexPage, NewsPage
from people.models import User

AUTHOR = "kommunikator@example.org"
SLUG = "omgang-tva-oppnar"


def send_in() -> None:
    """A piece of news that the communicator has written and sent in; made once."""
    locale = Locale.objects.get(language_code="sv")
    index = NewsIndexPage.objects.filter(locale=locale).first()
    author = User.objects.filter(email=AUTHOR).first()
    if index is None or author is None or NewsPage.objects.filter(slug=SLUG).exists():
        return
    page = NewsPage(
        title="Nästa omgång öppnar efter nyår",
        slug=SLUG,
        lead="Nu är det dags att prata om vilka som ska nomineras.",
        audiences=["participants"],
        locale=locale,
        live=False,
    )
    index.add_child(instance=page)
    page.save_revision(user=author)
    page.get_workflow().start(page, author)
