"""The pages: layout only. What happens on them is in assets/ and app/launch.py."""
