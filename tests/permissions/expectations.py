"""Who may open what: one line an address, and an address without a line is an error.

The thing in every address belongs to Farsta. ``own`` people are Farsta's and
``other`` ones are Bromma's. Whoever is not named is kept out: with 404 when
signed in, so that the answer does not tell whether the thing exists, and with
the sign-in page when not.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.permissions import rows
from tests.permissions.rows import (
    EMPLOYEES,
    EVERYONE,
    HEADS,
    MANAGERS,
    OFFICE,
    OWN_CHAIN,
    SIGNED_IN,
    WITH_ROLES,
    Row,
)

TABLE: dict[str, Row] = {
    # The installation
    "halsa/": Row(EVERYONE, EVERYONE),
    # Signing in; those who are signed in are sent on
    "logga-in/": Row(EVERYONE, EVERYONE),
    "logga-ut/": Row(EVERYONE, EVERYONE),
    "konto/stangt/": Row(EVERYONE),
    "konto/bekrafta/": Row(SIGNED_IN, SIGNED_IN),
    "konto/losenord/": Row(SIGNED_IN, SIGNED_IN),
    "konto/losenord/valj/": Row(SIGNED_IN, SIGNED_IN),
    "glomt-losenord/": Row(EVERYONE, EVERYONE),
    "glomt-losenord/skickat/": Row(EVERYONE),
    "glomt-losenord/nytt/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": Row(EVERYONE, EVERYONE),
    "glomt-losenord/klart/": Row(EVERYONE),
    "logga-in/kod/": Row(SIGNED_IN, SIGNED_IN),
    "konto/bekrafta/kod/": Row(SIGNED_IN, SIGNED_IN),
    "konto/tvasteg/": Row(SIGNED_IN),
    "konto/tvasteg/app/": Row(SIGNED_IN, SIGNED_IN),
    # Nobody here has a second factor to turn off or codes to see.
    "konto/tvasteg/app/av/": Row(set(), set()),
    "konto/tvasteg/koder/": Row(set()),
    "konto/tvasteg/koder/nya/": Row(SIGNED_IN, SIGNED_IN),
    "konto/tvasteg/koder/hamta/": Row(set()),
    # Accounts and roles
    "konton/": Row({"administrator"}),
    "konton/nytt/": Row({"administrator"}, {"administrator"}),
    "konton/roller/<slug:public_id>/avsluta/": Row({"administrator"}, {"administrator"}),
    "konton/<slug:public_id>/": Row({"administrator"}),
    "konton/<slug:public_id>/roll/": Row(None, {"administrator"}),
    "konton/<slug:public_id>/stang/": Row({"administrator"}, {"administrator"}),
    # A file in a draft: only whoever gave it
    "filer/<str:public_id>/": Row({"own manager"}),
    # An answer on paper, and the link back to a draft
    "svar/<str:public_id>/utskrift/": Row(OWN_CHAIN),
    "svar/<str:public_id>/utskrift.pdf": Row(OWN_CHAIN),
    "fortsatt/<str:token>/": Row({"own manager"}),
    # Work and cases
    "arbete/": Row(SIGNED_IN),
    "arbete/besluta/": Row(SIGNED_IN, SIGNED_IN),
    # Only whoever the message was sent to; a made-up link opens nothing.
    "arbete/fran-mejl/<str:token>/": Row(set(), set()),
    "arbete/skjut-upp/": Row(SIGNED_IN, SIGNED_IN),
    "arbete/ta-tillbaka/": Row(None, SIGNED_IN),
    # A POST that names no message finds nothing.
    "arbete/driftkontroll/": Row({"administrator"}),
    "arbete/utskick/": Row(OFFICE, set()),
    "arbete/ersattare/": Row(SIGNED_IN),
    # Who holds no role has nothing to stand in for.
    "arbete/ersattare/ny/": Row(WITH_ROLES, WITH_ROLES),
    "arbete/ersattare/<str:public_id>/avsluta/": Row(
        {"own head", "other head", "administrator"}, {"own head", "other head", "administrator"}
    ),
    "arbete/flaskhalsar/": Row(HEADS | OFFICE),
    # The step there waits for the administrator; the office may hand it over, its reader not.
    "arenden/<str:reference>/lamna-over/": Row(OFFICE, OFFICE),
    "arenden/<str:reference>/tidsmaskin/": Row(OFFICE),
    "arenden/<str:reference>/": Row(OWN_CHAIN),
    "arenden/<str:reference>/underlag/": Row(OWN_CHAIN),
    "arenden/<str:reference>/underlag.pdf": Row(OWN_CHAIN),
    "arenden/<str:reference>/besluta/": Row(None, OWN_CHAIN),
    "arenden/<str:reference>/aterta/": Row(None, OWN_CHAIN),
    # Staff's own kinds of case; the one here is a cost of the economist's
    "arenden/nytt/": Row(SIGNED_IN),
    "arenden/nytt/<slug:key>/": Row({"economist", *OFFICE}, {"economist", *OFFICE}),
    "arenden/nytt/<slug:key>/<str:draft>/<str:step>/": Row({"economist"}, {"economist"}),
    "arenden/utkast/<str:draft>/radera/": Row(None, {"economist"}),
    "arenden/<str:reference>/kvitto/": Row({"economist"}),
    "arenden/<str:reference>/komplettera/": Row({"economist"}, {"economist"}),
    # Mail of the demo; the tests do not run as the demo
    "demo/post/": Row(set()),
    "demo/post/<str:public_id>/": Row(set()),
    # Nominating
    "nominera/": Row(MANAGERS | HEADS),
    "nominera/borja/": Row(None, set()),
    "nominera/mina/": Row(SIGNED_IN),
    "nominera/kvitto/<str:nomination>/": Row({"own manager"}),
    "nominera/komplettera/<str:reference>/": Row({"own manager"}, {"own manager"}),
    "nominera/utkast/<str:draft>/radera/": Row(None, {"own manager"}),
    "nominera/utkast/<str:draft>/<str:step>/": Row({"own manager"}, {"own manager"}),
    "nominera/flera/": Row(MANAGERS | HEADS, MANAGERS | HEADS),
    "nominera/flera/mall/<slug:kind>.<slug:extension>": Row(MANAGERS | HEADS),
    "nominera/flera/<str:batch>/": Row({"own manager"}),
    "nominera/flera/<str:batch>/bekrafta/": Row(None, {"own manager"}),
    # Personal numbers
    "nominera/personnummer/<str:nomination>/": Row({"administrator"}, {"administrator"}),
    # The participant's own pages
    "mina-sidor/": Row(SIGNED_IN),
    "tidsredovisning/": Row(EVERYONE),
    "mina-sidor/information/": Row(None, EMPLOYEES),
    "mina-sidor/<str:place>/svara/": Row(None, {"own participant"}),
    # Places, waves and quotas
    "platser/": Row(OFFICE),
    "platser/<str:place>/": Row(OFFICE, set()),
    "omgangar/": Row(OFFICE),
    "omgangar/ny/": Row(OFFICE, OFFICE),
    "omgangar/<str:wave>/": Row(OFFICE, OFFICE),
    # The auditor's desk
    "revision/": Row({"auditor"}),
    "revision/handelse/<uuid:operation>/": Row({"auditor"}),
    "revision/lasningar/": Row({"auditor"}),
    "revision/arenden/<str:reference>/": Row({"auditor"}),
    "revision/timmar/<str:counted>/": Row({"auditor"}),
    # The editors' documents: there is none with this number
    "dokument/(\\d+)/(.*)": Row(set(), set()),
    "dokument/authenticate_with_password/<int:restriction_id>/": Row(set(), set()),
    # Public pages and Wagtail's own helpers for them
    "((?:[\\w\\-]+/)*)": Row(EVERYONE, EVERYONE),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": Row(
        set(), set()
    ),
    # It leads to our own page, or to the work of whoever has signed in.
    "_util/login/": Row(SIGNED_IN, SIGNED_IN),
}

# The editor is Wagtail's: whoever neither writes or approves pages nor builds definitions is kept out of all of it.
EDITOR = "cms/"
EDITORS = {"communicator", "project leader", "administrator", "superuser"}
# What Wagtail serves inside its address to anyone, without any of our data.
EDITOR_OPEN = {"cms/login/", "cms/jsi18n/", "cms/sprite/", "cms/logout/"}

# Each part keeps its own lines in a module of its own.
for part in iter_modules(rows.__path__):
    TABLE |= import_module(f"{rows.__name__}.{part.name}").TABLE
