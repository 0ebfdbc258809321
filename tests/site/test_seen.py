"""The site in a browser: every page, in both themes, on a phone, without script, and searched."""

import looking
import nbformat
import pytest
from looking import Visit

import course_map
import site_lookup

WORDS = [
    (word, name)
    for table in ("search", "glossary")
    for name, found in site_lookup.WORDS[table].items()
    for word in found
]
FILES = {page.number: page.file.removesuffix(".ipynb") for page in course_map.pages()}


def complaints(visit: Visit) -> list[str]:
    """Say everything that there is against an open page."""
    found = [f"from elsewhere: {url}" for url in visit.outside]
    found += [f"error: {error}" for error in visit.errors]
    if unset := visit.unset_formulas():
        found.append(f"{unset} formulas are not set")
    for theme in ("light", "dark"):
        found += [f"{theme}: {each}" for each in visit.axe(theme)]
    if (wider := visit.sideways()) > 0:
        found.append(f"{wider} pixels wider than a phone")
    return found


def test_every_page_is_right_in_both_themes_and_on_a_phone(site, address, context):
    """Formulas set, axe-core content, nothing asked of another host, no sideways scroll."""
    against, pages = {}, looking.html_pages(site)
    assert len(pages) > 80
    for page in pages:
        name = page.relative_to(site).as_posix()
        with Visit(context, f"{address}/{name}") as visit:
            if found := complaints(visit):
                against[name] = found
    assert against == {}


def test_every_formula_of_a_notebook_is_set(site, address, context):
    """As many as its source has: no dollar sign is left over."""
    for file in FILES.values():
        notebook = nbformat.read(course_map.minutes.NOTEBOOKS / f"{file}.ipynb", as_version=4)
        with Visit(context, f"{address}/notebooks/{file}.html") as visit:
            assert visit.formulas() == looking.formulas_in(notebook), file


def test_what_is_planted_is_seen(tmp_path, context):
    """Each look at a page can fail: a stranger, a bare formula, a picture without words."""
    (tmp_path / "page.html").write_text(
        "<html lang=en><title>t</title><main><h1>h</h1><img src='https://example.org/a.png'>"
        "<span class='math'>x</span><div style='width: 900px'>wide</div>"
        "<script>throw Error('planted')</script></main></html>"
    )
    with looking.served(tmp_path) as address, Visit(context, f"{address}/page.html") as visit:
        found = "\n".join(complaints(visit))
    for wanted in ("example.org/a.png", "error: planted", "1 formulas", "image-alt", "wider than"):
        assert wanted in found


@pytest.mark.parametrize(("word", "name"), WORDS)
def test_a_search_offers_the_right_page_first(address, context, word, name):
    """No server has a part in it."""
    wanted = name if "/" in name else f"notebooks/{FILES[name]}"
    assert looking.first_found(context, address, word) == wanted


def test_a_search_works_from_a_file(site, context):
    """A copy on a stick will do."""
    found = looking.first_found(context, site.as_uri(), "einsum")
    assert found == "notebooks/03_batches_and_einsum"


def test_a_page_can_be_read_without_script(address, chrome):
    """First paint waits for nobody: text, code, pictures and the way are there."""
    context = chrome.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/notebooks/01_one_row_jacobian.html")
    assert page.locator("article h1").is_visible()
    assert page.locator("article figure img").first.is_visible()
    assert page.locator("nav.course a").first.is_visible()
    context.close()
