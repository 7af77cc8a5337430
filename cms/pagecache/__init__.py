"""Public pages kept ready: what anyone may see is made once and handed out many times.

A kept page belongs to a *generation*, a random name that every process reads from
the shared cache. Whatever changes the public pages gives the site a new generation
when its transaction has been committed, and all kept pages are history at once. A
page that was being made meanwhile is stored under the old name and never handed out.

Nothing is kept that was made for a cookie, a query or a signed-in person, sets a
cookie or holds a form's token.
"""

from cms.pagecache.generation import renew, renew_on_commit
from cms.pagecache.moments import register_moment

__all__ = ["register_moment", "renew", "renew_on_commit"]
