"""A first use of the library: two classes of points in the plane, told apart by a small network."""

from .binary_mlp_classifier import BinaryMLPClassifier
from .model_trainer import ModelTrainer
from .toy_dataset import ToyDataset

__all__ = ["BinaryMLPClassifier", "ModelTrainer", "ToyDataset"]
