"""Points and batches of them."""

from .dataloader import Dataloader
from .dataset import Dataset

__all__ = ["Dataset", "Dataloader"]
