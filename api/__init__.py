"""How the graph is shown: the HTTP service, its pages, and the command line."""
