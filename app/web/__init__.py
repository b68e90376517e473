"""What serves: the processes and the loop over their connections."""
