"""The tool that finds strings without Swedish: it finds them, in code and in templates."""

from pathlib import Path

import pytest

from config import messages


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project with one room and a shared template."""
    (tmp_path / "people").mkdir()
    (tmp_path / "templates" / "people").mkdir(parents=True)
    (tmp_path / "people" / "views.py").write_text(
        'a = _("Known")\nb = ngettext("%(n)d cat", "%(n)d cats", n)\nc = pgettext("short", "of")\n'
    )
    (tmp_path / "templates" / "people" / "page.html").write_text(
        '{% load i18n %}{% translate "It\'s here" %}\n'
        "{% blocktranslate with name=x|upper %}Hello {{ name }}{% endblocktranslate %}"
        ' {% include "x.html" with text=_("In a tag") %}'
    )
    (tmp_path / "templates" / "base.html").write_text('{% load i18n %}{% translate "Shared" %}')
    return tmp_path


def _write(tree: Path, text: str) -> Path:
    path = messages.catalogue_path("people", tree)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(messages.HEADER + text)
    return path


def test_every_kind_of_string_is_found(tree: Path) -> None:
    found = {(text.catalogue, text.context, text.msgid) for text in messages.missing(tree)}
    assert found == {
        ("people", "", "Known"),
        ("people", "", "%(n)d cat"),
        ("people", "short", "of"),
        ("people", "", "It's here"),
        ("people", "", "Hello %(name)s"),
        ("people", "", "In a tag"),
        ("", "", "Shared"),
    }


def test_what_has_swedish_is_not_reported(tree: Path) -> None:
    _write(tree, '\nmsgid "Known"\nmsgstr "Känd"\n')
    assert "Known" not in {text.msgid for text in messages.missing(tree)}


@pytest.mark.parametrize("entry", ['msgstr ""', 'msgstr "Känd"'])
def test_an_empty_or_uncertain_entry_does_not_count(tree: Path, entry: str) -> None:
    flag = "#, fuzzy\n" if "Känd" in entry else ""
    _write(tree, f'\n{flag}msgid "Known"\n{entry}\n')
    assert "Known" in {text.msgid for text in messages.missing(tree)}


def test_the_command_fails_when_a_string_is_missing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert messages.main(["check", "--root", str(tree)]) == 1
    assert "people/views.py:1: 'Known'" in capsys.readouterr().out


def test_stubs_are_written_once(tree: Path) -> None:
    messages.main(["add", "--root", str(tree)])
    first = messages.catalogue_path("people", tree).read_text()
    assert 'msgid_plural "%(n)d cats"' in first
    assert 'msgctxt "short"' in first
    messages.main(["add", "--root", str(tree)])
    assert messages.catalogue_path("people", tree).read_text() == first


def test_only_what_is_newer_is_compiled(tree: Path) -> None:
    path = _write(tree, '\nmsgid "Known"\nmsgstr "Känd"\n')
    assert messages.compile_all(tree) == [path.with_suffix(".mo")]
    assert messages.compile_all(tree) == []


@pytest.mark.parametrize("catalogue", ["", "core", "cms"])
def test_the_shared_pages_have_all_their_swedish(catalogue: str) -> None:
    assert [t for t in messages.missing() if t.catalogue == catalogue] == []


def test_two_rooms_that_say_the_same_string_differently_are_told(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _write(tree, '\nmsgid "Known"\nmsgstr "Känd"\n\nmsgid "Same"\nmsgstr "Samma"\n')
    top = messages.catalogue_path("", tree)
    top.parent.mkdir(parents=True)
    top.write_text(
        messages.HEADER
        + '\nmsgid "Known"\nmsgstr "Bekant"\n\nmsgid "Same"\nmsgstr "Samma"\n'
        + '\nmsgctxt "short"\nmsgid "Same"\nmsgstr "Dito"\n'
    )
    assert messages.conflicting(tree) == {("", "Known"): ["Bekant", "Känd"]}
    assert messages.main(["check", "--root", str(tree)]) == 1
    assert "Bekant, Känd" in capsys.readouterr().out


def test_no_string_of_ours_has_two_meanings() -> None:
    assert messages.conflicting() == {}
