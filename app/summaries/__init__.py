"""What a film holds, in words: one file a kind of experiment."""
