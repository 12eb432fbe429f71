"""Takes invisible text out of a page: what an earlier reading of the scan has left there."""

from collections.abc import Iterable, Iterator

import pikepdf
from pikepdf import ContentStreamInlineImage, ContentStreamInstruction, Operator

from readstone.engine.render.pdf.layer import INVISIBLE

Instruction = ContentStreamInstruction | ContentStreamInlineImage

SHOWING, SHOWING_ON_NEXT_LINE = {"Tj", "TJ"}, {"'", '"'}


def remove_hidden_text(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Remove the text that a page, or a form on it, draws in the invisible mode."""
    for scope in page.content_scopes(kinds=("page", "form")):
        if not any(map(_hides, pikepdf.parse_content_stream(scope.content, "Tr"))):
            continue
        kept = _visible(pikepdf.parse_content_stream(scope.content))
        content = pikepdf.unparse_content_stream(list(kept))
        if scope.kind == "page":
            page.obj.Contents = pdf.make_stream(content)
        else:
            scope.content.write(content)


def _hides(instruction: Instruction) -> bool:
    return bool(instruction.operands) and instruction.operands[0] == INVISIBLE


def _visible(
    instructions: Iterable[Instruction],
) -> Iterator[Instruction]:
    is_hidden, outer = False, []
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "q":
            outer.append(is_hidden)
        elif operator == "Q" and outer:
            is_hidden = outer.pop()
        elif operator == "Tr":
            is_hidden = _hides(instruction)
        if not is_hidden or operator not in SHOWING | SHOWING_ON_NEXT_LINE:
            yield instruction
        elif operator in SHOWING_ON_NEXT_LINE:
            yield ContentStreamInstruction([], Operator("T*"))
