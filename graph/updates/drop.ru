# A graph that is not of the release.
DROP SILENT GRAPH $graph
