"""A small PyTorch on NumPy, to be read: reverse-mode automatic differentiation and what trains a network with it.

``tensor.py`` holds the engine, ``math_fns/`` one operation a file, ``tensor_fns.py`` the operations as functions,
``mdl/`` layers and losses, ``optim/`` optimisers, ``data/`` batches, ``gradcheck.py`` the judge of it all. It needs
NumPy and nothing else, and imports only itself: a copy of this folder under another name works.
"""

from . import data, math_fns, mdl, optim, tensor_fns
from .gradcheck import GradientError, gradcheck
from .tensor import Tensor

__all__ = ["Tensor", "gradcheck", "GradientError", "data", "math_fns", "mdl", "optim", "tensor_fns"]
