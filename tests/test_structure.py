"""The house rules that no linter knows: what a file may be called, what may stand in it, and who may call it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "ucc_participate"
TEMPLATES = ROOT / "templates"

# A domain's rooms. A room past some 300 lines becomes a folder of the same name.
ROOMS = {"events", "models", "policies", "queries", "operations", "forms", "views", "cli", "api", "setup"}
# What a domain holds beside its rooms, each a subject of its own: name it here, with the decision to have it.
SUBJECTS = {
    "demo": "answering census citing city commitments discussions documents ideas initiatives"
    " inventory loading meetings moderation newsletters opinions organisations outreach people planning"
    " processes readiness register resources seats sections sharing timeline together votes",
    "deliberation": "comparing merging moderating news quoting recording subjects telling wording",
    "accounts": "download jobs leftovers links looks passwords personal_data purposes readable references retention sessions tokens",
    "audit": "canonical checkpoints commitments drift extension log notes proofs reading receipts tiles tree",
    "documents": "attaching uploads",
    "notifications": "layout mailbox outbox sending sms writing",
    "inventory": "ranking wording",
    "assisted": "entry sheet wording",
    "moderation": "deciding figures jobs kinds networks screening suspicion wording",
    "outreach": "addresses digests entry feeds jobs letters merging news newsletter notes quiet segments sheet subjects subscribing typesetting wording",
    "meetings": "calendars codes counting entry jobs mailing recording sheet waiting wording",
    "eligibility": "reading telephones wording",
    "objections": "checks facts landmarks wording",
    "opinions": "analysis choosing finding floors importing jobs likeness picture recording report wording",
    "portal": "frame home personal_words",
    "processes": "frame invitations merging participation timetable wording",
    "proposals": "amendments asking batches company content discussing disputed graph handing_in jury merging moderating officials particulars plans publishing recording search similar supporting taking_over versioning wording",
    "record": "document exporting limits package provenance source typesetting verify verify_html words",
    "submission": "blocks content exporting files package paper planning recount seats shaping texts typesetting word",
    "representation": "charts gaps jobs population publishing rates report snapshots suppression wording",
    "stakeholders": "columns entry likeness lineage sheet telling wording",
    "plan": "uses blockers budgeting charts discussing freezing linking matrices money overview parts"
    " recording terms typesetting versions wording writing years",
    "sharing": "bundle cleaning making wording",
    "partners": "wording",
    "resources": "sums terms wording",
    "dossier": "blockers checking content drafts editing fields gaps moving paragraphs recording sections"
    " shipped standing wording",
    "readiness": "alike checklist facts gaps pages photos rules schedule wording",
    "citing": "drafting facts ground saying showing similar sources telling wording",
    "commitments": "charts drafting entries fact jobs outlook overview promises readying recording review"
    " standing wording",
    "polling": "codes comparing keyboard papers recording typesetting wording",
    "vocabularies": "uccn",
    "voting": "analysing announcing ballot_files ballot_groups ballot_words building counting disclosure"
    " drift dropping explaining fairness finding groups importing jobs marking merging"
    " ordering pabulib packing picture purposes ranked_files recording result rule_words rules"
    " sectors suppression telling trial wording",
}
OUTSIDE_DOMAINS = {"kernel", "static"}
NOWHERE = {"utils", "util", "helpers", "helper", "services", "service", "manager", "managers", "common", "misc", "lib"}

# Written into packages (a record, a person's own data) or into mails: no server sends them, and they must look right alone.
OPENED_FROM_A_FOLDER = {
    "record/readme.html",
    "submission/readme.html",
    "accounts/download.html",
    "notifications/_frame.html",
}

FLASK = {"flask", "flask_login", "flask_wtf", "flask_limiter", "wtforms"}
BABEL_FORMATTERS = re.compile(
    r"\b(?:format_(?:date|datetime|time|timedelta|number|decimal|currency|percent|scientific)"
    r"|(?:date|datetime|time|timedelta|number|decimal|currency|percent|scientific)format)\b"
)
INLINE = re.compile(
    r"""<style\b|<script\b(?![^>]*\bsrc=)|\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:""", re.IGNORECASE
)
POST_FORM = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']post[\"'].*?</form>", re.IGNORECASE | re.DOTALL)
TOKEN = re.compile(r"csrf")
TEMPLATE_NAME = re.compile(r"""["']([\w./-]+\.(?:html|txt|xml|svg))["']""")
QUOTED_WORD = re.compile(r'"([a-z_]+)"')  # mails are queued by the bare name of their template
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding)-(?:left|right)|border-(?:left|right)(?:-[a-z]+)?|left|right"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right))\s*[:;]"
)


def domains() -> list[Path]:
    folders = [path.parent for path in sorted(PACKAGE.glob("*/__init__.py"))]
    return [folder for folder in folders if folder.name not in OUTSIDE_DOMAINS]


def rooms(*names: str) -> list[Path]:
    """The files of these rooms in every domain, whether a room is a file or a folder."""
    found = [
        path
        for domain in domains()
        for name in names
        for path in (domain / f"{name}.py", *domain.glob(f"{name}/**/*.py"))
    ]
    return [path for path in found if path.is_file()]


def sources() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if "static" not in path.relative_to(PACKAGE).parts]


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt", ".xml", ".svg"})


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text_of(path), str(path))))


def calls(path: Path) -> set[str]:
    """The dotted name of everything that a file calls, such as ``db.session.commit``."""
    return {ast.unparse(node.func) for node in nodes(path) if isinstance(node, ast.Call)}


def last(names: Iterable[str]) -> set[str]:
    return {name.rsplit(".", 1)[-1] for name in names}


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of every import; the module of a relative one begins with dots."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (("." * node.level + (node.module or ""), alias.name) for alias in node.names)


def offenders(paths: Iterable[Path], faults: Callable[[Path], Iterable[object]]) -> dict[str, list[object]]:
    """What is wrong in which file; empty when the rule is kept everywhere."""
    found = {str(path.relative_to(ROOT)): sorted(faults(path), key=str) for path in paths}
    return {name: wrong for name, wrong in found.items() if wrong}


def test_a_domain_has_only_rooms_that_every_domain_may_have() -> None:
    def strangers(domain: Path) -> set[str]:
        names = {thing.stem for thing in domain.iterdir() if thing.suffix == ".py" or (thing / "__init__.py").is_file()}
        return names - ROOMS - set(SUBJECTS.get(domain.name, "").split()) - {"__init__"}

    assert offenders(domains(), strangers) == {}


def test_no_file_is_named_after_nothing_in_particular() -> None:
    assert offenders(sources(), lambda path: NOWHERE & set(path.relative_to(PACKAGE).with_suffix("").parts)) == {}


def test_a_view_neither_selects_nor_writes() -> None:
    forbidden = {"select", "commit", "flush", "add_all", "execute", "scalars", "scalar"}
    assert offenders(rooms("views", "api", "forms"), lambda path: last(calls(path)) & forbidden) == {}


def test_what_decides_and_changes_imports_no_flask() -> None:
    paths = rooms("models", "policies", "queries", "operations", "events")
    assert offenders(paths, lambda path: FLASK & {module.split(".")[0] for module, _name in imports(path)}) == {}


def test_what_decides_and_changes_is_told_the_time() -> None:
    def asking(path: Path) -> set[str]:
        named = {f"{module}.{name}" for module, name in imports(path) if module.endswith("clock") and name == "now"}
        return named | (calls(path) & {"clock.now", "datetime.now", "datetime.today", "date.today"})

    assert offenders(rooms("models", "policies", "queries", "operations"), asking) == {}


def test_models_and_policies_have_no_session() -> None:
    def sessions(path: Path) -> set[str]:
        arguments = {node.arg for node in nodes(path) if isinstance(node, ast.arg)} & {"session"}
        return arguments | {name for name in calls(path) if name.startswith("db.session")}

    assert offenders(rooms("models", "policies"), sessions) == {}


def test_a_policy_selects_nothing() -> None:
    assert offenders(rooms("policies"), lambda path: last(calls(path)) & {"select", "exists"}) == {}


def test_a_query_writes_nothing() -> None:
    verbs = {f"session.{verb}" for verb in ("add", "add_all", "delete", "flush", "merge", "commit")}
    assert offenders(rooms("queries"), lambda path: calls(path) & (verbs | {"insert", "update", "delete"})) == {}


def test_nothing_but_the_door_commits() -> None:
    paths = [path for path in sources() if path != PACKAGE / "kernel" / "db.py"]
    assert offenders(paths, lambda path: {name for name in calls(path) if name.endswith("session.commit")}) == {}


def test_the_verifier_needs_nothing_but_python() -> None:
    modules = {module.split(".")[0] for module, _name in imports(PACKAGE / "record" / "verify.py")}
    assert modules - sys.stdlib_module_names == set()


def public_operations() -> list[tuple[Path, ast.FunctionDef]]:
    """Every public function in the room of operations."""
    return [
        (path, node)
        for path in rooms("operations")
        for node in ast.parse(text_of(path)).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


@cache
def names_used(path: Path) -> frozenset[str]:
    """Every name and attribute that a file reads; its own definitions are not uses."""
    names = {node.id for node in nodes(path) if isinstance(node, ast.Name)}
    return frozenset(names | {node.attr for node in nodes(path) if isinstance(node, ast.Attribute)})


def test_every_operation_is_called_from_the_product() -> None:
    unused = [
        f"{where.relative_to(PACKAGE)}: {function.name}"
        for where, function in public_operations()
        if not any(function.name in names_used(path) for path in sources() if path != where)
    ]
    assert unused == []


def test_an_operation_takes_session_first_and_who_and_when_by_keyword() -> None:
    def is_wrong(function: ast.FunctionDef) -> bool:
        first = function.args.args[0].arg if function.args.args else ""
        return first != "session" or not {"actor", "now"} <= {argument.arg for argument in function.args.kwonlyargs}

    wrong = [f"{where.relative_to(PACKAGE)}: {made.name}" for where, made in public_operations() if is_wrong(made)]
    assert wrong == []


def test_templates_leave_dates_and_numbers_to_the_kernel() -> None:
    assert offenders(templates(), lambda path: BABEL_FORMATTERS.findall(text_of(path))) == {}


def test_templates_have_no_inline_style_or_script() -> None:
    served = [path for path in templates() if path.relative_to(TEMPLATES).as_posix() not in OPENED_FROM_A_FOLDER]
    assert offenders(served, lambda path: INLINE.findall(text_of(path))) == {}


def test_every_posting_form_carries_its_token() -> None:
    def bare(path: Path) -> list[str]:
        return [form[:80] for form in POST_FORM.findall(text_of(path)) if not TOKEN.search(form)]

    assert offenders(templates(), bare) == {}


def test_templates_mirror_the_packages() -> None:
    folders = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
    assert folders - {path.name for path in domains()} <= {"layout", "macros", "errors", "kernel"}


def test_every_template_is_rendered_or_included_by_something() -> None:
    written = {name for path in (*sources(), *templates()) for name in TEMPLATE_NAME.findall(text_of(path))}
    written |= {f"notifications/{name}.txt" for path in sources() for name in QUOTED_WORD.findall(text_of(path))}
    by_status = {path for path in templates() if path.parent.name == "errors"}
    idle = [path for path in templates() if path.relative_to(TEMPLATES).as_posix() not in written]
    assert set(idle) - by_status == set()


def test_style_sheets_know_start_and_end_not_left_and_right() -> None:
    paths = [path for path in sorted((PACKAGE / "static").rglob("*.css")) if "vendor" not in path.parts]
    comment = re.compile(r"/\*.*?\*/", re.DOTALL)
    assert offenders(paths, lambda path: PHYSICAL.findall(comment.sub("", text_of(path)))) == {}


def test_lock_files_name_no_machine_and_no_host() -> None:
    address = re.compile(r"--(?:extra-)?index-url|--find-links|file://|https?://|^\s*/", re.MULTILINE)
    locks = sorted(ROOT.glob("requirements*.txt"))
    assert len(locks) == 2
    assert offenders(locks, lambda path: address.findall(text_of(path))) == {}


def test_tests_stand_in_folders_named_after_what_they_test() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("__")}
    assert folders - {path.name for path in domains()} <= {"kernel", "journeys", "conformance", "faults"}
