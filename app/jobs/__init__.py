"""Jobs: which runs are admitted, wait, train and end; and which processes live."""
