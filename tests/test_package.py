"""The package as others get it: sdist, wheel, what an index shows, and the files that describe it in step with it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from readme_renderer import markdown

import dgsim
from test_docs import ROOT, links

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
URLS = PROJECT["urls"]
# What belongs to the repository and is linked from no page.
BESIDES = (".ci/run", ".github/workflows/ci.yml", ".pre-commit-config.yaml", "codemeta.json", "docs/conf.py")
NOT_OURS = re.compile(r"(^|/)(\.git|\.venv|__pycache__|build|dist|[^/]+\.egg-info|[^/]+\.nb[ic])(/|$)")


class Built(NamedTuple):
    """What was built: the files of the sdist below its folder, those of the wheel, and the wheel's metadata."""

    sdist: set[str]
    wheel: set[str]
    metadata: Message


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """An sdist of the repository and a wheel made from that sdist, with the tools at hand and no network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        sdist = {name.partition("/")[2] for name in archive.getnames()}
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        wheel = set(archive.namelist())
        metadata = archive.read(f"dgsim-{dgsim.__version__}.dist-info/METADATA")
    return Built(sdist, wheel, BytesParser().parsebytes(metadata))


def test_the_sdist_has_all_that_its_pages_lead_to(built):
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    targets = {(page.parent / link.partition("#")[0]).resolve() for page in pages for link in links(page)}
    named = {path.relative_to(ROOT).as_posix() for path in targets | set(pages) if path.is_file()}
    assert len(named) > 100
    assert sorted((named | set(BESIDES)) - built.sdist) == []


def test_nothing_that_was_only_made_here_is_packed(built):
    assert sorted(name for name in built.sdist | built.wheel if NOT_OURS.search(name)) == []


def test_the_wheel_has_every_file_of_the_package_and_every_scenario(built):
    source = ROOT / "src"
    package = {path.relative_to(source).as_posix() for path in source.rglob("dgsim/**/*") if path.is_file()}
    scenarios = {f"dgsim/scenarios/{path.name}" for path in (ROOT / "scenarios").glob("*.toml")}
    scenarios |= {f"dgsim/targets/{path.name}" for path in (ROOT / "targets").glob("*.toml")}
    expected = {name for name in package | scenarios if not NOT_OURS.search(name)}
    assert {"dgsim/py.typed", "dgsim/scenarios/history.toml"} <= expected
    assert expected == {name for name in built.wheel if name.startswith("dgsim/")}


def test_an_index_shows_the_pictures_and_reaches_the_pages(built):
    text = built.metadata.get_payload()
    assert built.metadata["Description-Content-Type"] == "text/markdown"
    shown = markdown.render(text)
    assert shown is not None, "the README does not render as an index renders it"
    addresses = re.findall(r'(?:src|href)="([^"]*)"', shown)
    assert sum(address.endswith(".png") for address in addresses) >= 2
    assert [address for address in addresses if not address.startswith(("https://", "#"))] == []
    ours = [re.fullmatch(r"https://\S+?/main/(.*)", address) for address in addresses]
    assert [match[1] for match in ours if match and not (ROOT / match[1]).exists()] == []


def test_the_index_is_told_who_what_and_where(built):
    told = built.metadata
    assert told["Author"] == told["Maintainer"] == PROJECT["authors"][0]["name"]
    assert told.get_all("Project-URL") == [f"{name}, {address}" for name, address in URLS.items()]
    assert "Typing :: Typed" in told.get_all("Classifier")
    assert (told["License-Expression"], told["License-File"]) == ("Apache-2.0", "LICENSE")


def test_the_citation_repeats_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == dgsim.__version__
    assert citation["license"] == PROJECT["license"]
    assert citation["title"].lower() == f"dgsim: {PROJECT['description'].partition(':')[0]}".lower()
    assert citation["keywords"] == PROJECT["keywords"]
    assert citation["repository-code"] == URLS["Source"]
    assert [author["name"] for author in citation["authors"]] == [author["name"] for author in PROJECT["authors"]]


def test_codemeta_repeats_the_package():
    codemeta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert codemeta["name"] == PROJECT["name"]
    assert codemeta["version"] == dgsim.__version__
    assert codemeta["license"] == f"https://spdx.org/licenses/{PROJECT['license']}"
    assert codemeta["description"] == PROJECT["description"]
    assert codemeta["keywords"] == PROJECT["keywords"]
    assert (codemeta["codeRepository"], codemeta["issueTracker"]) == (URLS["Source"], URLS["Issues"])
    assert codemeta["softwareHelp"] == URLS["Documentation"]
    assert (codemeta["url"], codemeta["releaseNotes"]) == (URLS["Homepage"], URLS["Changelog"])
    assert codemeta["softwareRequirements"] == PROJECT["dependencies"]
    assert codemeta["runtimePlatform"] == f"Python {PROJECT['requires-python'].removeprefix('>=')} or newer"
    assert f"Operating System :: {codemeta['operatingSystem']}" in PROJECT["classifiers"]
    assert [author["name"] for author in codemeta["author"]] == [author["name"] for author in PROJECT["authors"]]


def test_a_release_has_one_date():
    """While the changelog calls the version unreleased, nobody gives it a date; from then on all give the same."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = re.search(rf"^## \[{re.escape(dgsim.__version__)}\] - (.*)$", changelog, re.MULTILINE)
    assert heading, "CHANGELOG.md: give the version its heading"
    date = None if heading[1] == "unreleased" else heading[1]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    codemeta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    given = {
        "CITATION.cff: date-released": citation.get("date-released"),
        "codemeta.json: datePublished": codemeta.get("datePublished"),
    }
    wrong = {key: said for key, said in given.items() if said != date and str(said) != date}
    assert wrong == {}, (
        f"the date of the changelog's heading, {heading[1]}, belongs here too (none while it is unreleased)"
    )


def test_a_package_of_all_extras_has_all():
    extras = PROJECT["optional-dependencies"]
    named = re.fullmatch(r"dgsim\[(.*)\]", extras["all"][0])
    assert named
    assert set(named[1].split(",")) == set(extras) - {"all"}, "pyproject.toml: the extra all names every other"


def test_every_address_of_the_repository_is_the_same():
    texts = [path for path in (ROOT / ".github").rglob("*") if path.is_file()] + [ROOT / "pyproject.toml"]
    found = {match for path in texts for match in re.findall(r"github(?:usercontent)?\.com/\w+/\w+", path.read_text())}
    assert {address.partition("/")[2] for address in found} == {URLS["Source"].partition("github.com/")[2]}


@pytest.mark.parametrize("form", sorted((ROOT / ".github").rglob("*.yml")), ids=lambda path: path.name)
def test_forms_and_workflows_are_sound_yaml(form: Path):
    text = yaml.safe_load(form.read_text(encoding="utf-8"))
    if form.parent.name == "ISSUE_TEMPLATE" and form.name != "config.yml":
        assert {"name", "description", "body"} <= set(text)
        assert all("attributes" in part and "type" in part for part in text["body"])


def test_the_hosted_workflow_leaves_the_judgement_to_the_script():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step] == [".ci/run"]
