"""The separation lab: any module's layers by hooks, every class pair, several stages, and tests of what is seen."""
