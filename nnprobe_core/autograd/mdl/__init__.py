"""Layers and losses."""

from .bce_loss import BCELoss
from .ce_loss import CELoss
from .dropout import Dropout
from .linear import Linear
from .loss import Loss
from .module import Module
from .sequential import Sequential
from .softmax import Softmax

__all__ = ["Module", "Loss", "Linear", "Sequential", "Dropout", "Softmax", "BCELoss", "CELoss"]
