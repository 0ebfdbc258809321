"""Every way to install the course asks for the same things, and Binder builds from them."""

import json
import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from jupyter_server.services.config.manager import ConfigManager
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rattler import MatchSpec
from repo2docker.app import Repo2Docker

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ENVIRONMENTS = [ROOT / "environment.yml", ROOT / "binder" / "environment.yml"]


def requirements(*extras: str) -> dict[str, Requirement]:
    """Return what pyproject.toml asks for, by name: the course itself and `extras`."""
    optional = PROJECT["optional-dependencies"]
    lines = PROJECT["dependencies"] + [line for extra in extras for line in optional[extra]]
    found = {canonicalize_name(r.name): r for r in map(Requirement, lines)}
    found.pop("smlearn", None)  # an extra that includes another names the project itself
    return found


# ---- conda


def conda_problems(text: str) -> list[str]:
    """Name what an environment.yml has too little, too much, or otherwise than pyproject.toml."""
    wanted = {name: str(r.specifier) for name, r in requirements("lab", "test").items()}
    wanted |= {"python": "3.13.*", "pip": ""}
    found = {}
    for line in yaml.safe_load(text)["dependencies"]:
        spec = MatchSpec(line)
        found[str(spec.name.normalized)] = str(spec.version or "")
    return (
        [f"{name} is missing" for name in wanted.keys() - found.keys()]
        + [f"{name} is not in pyproject.toml" for name in found.keys() - wanted.keys()]
        + [
            f"{name} is {found[name]!r}, not {wanted[name]!r}"
            for name in wanted.keys() & found.keys()
            if found[name] != wanted[name]
        ]
    )


def test_the_two_environment_files_are_the_same():
    """Binder ignores the root's file as soon as there is a folder binder/, so there are two."""
    one, two = (path.read_bytes() for path in ENVIRONMENTS)
    assert one == two


def test_conda_installs_what_pyproject_asks_for():
    """A learner who comes through conda or Binder has the same course as with pip."""
    assert conda_problems(ENVIRONMENTS[0].read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  - pillow>=11\n", "", "pillow is missing"),
        ("  - pip\n", "  - pip\n  - pandas\n", "pandas is not in pyproject.toml"),
        ("numpy>=2.0", "numpy>=1.26", "numpy is '>=1.26', not '>=2.0'"),
        ("python=3.13", "python>=3.11", "python is '>=3.11', not '3.13.*'"),
    ],
)
def test_a_wrong_environment_file_is_named(old, new, problem):
    """The check above can fail, and says where."""
    text = ENVIRONMENTS[0].read_text("utf-8")
    assert old in text
    assert conda_problems(text.replace(old, new)) == [problem]


def test_a_broken_conda_spec_is_refused():
    """Specs go through conda's own grammar, so a slip of the pen does not pass as a name."""
    with pytest.raises(Exception, match="version"):
        conda_problems("dependencies: ['numpy>=>2.0']")


# ---- the lock


def lock_problems(text: str) -> list[str]:
    """Name what constraints.txt lacks, and every line that holds more than a pinned version."""
    problems, pins = [], {}
    for line in text.splitlines():
        if re.fullmatch(r"[a-z0-9-]+==[\w.]+( ; [^/@]+)?", line):
            pin = Requirement(line)
            pins.setdefault(pin.name, []).append(next(iter(pin.specifier)).version)
        else:
            problems.append(f"{line!r} is not a plain pin")
    for name, asked in requirements("lab", "test", "repo", "browser", "installer", "site").items():
        if name not in pins:
            problems.append(f"{name} is not locked")
        problems += [
            f"{name} {version} does not satisfy {asked.specifier}"
            for version in pins.get(name, [])
            if version not in asked.specifier
        ]
    return problems


def test_the_lock_holds_every_direct_dependency():
    """pip reads constraints.txt as a limit only: what it lacks would float."""
    assert lock_problems((ROOT / "constraints.txt").read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("pattern", "new", "problem"),
    [
        (r"nbval==.*\n", "", "nbval is not locked"),
        (r"nbval==.*", "nbval==0.9", "nbval 0.9 does not satisfy >=0.11"),
        (r"nbval==(.*)", r"nbval>=\1", "is not a plain pin"),
        (r"\A", "--index-url https://example.org/simple\n", "is not a plain pin"),
        (r"nbval==.*", "nbval @ https://example.org/nbval.whl", "is not a plain pin"),
    ],
)
def test_a_wrong_lock_is_named(pattern, new, problem):
    """The check above can fail, and an address in the lock is one of the reasons."""
    text, changes = re.subn(pattern, new, (ROOT / "constraints.txt").read_text("utf-8"), count=1)
    assert changes == 1
    assert problem in lock_problems(text)[0]


def test_pre_commit_uses_the_locked_versions():
    """One ruff for the hook and another for `make test` would undo each other's work."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    pins = {p for h in config["repos"][0]["hooks"] for p in h["additional_dependencies"]}
    assert pins
    assert pins <= set((ROOT / "constraints.txt").read_text("utf-8").splitlines())


# ---- Binder

not_windows = pytest.mark.skipif(
    os.name == "nt", reason="repo2docker, and the mode bits it looks at, are for POSIX only"
)


def binder_problems(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let repo2docker read `root`, without Docker, and name what the image would lack."""
    monkeypatch.chdir(root)  # repo2docker looks around in the current folder
    app = Repo2Docker()
    packs = [make(app.base_image) for make in [*app.buildpacks, app.default_buildpack]]
    pack = next((pack for pack in packs if pack.detect()), packs[-1])
    pack.platform = "linux/amd64"
    dockerfile = pack.render()
    script = root / "binder" / "postBuild"
    claims = {
        "binder/environment.yml is not read": '--file "binder/environment.yml"' in dockerfile,
        "Python is not 3.13": getattr(pack, "python_version", "") == "3.13",
        "postBuild is not run": "RUN ./binder/postBuild" in dockerfile,
        "postBuild is not executable": script.exists() and os.access(script, os.X_OK),
    }
    return [problem for problem, holds in claims.items() if not holds]


def copy_binder(to: Path) -> Path:
    """Copy what repo2docker reads, so that a test may damage it."""
    shutil.copytree(ROOT / "binder", to / "binder")
    shutil.copy(ROOT / "environment.yml", to)
    return to


@not_windows
def test_binder_builds_from_our_files(monkeypatch):
    """repo2docker is what mybinder.org runs; here it says what it would do."""
    assert binder_problems(ROOT, monkeypatch) == []


@not_windows
def test_binder_without_its_own_environment_is_noticed(tmp_path, monkeypatch):
    """With a folder binder/, repo2docker never looks at the root, and gives an old bare Python."""
    root = copy_binder(tmp_path)
    (root / "binder" / "environment.yml").unlink()
    assert "binder/environment.yml is not read" in binder_problems(root, monkeypatch)


@not_windows
def test_binder_with_another_python_is_noticed(tmp_path, monkeypatch):
    """A range of Pythons silently becomes another version."""
    root = copy_binder(tmp_path)
    file = root / "binder" / "environment.yml"
    file.write_text(file.read_text("utf-8").replace("python=3.13", "python>=3.13"), "utf-8")
    assert binder_problems(root, monkeypatch) == ["Python is not 3.13"]


@not_windows
def test_a_post_build_that_cannot_run_is_noticed(tmp_path, monkeypatch):
    """repo2docker mends a lost mode bit; whoever runs the script by hand stumbles over it."""
    root = copy_binder(tmp_path)
    (root / "binder" / "postBuild").chmod(0o644)
    assert binder_problems(root, monkeypatch) == ["postBuild is not executable"]
    (root / "binder" / "postBuild").unlink()
    assert "postBuild is not run" in binder_problems(root, monkeypatch)


def test_jupyterlab_asks_no_question_about_news():
    """Installing smlearn brings the settings, so every way to install it is a quiet start."""
    ours = json.loads((ROOT / "tools" / "jupyterlab_settings.json").read_text("utf-8"))
    seen = ConfigManager(config_dir_name="labconfig").get("default_setting_overrides")
    plugin = "@jupyterlab/apputils-extension:notification"
    assert ours[plugin]["fetchNews"] == "false"
    assert seen.get(plugin) == ours[plugin]


# ---- files that other tools read


def schema_says(schema: str, path: Path) -> str:
    """Return what check-jsonschema has against the file at `path`; nothing means valid."""
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", schema, str(path)])
    return "" if done.exit_code == 0 else done.output


WORKFLOW = (".github/workflows/test.yml", "vendor.github-workflows", "runs-on: ubuntu-latest")
LINKS = (".github/workflows/links.yml", *WORKFLOW[1:])
PUBLISHED = (".github/workflows/pages.yml", *WORKFLOW[1:])
CITATION = ("CITATION.cff", "vendor.citation-file-format", "title:")
FORMS = [
    (f".github/ISSUE_TEMPLATE/{name}.yml", "vendor.github-issue-forms", "name:")
    for name in ["1_wrong_number", "2_wrong_verdict", "3_lost_me", "4_question"]
]
CHOICE = (
    ".github/ISSUE_TEMPLATE/config.yml",
    "vendor.github-issue-config",
    "blank_issues_enabled:",
)
FOR_GITHUB = [WORKFLOW, LINKS, PUBLISHED, CITATION, *FORMS, CHOICE]


@pytest.mark.parametrize(("name", "schema", "_line"), FOR_GITHUB)
def test_files_for_github_are_valid(name, schema, _line):
    """GitHub reports a mistake in them late, or not at all."""
    assert schema_says(schema, ROOT / name) == ""


@pytest.mark.parametrize(("name", "schema", "line"), FOR_GITHUB)
def test_an_invalid_file_is_refused(tmp_path, name, schema, line):
    """The check above can fail."""
    text = (ROOT / name).read_text("utf-8")
    assert line in text
    bad = tmp_path / Path(name).name
    bad.write_text(text.replace(line, "nonsense: 1 #"), "utf-8")
    assert "nonsense" in schema_says(schema, bad)


def test_every_file_for_github_has_a_schema_here():
    """A form that is added is checked, too."""
    there = {*ROOT.glob(".github/*/*.yml")}
    assert there == {ROOT / name for name, *_ in FOR_GITHUB} - {ROOT / "CITATION.cff"}


# Of the fields and relations that Zenodo's deposits know, those that a course may need.
FIELDS = set("""
access_right communities contributors creators description grants keywords language license notes
publication_date references related_identifiers title upload_type version
""".split())  # fmt: skip
RELATIONS = set("""
cites compiles continues documents hasPart isCitedBy isCompiledBy isContinuedBy isDerivedFrom
isDocumentedBy isIdenticalTo isPartOf isReferencedBy isSourceOf isSupplementTo isSupplementedBy
references requires
""".split())  # fmt: skip


def unknown_to_zenodo(record: dict) -> list[str]:
    """Name what Zenodo would refuse, which it does when the release is out."""
    relations = {each["relation"] for each in record.get("related_identifiers", [])}
    return [
        *(f"{name} is no field of a deposit" for name in sorted(record.keys() - FIELDS)),
        *(f"{name} is no relation" for name in sorted(relations - RELATIONS)),
    ]


def archive_problems(record: dict) -> list[str]:
    """Name what .zenodo.json says otherwise than CITATION.cff, or does not say."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    people = [{"name": author["name"]} for author in citation["authors"]]
    wanted = {"title": citation["title"], "keywords": citation["keywords"], "creators": people}
    wanted |= {"upload_type": citation["type"], "license": citation["license"][0]}
    notes = [
        f"{word} is not in notes" for word in citation["license"] if word not in record["notes"]
    ]
    twice = [word for word in ("version", "publication_date") if word in record]
    return [
        *unknown_to_zenodo(record),
        *(
            f"{name} is not {value!r}"
            for name, value in wanted.items()
            if record.get(name) != value
        ),
        *(f"{word}: Zenodo takes it from the release" for word in twice),
        *notes,
    ]


def test_what_zenodo_archives_is_what_the_citation_names():
    """Zenodo reads .zenodo.json and then no CITATION.cff; its version is the release's."""
    assert archive_problems(json.loads((ROOT / ".zenodo.json").read_text("utf-8"))) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"title": "Softmax"}, "title is not 'Softmax, backwards"),
        ({"creators": []}, "creators is not"),
        ({"version": "0.1"}, "version: Zenodo takes it from the release"),
        ({"notes": "Code: BSD-3-Clause."}, "CC-BY-4.0 is not in notes"),
        ({"licence": "BSD-3-Clause"}, "licence is no field of a deposit"),
        ({"related_identifiers": [{"relation": "derivedFrom"}]}, "derivedFrom is no relation"),
    ],
)
def test_a_wrong_record_for_zenodo_is_named(change, problem):
    """The check above can fail."""
    record = json.loads((ROOT / ".zenodo.json").read_text("utf-8")) | change
    assert archive_problems(record)[0].startswith(problem)


def test_whoever_runs_a_fork_finds_where_their_address_goes():
    """A code of conduct without an address is a promise that nobody keeps."""
    text = (ROOT / "CODE_OF_CONDUCT.md").read_text("utf-8")
    assert len(re.findall(r"^\*\*Contact:\*\* \S", text, re.M)) == 1


# ---- CI


def test_links_to_others_are_asked_weekly_and_by_hand_only():
    """A page of somebody else's that moved must not stop a pull request."""
    on = yaml.safe_load((ROOT / ".github/workflows/links.yml").read_text("utf-8"))[True]  # "on"
    assert set(on) == {"schedule", "workflow_dispatch"}


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def loose_actions(text: str) -> list[str]:
    """Name every action of a workflow that is not a digest with its version beside it."""
    pinned = re.compile(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    used = re.findall(r"^\s*(?:- )?uses:\s*(.*?)\s*$", text, re.M)
    return [action for action in used if not pinned.fullmatch(action)]


def test_ci_runs_only_code_that_cannot_change():
    """Whoever owns an action can move its tag to other code; a digest stays what it is."""
    text = "".join(path.read_text("utf-8") for path in WORKFLOWS)
    assert loose_actions(text) == []
    pins = set(re.findall(r"uses: (\S+ # \S+)", text))
    assert len(pins) == len({pin.split("@")[0] for pin in pins}) >= 3  # one version of each


@pytest.mark.parametrize(
    "loose", ["a/b@v5", "a/b@v5 # v5.0.0", "a/b@" + "0" * 39 + " # v5.0.0", "a/b@" + "0" * 40]
)
def test_an_action_that_can_change_is_named(loose):
    """A tag, a short digest, and a digest that nobody can read are all found."""
    good = "a/b/c@" + "0" * 40 + " # v5.0.0"
    assert loose_actions(f"steps:\n  - uses: {good}\n  - name: b\n    uses: {loose}\n") == [loose]


def ci_pythons(job: dict) -> list[str]:
    """Return the Pythons that a job of the workflow sets up."""
    [setup] = [step for step in job["steps"] if "setup-python" in step.get("uses", "")]
    wanted = setup["with"]["python-version"]
    return job["strategy"]["matrix"]["python"] if "matrix" in wanted else [wanted]


def test_ci_starts_at_the_oldest_python_we_promise():
    """A promise that no machine checks is soon broken; the oldest versions run there, too."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))["jobs"]
    oldest = ci_pythons(jobs["locked"])[0]
    assert PROJECT["requires-python"] == f">={oldest}"
    assert ci_pythons(jobs["oldest"]) == [oldest]
    assert {"run": "make test-oldest"} in jobs["oldest"]["steps"]
