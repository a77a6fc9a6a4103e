# A graph becomes what was written aside; only what differs is touched.
DELETE { GRAPH $graph { ?thing ?predicate ?value } }
WHERE { GRAPH $graph { ?thing ?predicate ?value } FILTER NOT EXISTS { GRAPH $aside { ?thing ?predicate ?value } } } ;
INSERT { GRAPH $graph { ?thing ?predicate ?value } }
WHERE { GRAPH $aside { ?thing ?predicate ?value } FILTER NOT EXISTS { GRAPH $graph { ?thing ?predicate ?value } } }
