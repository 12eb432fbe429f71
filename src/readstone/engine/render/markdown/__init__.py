"""Markdown, as far as the layout of a page tells what its lines are."""

from readstone.engine.render.markdown.blocks import render_markdown

__all__ = ["render_markdown"]
