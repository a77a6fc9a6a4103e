"""From sources to a release: readers make records, the mapper makes facts, the build merges and publishes them."""
