# From here on the release is the one that is served. No prefix: this stands behind other operations in one request.
DROP SILENT GRAPH <https://w3id.org/section230/graph/published> ;
INSERT DATA {
  GRAPH <https://w3id.org/section230/graph/published> {
    <https://w3id.org/section230/graph/merged> <https://w3id.org/section230/ns#sha256> $sum
  }
}
