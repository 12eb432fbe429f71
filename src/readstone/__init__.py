"""Readstone: a self-hosted service that reads documents over HTTP."""

__version__ = "0.1.0"
