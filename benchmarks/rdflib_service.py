"""A release as rdflib-endpoint serves it: `python -m benchmarks.rdflib_service RELEASE PORT` (needs the extra `bench`).

The same quads in rdflib's own memory store, the merged graph as the default graph, and the package's own application.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint


def main() -> None:
    """Load, then serve."""
    dataset = Dataset(default_union=False)
    with gzip.open(Path(sys.argv[1]) / "dump.nq.gz") as dump:
        dataset.parse(dump, format="nquads")
    app = SparqlEndpoint(graph=dataset)
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)


if __name__ == "__main__":
    main()
