"""Every clause that decides sight, taken out one at a time: from the syntax tree, so that a new clause is tried by itself."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any


def mutants(module: ModuleType, functions: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Name and source of each mutant of these functions of a module."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in functions]:
        places = list(_places(function))
        for number in range(len(places)):
            fresh = copy.deepcopy(tree)
            again = next(n for n in ast.walk(fresh) if isinstance(n, ast.FunctionDef) and n.name == function.name and n.lineno == function.lineno)
            what, take = list(_places(again))[number]
            take()
            yield f"{function.name}: without {what}", ast.unparse(ast.fix_missing_locations(fresh))


def _places(function: ast.FunctionDef) -> Iterator[tuple[str, Any]]:
    """What can be taken out of a function: clauses of and/or, sides of a | or &, keywords of Q, steps, filters."""
    for node in ast.walk(function):
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                yield f"“{ast.unparse(value)}”", lambda node=node, value=value: node.values.remove(value)
        for name, child in ast.iter_fields(node):
            yield from _sides(node, name, child)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Q" and len(node.keywords) > 1:
            for keyword in node.keywords:
                yield f"“{ast.unparse(keyword)}”", lambda node=node, keyword=keyword: node.keywords.remove(keyword)
        if isinstance(node, ast.comprehension):
            for test in node.ifs:
                yield f"“{ast.unparse(test)}”", lambda node=node: node.ifs.clear()
        for body in (getattr(node, "body", None), getattr(node, "orelse", None)):
            yield from _steps(body)


def _sides(node: ast.AST, name: str, child: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(child, ast.BinOp) and isinstance(child.op, ast.BitOr | ast.BitAnd):
        yield f"“{ast.unparse(child.left)}”", lambda: setattr(node, name, child.right)
        yield f"“{ast.unparse(child.right)}”", lambda: setattr(node, name, child.left)
    if isinstance(child, ast.Call) and getattr(child.func, "attr", "") == "filter":
        yield f"“.filter({ast.unparse(child.args[0])})”", lambda: setattr(node, name, child.func.value)


def _steps(body: Any) -> Iterator[tuple[str, Any]]:
    for step in body if isinstance(body, list) else ():
        if isinstance(step, ast.AugAssign) or (isinstance(step, ast.If) and isinstance(step.body[0], ast.Return)):
            yield f"“{ast.unparse(step).splitlines()[0]}”", lambda body=body, step=step: body.__setitem__(body.index(step), ast.Pass())


def loaded(module: ModuleType, source: str) -> dict[str, Any]:
    """The names of a module as a mutant of it defines them, in a namespace of its own."""
    space: dict[str, Any] = {**vars(module)}
    exec(compile(source, str(module.__file__), "exec"), space)
    return space
