"""The Dash front end over nnprobe_core."""
