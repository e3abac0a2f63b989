"""Tokens, syntax tree and parser of criteria expressions, with CQL's precedence.

From loosest to tightest: ``implies`` · ``or xor`` · ``and`` · ``in contains`` · ``= <>`` ·
``< <= > >=`` · ``between`` · ``not`` · ``is`` · ``+ -`` · ``* /`` · unary minus. As in CQL's
grammar ``not`` binds tighter than a comparison: ``not a = b`` is ``(not a) = b``.
Source: HL7 CQL 1.5, grammar ``cql.g4``.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal as Lit
from typing import NamedTuple

from ketatui.cql.errors import ExpressionError
from ketatui.structs import Frozen

MAX_LENGTH = 4000
"""Longest expression accepted, in characters."""
MAX_DEPTH = 60
"""Deepest nesting accepted; keeps a hostile expression from exhausting the stack."""
MAX_HEIGHT = 150
"""Tallest syntax tree accepted: a long chain (``a and b and c …``) nests without brackets."""

KEYWORDS = frozenset(
    "and or xor implies not between in contains is null true false threshold".split()
)


class Literal(Frozen, frozen=True):
    """A constant; ``None`` is CQL's null."""

    value: bool | int | Decimal | str | None
    at: int


class Name(Frozen, frozen=True):
    """A question or derived fact, by its dictionary id."""

    id: str
    at: int


class Threshold(Frozen, frozen=True):
    """``threshold.NAME``: a number of the pack, which a local policy may change."""

    name: str
    at: int


class ListOf(Frozen, frozen=True):
    """``{a, b, …}``."""

    items: tuple[Node, ...]
    at: int


class Unary(Frozen, frozen=True):
    """``not x`` or ``-x``."""

    op: Lit["not", "-"]
    operand: Node
    at: int


class Binary(Frozen, frozen=True):
    """Two operands around an operator; ``at`` is where the operator stands."""

    op: str
    left: Node
    right: Node
    at: int


class Between(Frozen, frozen=True):
    """``x between low and high``, both ends included."""

    operand: Node
    low: Node
    high: Node
    at: int


class Is(Frozen, frozen=True):
    """``x is [not] null / true / false``: the one form that answers even for null."""

    operand: Node
    what: bool | None
    negated: bool
    at: int


Node = Literal | Name | Threshold | ListOf | Unary | Binary | Between | Is


class Token(NamedTuple):
    """A piece of the text: its kind, its text, where it starts."""

    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<string>'(?:[^'\\]|\\.)*')
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
    |(?P<sign><>|!=|<=|>=|[=<>(){},+*/-])
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)")


def tokenize(text: str) -> list[Token]:
    """Split an expression into tokens, the last of kind ``end``.

    Raises:
        ExpressionError: A character no token starts with, or an expression that is too long.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"an expression has at most {MAX_LENGTH} characters", MAX_LENGTH)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            what = "unclosed string" if text[at] == "'" else f"unexpected character {text[at]!r}"
            raise ExpressionError(what, at)
        kind = match.lastgroup or ""
        if kind == "word" and match[0] in KEYWORDS:
            kind = "keyword"
        if kind != "space":
            tokens.append(Token(kind, match[0], at))
        at = match.end()
    tokens.append(Token("end", "", at))
    return tokens


# How tightly each infix operator binds; the same numbers order the loops of `_Parser`.
_IMPLIES, _OR, _AND, _MEMBER, _EQUAL, _ORDER, _BETWEEN, _NOT, _IS, _TERM = range(10)
_INFIX = {
    "implies": _IMPLIES,
    "or": _OR,
    "xor": _OR,
    "and": _AND,
    "in": _MEMBER,
    "contains": _MEMBER,
    "=": _EQUAL,
    "<>": _EQUAL,
    "!=": _EQUAL,
    "<": _ORDER,
    "<=": _ORDER,
    ">": _ORDER,
    ">=": _ORDER,
    "between": _BETWEEN,
    "is": _IS,
}


class _Parser:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.tokens = tokenize(text)
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def take(self, *texts: str) -> Token | None:
        token = self.token
        if token.text in texts and token.kind in ("keyword", "sign"):
            self.index += 1
            return token
        return None

    def expect(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            found = f"found {self.token.text!r}" if self.token.text else "the expression ends"
            raise ExpressionError(f"{text!r} expected, {found}", self.token.at)
        return token

    def expression(self, tightness: int = _IMPLIES) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels", self.token.at)
        node = self.prefix()
        while True:
            token = self.token
            binds = _INFIX.get(token.text) if token.kind in ("keyword", "sign") else None
            if binds is None or binds < tightness:
                break
            self.index += 1
            node = self.infix(node, token, binds)
        self.depth -= 1
        return node

    def infix(self, left: Node, token: Token, binds: int) -> Node:
        if token.text == "is":
            return self.is_form(left, token)
        if token.text == "between":
            low = self.term()
            self.expect("and")
            return Between(left, low, self.term(), token.at)
        op = "<>" if token.text == "!=" else token.text
        return Binary(op, left, self.expression(binds + 1), token.at)

    def is_form(self, left: Node, token: Token) -> Node:
        negated = self.take("not") is not None
        what = self.take("null", "true", "false")
        if what is None:
            raise ExpressionError("after 'is' stands null, true or false", self.token.at)
        value = {"null": None, "true": True, "false": False}[what.text]
        return Is(left, value, negated, token.at)

    def prefix(self) -> Node:
        token = self.take("not")
        if token is None:
            return self.term()
        return Unary("not", self.expression(_NOT), token.at)

    def term(self) -> Node:
        node = self.product()
        while token := self.take("+", "-"):
            node = Binary(token.text, node, self.product(), token.at)
        return node

    def product(self) -> Node:
        node = self.primary()
        while token := self.take("*", "/"):
            node = Binary(token.text, node, self.primary(), token.at)
        return node

    def primary(self) -> Node:
        token = self.token
        if self.take("("):
            node = self.expression()
            self.expect(")")
            return node
        if self.take("{"):
            return self.list_of(token)
        if self.take("-"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise ExpressionError(f"nested deeper than {MAX_DEPTH} levels", token.at)
            operand = self.primary()
            self.depth -= 1
            return Unary("-", operand, token.at)
        if self.take("true", "false"):
            return Literal(token.text == "true", token.at)
        if self.take("null"):
            return Literal(None, token.at)
        return self.atom(token)

    def atom(self, token: Token) -> Node:
        self.index += 1
        if token.kind == "number":
            exact = Decimal(token.text) if "." in token.text else int(token.text)
            return Literal(exact, token.at)
        if token.kind == "string":
            return Literal(_ESCAPE.sub(r"\1", token.text[1:-1]), token.at)
        if token.kind == "word":
            head, _, rest = token.text.partition(".")
            return Threshold(rest, token.at) if head == "threshold" else Name(token.text, token.at)
        what = repr(token.text) if token.text else "the end"
        raise ExpressionError(f"a value expected, found {what}", token.at)

    def list_of(self, opening: Token) -> Node:
        items: list[Node] = []
        if not self.take("}"):
            items.append(self.expression())
            while self.take(","):
                items.append(self.expression())
            self.expect("}")
        return ListOf(tuple(items), opening.at)


def parse(text: str) -> Node:
    """Parse one expression.

    Args:
        text: The expression, at most `MAX_LENGTH` characters.

    Returns:
        Its syntax tree, not yet checked against any dictionary.

    Raises:
        ExpressionError: With the column of the first thing that does not fit.
    """
    parser = _Parser(text)
    node = parser.expression()
    if parser.token.kind != "end":
        raise ExpressionError(f"unexpected {parser.token.text!r}", parser.token.at)
    _refuse_too_tall(node)
    return node


def _refuse_too_tall(root: Node) -> None:
    """Refuse a tree that compiling would descend too far into; itself it does not recurse."""
    level: tuple[Node, ...] = (root,)
    for _ in range(MAX_HEIGHT):
        level = tuple(child for node in level for child in children(node))
        if not level:
            return
    raise ExpressionError(f"a chain of more than {MAX_HEIGHT} operators", level[0].at)


def children(node: Node) -> tuple[Node, ...]:
    """Return the direct operands of a node, left to right."""
    match node:
        case Literal() | Name() | Threshold():
            return ()
        case ListOf():
            return node.items
        case Unary() | Is():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Between():
            return (node.operand, node.low, node.high)


def walk(node: Node) -> list[Node]:
    """Return the node and all below it, parents first."""
    found = [node]
    for child in children(node):
        found.extend(walk(child))
    return found


def names(node: Node) -> tuple[str, ...]:
    """Return the ids an expression reads, each once, in order of appearance."""
    return tuple(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))
