"""The store: films, weights, names and what is derived of them, on disk and as shipped."""
