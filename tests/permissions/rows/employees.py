"""Addresses of the register of employees: those who handle accounts; a list is its reader's."""

from tests.permissions.rows import Row

WHO = {"administrator"}

TABLE: dict[str, Row] = {
    "personal/": Row(WHO, WHO),
    "personal/ny/": Row(WHO, WHO),
    "personal/mall.xlsx": Row(WHO),
    "personal/register.xlsx": Row(WHO),
    "personal/lista/<str:batch>/": Row(WHO),
    "personal/lista/<str:batch>/ta-in/": Row(None, WHO),
    "personal/lista/<str:batch>/slutat/": Row(None, WHO),
    "personal/<str:person>/": Row(WHO, WHO),
    "personal/<str:person>/slutar/": Row(WHO, WHO),
    "personal/<str:person>/slutar-inte/": Row(WHO, WHO),
}
