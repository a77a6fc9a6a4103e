"""The knowledge graph itself: identity, vocabulary, time, store, and the answers people ask for.

Imports neither `ingest` nor `api`.
"""
