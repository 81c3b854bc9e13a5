"""The documentation as a site: the Markdown pages where they stand, and the docstrings of what is public.

    sphinx-build -W --keep-going -c docs . build/site

Navigation follows the lists of docs/index.md, so that a page is named there and nowhere else.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from pydoc import locate
from typing import Any

from sphinx.application import Sphinx

from dgsim.decide.finding import Finding

ROOT = Path(__file__).parents[1]
INDEX = ROOT / "docs" / "index.md"
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "dgsim"
author = METADATA["authors"][0]["name"]
project_copyright = author

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.viewcode", "numpydoc"]
root_doc = "README"
source_suffix = {".md": "markdown"}
include_patterns = ["*.md", "docs/**"]
REFERENCE = "docs/reference/python"
exclude_patterns = [".*", "build", "dist", "src", "tests", "out", "results", "dgsim-*"]

myst_heading_anchors = 4
myst_links_external_new_tab = False
suppress_warnings = ["myst.xref_ambiguous"]

default_role = "code"
autodoc_typehints = "none"
autodoc_default_options = {"exclude-members": "model_config"}
autodoc_member_order = "bysource"
autosummary_generate = False
toc_object_entries = False
numpydoc_show_class_members = False
# A fault of a public docstring is a warning, and so an error; the order of parameters is free, for most are keywords.
numpydoc_validation_checks = {
    *("GL03", "GL06", "GL07", "GL08", "GL10", "SS01", "SS02", "SS03", "SS04", "SS06"),
    *("PR01", "PR02", "PR04", "PR05", "PR06", "PR07", "PR08", "PR09", "PR10"),
    *("RT01", "RT02", "RT03", "RT04", "RT05"),
}
# What a function makes says its attributes, not its parameters; the acts of a province are rules of the world.
numpydoc_validation_overrides = {"PR01": [r"Attributes\n\s*-+"]}
numpydoc_validation_exclude = {r"\.Province\.\w+$"}

html_theme = "furo"
html_title = "dgsim"
html_static_path = ["site"]
html_css_files = ["site.css"]
html_additional_pages = {"index": "redirect.html"}
templates_path = ["site"]
html_copy_source = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
highlight_language = "none"


def chapters() -> dict[str, list[str]]:
    """The pages that docs/index.md lists, under its headings; each stands where it is named first."""
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    heading = ""
    for line in INDEX.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ").partition(":")[0]
        for link in re.findall(r"\]\(([^):#]+\.md)", line):
            page = (INDEX.parent / link).resolve().relative_to(ROOT).with_suffix("").as_posix()
            if page not in seen:
                found.setdefault(heading, []).append(page)
                seen.add(page)
    return found


def contents(caption: str, pages: list[str]) -> str:
    """A table of contents that shows at the side of the page only."""
    lines = ["```{toctree}", ":hidden:", f":caption: {caption}", "", *(f"/{page}" for page in pages), "```"]
    return "\n".join(["", *lines, ""])


def add_contents(app: Sphinx, page: str, source: list[str]) -> None:
    """The home page carries the navigation."""
    if page == root_doc:
        source[0] += contents("Documentation", ["docs/index"])
        source[0] += "".join(contents(caption, pages) for caption, pages in chapters().items())
        source[0] += contents("Project", [path.stem for path in sorted(ROOT.glob("*.md")) if path.stem != root_doc])


def add_docstrings(app: Sphinx, page: str, source: list[str]) -> None:
    """The reference of the public names has their docstrings below its tables, which lead there."""
    if page == REFERENCE:
        named = r"(?<=^\| )`([\w.]+)`"
        names = re.findall(named, source[0], re.MULTILINE)
        source[0] = re.sub(named, r"{py:obj}`\1`", source[0], flags=re.MULTILINE) + "".join(map(docstring, names))


def docstring(name: str) -> str:
    """A heading and the docstring of a function or a class, with those of its members."""
    short = name.rpartition(".")[2]
    directive = [f".. autoclass:: {name}", "   :members:"] if short[0].isupper() else [f".. autofunction:: {name}"]
    if isinstance(one := locate(name), type) and issubclass(one, Finding):
        directive.append("   :inherited-members:")
    return "\n".join(["", f"## {short}", "", "```{eval-rst}", *directive, "```", ""])


def signature_for_users(app: Sphinx, what: str, name: str, one: Any, *_: Any) -> tuple[str, None] | None:
    """What is called: an act of a province without the world its rule takes, a result without how it is made."""
    told = one.__doc__ or ""
    if what == "class" and "Attributes\n" in told and "Parameters\n" not in told:
        return "", None
    return ("()", None) if what == "method" and ".Province." in name else None


def say_language(app: Sphinx, page: str, template: str, context: dict[str, Any], tree: Any) -> None:
    """A page below a folder named by a language says so to browsers and screen readers."""
    if "/vi/" in page:
        context["language"] = "vi"


def setup(app: Sphinx) -> None:
    """What the pages lack as a site is added while they are read and written."""
    app.connect("source-read", add_contents)
    app.connect("source-read", add_docstrings)
    app.connect("autodoc-process-signature", signature_for_users)
    app.connect("html-page-context", say_language)
