"""Syntax tree and parser of criteria expressions, with CQL's precedence.

From loosest to tightest: ``implies`` · ``or xor`` · ``and`` · ``in contains`` · ``= !=`` ·
``< <= > >=`` · ``between`` · ``not`` · ``is`` · ``+ -`` · ``* / div`` · a sign, minus or plus. As
in CQL's grammar ``not`` binds tighter than a comparison: ``not a = b`` is ``(not a) = b``. ``<>``,
which CQL does not have, is read as ``!=`` for old packs.
Source: HL7 CQL 1.5, grammar ``cql.g4``.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Literal as Lit

from ketatui.cql.errors import ExpressionError
from ketatui.cql.tokens import Token, number_of, tokenize, unescaped
from ketatui.structs import Frozen

MAX_DEPTH = 60
"""Deepest nesting accepted; keeps a hostile expression from exhausting the stack."""
MAX_HEIGHT = 150
"""Tallest syntax tree accepted: a long chain (``a and b and c …``) nests without brackets."""

ROUND = "Round"
"""The one function: ``Round(x, digits)``."""
MOST_DIGITS = 8
"""CQL decimals have eight fraction digits."""


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
    """``not x``, ``-x`` or ``+x``."""

    op: Lit["not", "-", "+"]
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


class Round(Frozen, frozen=True):
    """``Round(x, digits)``: to so many fraction digits, a half toward positive infinity."""

    operand: Node
    digits: int
    at: int


Node = Literal | Name | Threshold | ListOf | Unary | Binary | Between | Is | Round


# How tightly each infix operator binds, from the loosest.
_IMPLIES, _OR, _AND, _MEMBER, _EQUAL, _ORDER, _BETWEEN, _NOT, _IS, _SUM, _PRODUCT = range(11)
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
    "+": _SUM,
    "-": _SUM,
    "*": _PRODUCT,
    "/": _PRODUCT,
    "div": _PRODUCT,
}
_IS_WHAT = {"null": None, "true": True, "false": False}


class _Parser:
    """Precedence climbing over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        tokens = tokenize(text)
        self.tokens, self.count = iter(tokens), len(tokens)
        self.token = next(self.tokens)
        self.depth = 0

    # The text of a keyword or a sign is that of no other token: constants keep their quotes.

    def take(self, text: str) -> Token | None:
        token = self.token
        if token.text == text:
            self.token = next(self.tokens)
            return token
        return None

    def expect(self, text: str) -> Token:
        token = self.take(text)
        if token is None:
            found = f"found {self.token.text!r}" if self.token.text else "the expression ends"
            raise ExpressionError(f"{text!r} expected, {found}", self.token.at)
        return token

    def too_deep(self, token: Token) -> ExpressionError:
        return ExpressionError(f"nested deeper than {MAX_DEPTH} levels", token.at)

    def expression(self, tightness: int = _IMPLIES) -> Node:
        token = self.token
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.too_deep(token)
        if token.text == "not" and tightness <= _NOT:
            self.token = next(self.tokens)
            node: Node = Unary("not", self.expression(_NOT), token.at)
        else:
            node = self.primary()
        while True:
            token = self.token
            binds = _INFIX.get(token.text)
            if binds is None or binds < tightness:
                break
            self.token = next(self.tokens)
            node = self.infix(node, token, binds)
        self.depth -= 1
        return node

    def infix(self, left: Node, token: Token, binds: int) -> Node:
        if token.text == "is":
            return self.is_form(left, token)
        if token.text == "between":
            low = self.expression(_SUM)
            self.expect("and")
            return Between(left, low, self.expression(_SUM), token.at)
        op = "!=" if token.text == "<>" else token.text
        return Binary(op, left, self.expression(binds + 1), token.at)

    def is_form(self, left: Node, token: Token) -> Node:
        negated = self.take("not") is not None
        what = self.token
        if what.text not in _IS_WHAT:
            raise ExpressionError("after 'is' stands null, true or false", what.at)
        self.token = next(self.tokens)
        return Is(left, _IS_WHAT[what.text], negated, token.at)

    def primary(self, *, negative: bool = False) -> Node:
        token = self.token
        self.token = next(self.tokens, token)
        match token.kind:
            case "word" if token.text == ROUND:
                return self.round(token)
            case "word":
                head, _, rest = token.text.partition(".")
                return (
                    Threshold(rest, token.at) if head == "threshold" else Name(token.text, token.at)
                )
            case "number":
                return Literal(number_of(token, negative=negative), token.at)
            case "string":
                return Literal(unescaped(token), token.at)
        match token.text:
            case "(":
                node = self.expression()
                self.expect(")")
                return node
            case "{":
                return self.list_of(token)
            case "-" | "+" as sign:
                self.depth += 1
                if self.depth > MAX_DEPTH:
                    raise self.too_deep(token)
                operand = self.primary(negative=sign == "-")
                self.depth -= 1
                return Unary(sign, operand, token.at)
            case "true" | "false" | "null":
                return Literal(_IS_WHAT[token.text], token.at)
        what = repr(token.text) if token.text else "the end"
        raise ExpressionError(f"a value expected, found {what}", token.at)

    def round(self, function: Token) -> Node:
        self.expect("(")
        operand = self.expression()
        digits = 0
        if self.take(","):
            token = self.token
            if (
                token.kind != "number"
                or not token.text.isdecimal()
                or int(token.text) > MOST_DIGITS
            ):
                message = f"{ROUND} takes a whole number of digits, 0 to {MOST_DIGITS}"
                raise ExpressionError(message, token.at)
            self.token = next(self.tokens)
            digits = int(token.text)
        self.expect(")")
        return Round(operand, digits, function.at)

    def list_of(self, opening: Token) -> Node:
        items: list[Node] = []
        if not self.take("}"):
            items.append(self.expression())
            while self.take(","):
                items.append(self.expression())
            self.expect("}")
        return ListOf(tuple(items), opening.at)


@lru_cache(maxsize=2048)
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
    if parser.count > MAX_HEIGHT:  # A tree is never taller than its tokens are many.
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
        case Unary() | Is() | Round():
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


def constants(node: Node) -> set[Decimal]:
    """Return the numbers an expression is written with, thresholds aside."""
    return {
        Decimal(part.value)
        for part in walk(node)
        if isinstance(part, Literal)
        and isinstance(part.value, int | Decimal)
        and not isinstance(part.value, bool)
    }
