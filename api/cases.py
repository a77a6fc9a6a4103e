"""The page of the decisions, and the same rows as CSV."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from api import decisions
from api.rendering import Site, headers_for, page
from graph.store import Store


def table(site: Site, request: Request) -> Response:
    """The decisions as a page or as `.csv`."""
    asked = decisions.read(request.query_params)
    store = site.store_of()
    chosen = decisions.choose(decisions.cases(store), asked)
    if request.url.path.endswith(".csv"):
        return Response(decisions.as_csv(chosen), headers=headers_for(store, request, "csv"), media_type="text/csv")

    def make(store: Store) -> dict[str, Any]:
        whole = decisions.cases(store)
        slots = {(point.now, point.now_label) for case in whole for point in case.points if point.now}
        return {
            "asked": asked,
            "cases": chosen,
            "whole": len(whole),
            "tallies": decisions.by_court(((case.court, case.outcome) for case in chosen), asked.provision),
            "courts": sorted({(case.court, case.court) for case in whole}),
            "outcomes": sorted({(case.outcome, case.outcome) for case in whole}),
            "slots": sorted(slots),
            "csv": decisions.address(asked, ".csv"),
            "json": "/api/v1" + decisions.address(asked),
        }

    return page(site, request, "cases.html", make)
