"""Addresses of registers."""

from django.urls import URLPattern, URLResolver, path

from programme.registers.views import definitions, entries, lists, versions

app_name = "registers"
REGISTER = "register/<slug:register>/"
ENTRY = f"{REGISTER}rad/<str:entry>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("register/", lists.register_list, name="list"),
    path("register/nytt/", definitions.new, name="new"),
    path(REGISTER, lists.register_page, name="register"),
    path(f"{REGISTER}andra/", definitions.change, name="change"),
    path(f"{REGISTER}hamta.<slug:extension>", lists.download, name="download"),
    path(f"{REGISTER}ny-rad/", entries.new, name="entry_new"),
    path(ENTRY, entries.entry_page, name="entry"),
    path(f"{ENTRY}andra/", entries.change, name="entry_change"),
    path(f"{ENTRY}dra-tillbaka/", entries.withdraw, name="entry_withdraw"),
    path(f"{REGISTER}frys/", versions.freeze, name="freeze"),
    path(f"{REGISTER}version/<int:number>/", versions.version, name="version"),
    path(f"{REGISTER}jamfor/", versions.compare, name="compare"),
]
