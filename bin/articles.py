"""Write docs/acts.md, the table of acts, and docs/articles.md: each article of the
regulation, the acts it gives, the code that carries it and the tests that show it, from
docstrings that name articles and from names of tests.

usage: articles.py [--check]   (says whether the pages are up to date, writes nothing)
"""

import ast
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "addons/pakn_1022"))
from tools import acts  # noqa: E402 - plain Python, found there

PAGE = ROOT / "docs/articles.md"
ACTS_PAGE = ROOT / "docs/acts.md"
# Title; why there is no code, where there is none
ARTICLES = {
    1: ("Phạm vi điều chỉnh và đối tượng áp dụng", "says whom the rules are for"),
    2: ("Giải thích từ ngữ", "words: see the design of names"),
    3: ("Các kênh tương tác", ""),
    4: ("Nguyên tắc tiếp nhận, xử lý và trả lời", "carried by the articles it sums up"),
    5: ("Tiêu chuẩn nhân viên trực", "qualities of people"),
    6: ("Nội dung phản ánh, kiến nghị", ""),
    7: ("Cách thức thực hiện phản ánh", ""),
    8: ("Yêu cầu đối với nội dung", ""),
    9: ("Giá trị phản ánh, kiến nghị", ""),
    10: ("Quy trình tiếp nhận và xử lý", ""),
    11: ("Thời hạn xử lý và trả lời", ""),
    12: ("Giám sát, theo dõi hoạt động", ""),
    13: ("Công khai kết quả trả lời", ""),
    14: ("Đánh giá kết quả xử lý", ""),
    15: ("Trách nhiệm của đơn vị vận hành", "work of the operating company"),
    16: ("Trách nhiệm của các đơn vị, địa phương", ""),
    17: ("Trách nhiệm của Văn phòng UBND tỉnh", "carried by 10.4"),
    18: ("Trách nhiệm của Sở Thông tin và Truyền thông", ""),
    19: ("Trách nhiệm của Sở Nội vụ", ""),
    20: ("Trách nhiệm của nhân viên trực", "carried by 8, 10.1 and 14"),
    21: ("Chế độ thông tin, báo cáo", ""),
    22: ("Giải quyết khó khăn, vướng mắc", "how people change the regulation"),
}
_ARTICLES = re.compile(r"Art\.\s+((?:\d+(?:\.\d+)*[a-z]?\d?(?:,\s+|\s+and\s+)?)+)")
_TEST = re.compile(r"test_art(\d+)((?:_\d+)*)")


def read(path):
    """Yield ``(name, docstring)`` of the classes and functions of a file."""
    tree = ast.parse(path.read_text("utf-8"))
    yield "", ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name, ast.get_docstring(node)


def find_articles(text):
    """Return the articles a text names as ``(10, 1, 2)``."""
    found = set()
    for group in _ARTICLES.findall(text or ""):
        for number in re.findall(r"\d+(?:\.\d+)*", group):
            article = tuple(map(int, number.split(".")))
            if article[0] in ARTICLES:
                found.add(article)
    return found


def collect():
    """Return ``{article: set of places}`` of the code and of the tests."""
    code, tests = defaultdict(set), defaultdict(set)
    for folder in sorted(ROOT.glob("addons/*/")):
        for path in sorted(folder.rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for name, text in read(path):
                label = f"`{place}`" + (f" {name}" if name else "")
                if "/tests/" not in place:
                    for article in find_articles(text):
                        code[article].add(label)
    for path in sorted([*ROOT.glob("addons/*/tests/*.py"), *ROOT.glob("tests/*.py")]):
        place = path.relative_to(ROOT).as_posix()
        for name, text in read(path):
            match = _TEST.match(name)
            if match:
                numbers = f"{match[1]}{match[2]}".split("_")
                tests[tuple(map(int, numbers))].add(f"`{place}` {name}")
            elif name.startswith(("test_", "Test")):
                for article in find_articles(text):
                    tests[article].add(f"`{place}` {name}")
    for act in acts.ACTS:
        for article in find_articles(f"Art. {act.article}"):
            verb = f" ({act.model}.{act.name})" if act.name else ""
            code[article].add(f"act `{act.key}`{verb}")
    return code, tests


def draw(model):
    """Return the acts that move a request as a diagram of states (Mermaid)."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> new: received"]
    for act in acts.ACTS:
        if act.model != model or not act.to_state or act.key == "received":
            continue
        for state in sorted({*act.states, *act.by_office} or {"new"}):
            lines.append(f"    {state} --> {act.to_state}: {act.name or act.key}")
    return [*lines, "```", ""]


def write_acts():
    """Return the text of the page of acts."""
    lines = [
        "# Acts",
        "",
        "Written by `bin/articles.py` from `addons/pakn_1022/tools/acts.py`, which "
        "operations, buttons, site, outbox and tests read; the checks fail when it is "
        "out of date. `get_acts()` of `pakn.ticket` and `pakn.transfer` says for each "
        "record what its caller may do now, or why not.",
        "",
        "What the operator does with a request; what units and the clock do with a "
        "slip moves it too (`to` below).",
        "",
        *draw(acts.TICKET),
    ]
    for model, title in ((acts.TICKET, "Requests"), (acts.SLIP, "Slips")):
        lines += [
            f"## {title} (`{model}`)",
            "",
            "| act | operation | Art. | who | from | only if | to | told | revocable |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        for act in acts.ACTS:
            if act.model != model:
                continue
            states = ", ".join(act.states) or "any"
            if act.by_office:
                states += "; the office: " + ", ".join(act.by_office)
            needs = [f"level {', '.join(act.levels)}"] if act.levels else []
            needs += [acts.NEEDS[need] for need in act.needs]
            cells = (
                f"`{act.key}`",
                f"`{act.name}`" if act.name else "",
                act.article,
                ", ".join(act.who),
                states,
                "; ".join(needs),
                act.to_state or "",
                ", ".join(act.told),
                "yes" if act.revocable else "",
            )
            lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    lines += [
        "*addressees*: those the slip is addressed to at its level: focal points, "
        "head, provincial office. Who is told by which door: `pakn.notice`.",
        "",
        "*revocable*: done in the backend, with a button or a dialog, by dragging a "
        "card, or with many requests chosen in a list, the act can be taken back for "
        f"{acts.HOLD} seconds by who did it, and nobody is told of it before they are "
        "over; what tells of it then is withdrawn. Request, slips and to-dos are as "
        "before, and on record stand the act and `taken_back`. Who looks at the "
        "request meanwhile, on the site or by an interface, sees it as it stands. Of "
        "many, one key takes back all that can be, and says which cannot and why; "
        f"those that are done part by part are held {acts.HOLD} to {acts.HOLD_PART} "
        "seconds from the last part on, at most "
        f"{acts.HOLD_LONGEST + acts.HOLD_PART} from their own. What comes over an "
        "interface is told at once and cannot be taken back; why other acts are not "
        "revocable is said in `Act` of the table.",
        "",
    ]
    return "\n".join(lines)


def write_page():
    """Return the text of the page."""
    code, tests = collect()
    lines = [
        "# The regulation, article by article",
        "",
        "Written by `bin/articles.py`; the checks fail when it is out of date.",
        "",
    ]
    for number, (title, reason) in ARTICLES.items():
        lines += [f"## Điều {number}. {title}", ""]
        clauses = sorted({key for key in {*code, *tests} if key[0] == number})
        if reason:
            lines += [f"No code of its own: {reason}.", ""] if not clauses else []
        if not clauses and not reason:
            lines += ["Not carried yet.", ""]
        for clause in clauses:
            lines += [f"**{'.'.join(map(str, clause))}**", ""]
            lines += [f"- code: {place}" for place in sorted(code[clause])]
            lines += [f"- test: {place}" for place in sorted(tests[clause])]
            lines += [""]
    return "\n".join(lines)


if __name__ == "__main__":
    for path, text in ((PAGE, write_page()), (ACTS_PAGE, write_acts())):
        if "--check" in sys.argv:
            if not path.exists() or path.read_text("utf-8") != text:
                name = path.relative_to(ROOT)
                sys.exit(f"{name} is out of date: run bin/articles.py")
        else:
            path.write_text(text, "utf-8")
