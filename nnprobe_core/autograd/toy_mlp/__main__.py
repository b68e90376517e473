"""``python -m nnprobe_core.autograd.toy_mlp``: the table of the toy networks, and the digits."""

from .train_toy_mlp import main

if __name__ == "__main__":
    main()
