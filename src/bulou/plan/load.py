"""A plan's folder read as a `Plan`. Everything wrong in it is found at once, each with file, line, key and remedy."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bulou.kernel.errors import BulouError, Problem
from bulou.kernel.facts import FactKinds
from bulou.kernel.text import Text
from bulou.plan.complaints import problems as complaints
from bulou.plan.diseases import Profile, find_profile
from bulou.plan.drawn import NotDrawnError, settle
from bulou.plan.models import Clause, Header, Plan
from bulou.plan.parameters import Parameter
from bulou.plan.tree import Location, Tree, read_tree
from bulou.plan.vocabulary import Vocabulary, nearest

Model = TypeVar("Model", bound=BaseModel)
_PARAMETER = re.compile(r"[a-z][a-z0-9_]*")


def load(
    path: Path,
    *,
    kinds: FactKinds | None = None,
    roles: Collection[str] | None = None,
    root: Path | None = None,
    disease: str | None = None,
) -> Plan:
    """The plan in a folder, with those it extends (found in `root`, by default the folder's own parent).

    `kinds` and `roles` of None are not checked. `disease` names another profile for the whole family than the plans
    do; profiles lie in `diseases/` beside `root`. BulouError with every problem of the plan and of those it extends.
    """
    reading = Reading(path, Vocabulary(kinds, roles), root or path.resolve().parent, disease=disease)
    if reading.problems or reading.plan is None:
        raise BulouError.many(reading.problems)
    return reading.plan


@dataclass
class Reading:
    """One plan's folder being read: `plan` is as complete as the files allow, `problems` says what is not."""

    path: Path
    words: Vocabulary
    root: Path
    chain: tuple[str, ...] = ()
    disease: str | None = None
    """The disease asked for; None: the one each plan names."""
    unprofiled: bool = False
    """The disease's profile could not be read; said once."""
    plan: Plan | None = None
    problems: list[Problem] = field(default_factory=list)
    declared: dict[str, str] = field(default_factory=dict)
    """Duty to place, of this plan and those it extends (as `plan/duty`), whether they could be read or not."""
    faulty: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (self.path / "plan.yaml").is_file():
            self.problems = [_no_plan(self.path)]
            return
        tree = self._tree(self.path / "plan.yaml")
        header = self._model(Header, tree, ())
        name = tree.data.get("plan") if isinstance(tree.data, dict) else None
        self.name = name if isinstance(name, str) else self.path.resolve().name
        if header and self.disease:
            header = header.model_copy(update={"disease": self.disease})
        self.header, self.profile = header, self._profile(tree, header)
        bases = list(self._bases(tree))
        parameters, words = self._parameters(bases)
        clauses = tuple(self._clauses(words))
        catalogue = tuple(self._catalogue())
        self._strays()
        if header:
            self.plan = Plan.model_construct(
                **dict(header), parameters=parameters, clauses=clauses, catalogue=catalogue, path=self.path
            )
            self.plan._bases = tuple(base.plan for base in bases if base.plan)

    def _bases(self, tree: Tree) -> Iterator["Reading"]:
        extends = tree.data.get("extends") if isinstance(tree.data, dict) else None
        for index, base in enumerate(extends if isinstance(extends, list) else []):
            place: Location = ("extends", index)
            ring = (*self.chain, self.name, base)
            folder = self.root / str(base)
            if base in ring[:-1]:
                way = " → ".join(ring)
                text = Text(zh=f"引用成环：{way}。", en=f"The plans extend each other in a ring: {way}.")
                self._say(tree, "extends_ring", place, text)
            elif not isinstance(base, str) or not (folder / "plan.yaml").is_file():
                known = [path.parent.name for path in self.root.glob("*/plan.yaml")]
                text = Text(zh=f"找不到所引用的预案 {base}。", en=f"The plan {base} it extends is not there.")
                self._say(tree, "unknown_plan", place, text, nearest(str(base), known) or _looked_in(self.root))
            else:
                reading = Reading(folder, self.words, self.root, ring[:-1], self.disease)
                self.problems += [p for p in reading.problems if p not in self.problems]
                self.declared |= reading.declared
                if reading.plan and reading.plan.id != base:
                    text = Text(
                        zh=f"文件夹 {base} 里的预案叫 {reading.plan.id}。",
                        en=f"The folder {base} holds the plan {reading.plan.id}.",
                    )
                    self._say(tree, "plan_name", place, text, Text(zh="两者须一致。", en="The two must agree."))
                yield reading

    def _parameters(self, bases: list["Reading"]) -> tuple[dict[str, Parameter], Vocabulary]:
        file = self.path / "parameters.yaml"
        tree = self._tree(file) if file.is_file() else Tree(file.name)
        raw = tree.data or {}
        if not isinstance(raw, dict):
            self._say(
                tree, "not_a_map", (), Text(zh="应为：名称到参数。", en="A map of name to parameter is expected.")
            )
            raw = {}
        found: dict[str, Parameter] = {}
        for name in raw:
            if not _PARAMETER.fullmatch(name):
                text = Text(zh=f"{name!r} 不能作参数名。", en=f"{name!r} cannot be the name of a parameter.")
                remedy = Text(zh="用小写字母、数字和下划线。", en="Use lower-case letters, digits and underscores.")
                self._say(tree, "bad_parameter_name", (name,), text, remedy)
            elif parameter := self._settled(self._model(Parameter, tree, (name,)), tree, name):
                found[name] = parameter
        scope = {name: known for base in bases if base.plan for name, known in base.plan.scope.items()}
        self.faulty = frozenset(raw).union(*(base.faulty for base in bases)) - set(found)
        words = Vocabulary(self.words.kinds, self.words.roles, {**scope, **found}, self.faulty)
        return found, words

    def _profile(self, tree: Tree, header: Header | None) -> Profile | None:
        """The profile of the disease; a problem where there are profiles but not this one."""
        shelf = self.root / "../diseases"
        if header is None or header.disease is None or not (self.disease or shelf.is_dir()):
            return None
        try:
            return find_profile(header.disease, shelf.resolve())
        except BulouError as error:
            self.unprofiled = True
            self.problems += [replace(found, where=found.where or tree.where(("disease",))) for found in error.problems]
            return None

    def _settled(self, parameter: Parameter | None, tree: Tree, name: str) -> Parameter | None:
        """The parameter with the values of the disease in force; None where its profile could not be read either."""
        if parameter and parameter.profile and self.unprofiled:
            return None
        try:
            return parameter and settle(parameter, self.header.disease if self.header else None, self.profile)
        except NotDrawnError as error:
            self._say(tree, error.code, (name, "profile"), error.text, error.remedy)
            return None

    def _clauses(self, words: Vocabulary) -> Iterator[Clause]:
        clauses: dict[str, str] = {}
        extended = dict(self.declared)
        for file in sorted((self.path / "clauses").glob("*.yaml"), key=_chapter):
            tree = self._tree(file)
            if tree.data is not None and not isinstance(tree.data, list):
                self._say(tree, "not_a_list", (), Text(zh="应为条款列表。", en="A list of clauses is expected."))
                continue
            for index, raw in enumerate(tree.data or []):
                self._declare(tree, (index, "clause"), raw, clauses)
                for number, duty in enumerate(_duties(raw)):
                    place: Location = (index, "duties", number)
                    self._declare(tree, (*place, "duty"), duty, self.declared, f"{self.name}/")
                    self._check_replaces(tree, (*place, "replaces"), duty, extended)
                if clause := self._model(Clause, tree, (index,), words):
                    yield _placed(clause, tree, index)

    def _declare(self, tree: Tree, place: Location, raw: Any, declared: dict[str, str], prefix: str = "") -> None:
        """Notes a clause id or duty name; a problem where it is already taken."""
        name = raw.get(place[-1]) if isinstance(raw, dict) else None
        if not isinstance(name, str):
            return
        first = declared.setdefault(prefix + name, tree.where(place))
        if first != tree.where(place):
            text = Text(zh=f"{name} 已用于 {first}。", en=f"{name} is already used at {first}.")
            self._say(tree, f"repeated_{place[-1]}", place, text, Text(zh="另取一个编号。", en="Give it another name."))

    def _check_replaces(self, tree: Tree, place: Location, raw: Any, extended: Mapping[str, str]) -> None:
        target = raw.get("replaces") if isinstance(raw, dict) else None
        if isinstance(target, str) and "/" in target and target not in extended:
            text = Text(zh=f"所引用的预案没有责任 {target}。", en=f"No plan this one extends has the duty {target}.")
            remedy = nearest(target, extended) or Text(
                zh="请在 extends 中列出该预案。", en="List its plan under extends."
            )
            self._say(tree, "unknown_replaced", place, text, remedy)

    def _catalogue(self) -> Iterator[str]:
        file = self.path / "catalogue.txt"
        seen: dict[str, int] = {}
        try:
            lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        except UnicodeDecodeError:
            text = Text(zh="文件不是 UTF-8 编码。", en="The file is not UTF-8.")
            remedy = Text(zh="请另存为 UTF-8。", en="Save it as UTF-8.")
            self.problems.append(Problem("bad_encoding", text, remedy, self._file(file)))
            return
        for number, line in enumerate(map(str.strip, lines), start=1):
            if not line or line.startswith("#"):
                continue
            if (first := seen.setdefault(line, number)) != number:
                text = Text(zh=f"{line} 已在第 {first} 行。", en=f"{line} is already on line {first}.")
                where = f"{self._file(file)}:{number}"
                self.problems.append(Problem("repeated_catalogue", text, None, where))
            else:
                yield line

    def _strays(self) -> None:
        """A YAML file nobody reads would be a rule silently left out."""
        read = {*self.path.glob("clauses/*.yaml"), *self.path.glob("cases/*.yaml")}
        read |= {self.path / "plan.yaml", self.path / "parameters.yaml"}
        for file in sorted({*self.path.rglob("*.yaml"), *self.path.rglob("*.yml")} - read):
            text = Text(zh="这个文件不会被读取。", en="This file would not be read.")
            remedy = Text(
                zh="放入 clauses/ 或 cases/，扩展名用 .yaml。",
                en="Put it in clauses/ or cases/, with the ending .yaml.",
            )
            self.problems.append(Problem("stray_file", text, remedy, self._file(file)))

    def _model(self, model: type[Model], tree: Tree, place: Location, words: Vocabulary | None = None) -> Model | None:
        raw = tree.data
        for step in place:
            raw = raw[step]
        try:
            return model.model_validate(raw, context=words or self.words)
        except ValidationError as error:
            self.problems += complaints(error, model, tree, place)
            return None

    def _tree(self, file: Path) -> Tree:
        tree = read_tree(file, self._file(file))
        self.problems += tree.problems
        return tree

    def _file(self, file: Path) -> str:
        """A file as errors name it: inside the plan asked for, or with the folder of one it extends."""
        inside = file.relative_to(self.path).as_posix()
        return f"{self.path.name}/{inside}" if self.chain else inside

    def _say(self, tree: Tree, code: str, place: Location, text: Text, remedy: Text | None = None) -> None:
        tree.complain(code, place, text, remedy)
        self.problems.append(tree.problems[-1])


def _chapter(file: Path) -> list[int | str]:
    """Sorts `10-…` after `2-…`."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", file.name)]


def _duties(clause: Any) -> list[Any]:
    duties = clause.get("duties") if isinstance(clause, dict) else None
    return duties if isinstance(duties, list) else []


def _placed(clause: Clause, tree: Tree, index: int) -> Clause:
    clause._place = tree.where((index,))
    for number, duty in enumerate(clause.duties):
        duty._place = tree.where((index, "duties", number))
    return clause


def _no_plan(path: Path) -> Problem:
    text = Text(zh=f"{path} 里没有 plan.yaml。", en=f"There is no plan.yaml in {path}.")
    return Problem("no_plan", text, Text(zh="请给出预案的文件夹。", en="Give the folder of a plan."))


def _looked_in(root: Path) -> Text:
    return Text(zh=f"已在 {root} 查找。", en=f"Looked in {root}.")
