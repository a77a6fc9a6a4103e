# A part of a large graph.
INSERT DATA { GRAPH $graph { $triples } }
