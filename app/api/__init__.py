"""The API: a family of routes a file, and what every request and answer passes through."""
