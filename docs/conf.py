"""What Sphinx reads: how the pages that tools/site_build.py writes become build/site.

Nothing is executed, and nothing is fetched while somebody reads: the formulas are set by MathJax
from _static, the search is Sphinx's own and runs in the page.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]
import site_formulas  # noqa: E402

project = "Softmax, backwards"
author = "The Softmax, backwards authors"
copyright = f"{author}. Text CC BY 4.0, code BSD-3-Clause"
html_title = project
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "numpydoc",
]
exclude_patterns = ["downloads", "_static"]

nb_execution_mode = "off"
nb_ipywidgets_js = {}  # the outputs are plain pictures; widgets would ask a CDN
nb_merge_streams = True
myst_enable_extensions = ["amsmath", "deflist", "dollarmath"]
myst_dmath_double_inline = True  # $$ within a paragraph, as JupyterLab takes it
myst_heading_anchors = 4
myst_links_external_new_tab = False
myst_heading_slug_func = "site_build.anchor"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings have the shapes
autosummary_generate = False
numpydoc_show_class_members = False
add_module_names = False
default_role = "code"
smartquotes = False  # much of the text is half code
python_display_short_literal_types = True
# A shape such as (..., D) ndarray is no name that a link could lead to.
numpydoc_xref_param_type = False

mathjax_path = "mathjax/tex-chtml.js"
mathjax_options = {"defer": "defer"}
mathjax4_config = {
    "loader": {"load": ["a11y/assistive-mml"]},
    "output": {"fontPath": "[mathjax]/fonts/%%FONT%%-font", "displayOverflow": "scroll"},
    "options": {
        "ignoreHtmlClass": "document|body",
        "processHtmlClass": "math",
        # Speech comes from a worker, which a page opened as a file may not start; the MathML
        # that a screen reader reads by itself is in the page instead.
        "enableMenu": False,
        "enableEnrichment": False,
        "enableSpeech": False,
        "enableBraille": False,
        "enableExplorer": False,
        "enableAssistiveMml": True,
        "menuOptions": {
            "settings": {"enrich": False, "speech": False, "braille": False, "assistiveMml": True}
        },
    },
}
myst_update_mathjax = False

html_theme = "pydata_sphinx_theme"
html_static_path = ["_static", os.environ["SITE_STATIC"]]
html_favicon = "_static/favicon.svg"
html_css_files = ["site.css"]
html_js_files = ["site.js"]
templates_path = ["_templates"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None
html_search_language = "en"
html_context = {"default_mode": "auto"}
html_sidebars = {"**": ["course.html"]}
html_theme_options = {
    "navbar_align": "left",
    "navbar_center": ["lookup.html"],
    "navbar_end": ["theme-switcher"],
    "search_bar_text": "Search the course ...",
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": True,
    "show_nav_level": 1,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "back_to_top_button": False,
}


def as_written(app, what, name, obj, options, lines: list[str]) -> None:
    """Keep the columns of a formula in a module's docstring, and no |x| for a substitution."""
    verbatim = False
    for at, line in enumerate(list(lines)):
        indented = line.startswith("    ")
        if what == "module" and indented and not verbatim:
            lines[at] = f".. code-block:: none\n\n{line}"
        elif not (what == "module" and indented) and ">>>" not in line:
            lines[at] = line.replace("|", r"\|")
        verbatim = indented or (verbatim and not line.strip())
    lines[:] = "\n".join(lines).split("\n")  # the last one is empty, and stays


def without_fields(app, what, name, obj, skip, options) -> bool | None:
    """Leave out the fields of a NamedTuple, of which Python says their number alone."""
    return True if (obj.__doc__ or "").startswith("Alias for field number") else None


EMPTY_HEAD = re.compile(r'<th class="head([^"]*)">(?:<p>\s*</p>)?</th>')
FORMULA_HEAD = re.compile(
    r'(<th class="head[^"]*"><p><span class="math[^"]*")(>\\\(([^<]*)\\\)</span>)(?=</p></th>)'
)


def heads(app, pagename, templatename, context, doctree) -> None:
    """Make the empty corner of a table a cell, for it heads nothing; and let a head that is a
    formula alone say its letters, too: not every reader of a screen finds text in a formula.
    """
    spoken = r'\1 aria-hidden="true"\2<span class="visually-hidden">\3</span>'
    if "body" in context:
        body = EMPTY_HEAD.sub(r'<td class="head\1"></td>', context["body"])
        context["body"] = site_formulas.kept(FORMULA_HEAD.sub(spoken, body))


def beside(app, pagename, templatename, context, doctree) -> None:
    """Keep no place beside the text of a page that has no sections to list there."""
    if "<h2" not in context.get("body", ""):
        free = "<style>html { --beside: 0rem }</style>"
        context["metatags"] = context.get("metatags", "") + free


def setup(app) -> None:
    """Let Sphinx read the docstrings by way of `as_written`, before numpydoc does."""
    app.connect("html-page-context", heads)
    app.connect("html-page-context", beside)
    app.connect("autodoc-process-docstring", as_written, priority=400)
    app.connect("autodoc-skip-member", without_fields)
