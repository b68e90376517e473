"""The subcommands of ``nnprobe``, one a file: each has ``add(subparsers)`` and imports what it needs when it runs."""
