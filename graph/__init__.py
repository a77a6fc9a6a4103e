"""The knowledge graph itself: identity, vocabulary, time, store, and the answers people ask for.

Imports neither `ingest` nor `api`. For a notebook: ``graph.open()`` (see `graph.notebook`).
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """``graph.open``, imported only where it is asked for: rdflib and networkx are slow to import."""
    if name == "open":
        from graph.notebook import open

        return open
    raise AttributeError(f"module 'graph' has no attribute {name!r}")
