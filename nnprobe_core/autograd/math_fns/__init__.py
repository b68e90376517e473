"""The operations, one a file, each with its forward beside its backward."""

from .add import Add
from .exp import Exp
from .function import Array, Function, unbroadcast
from .gelu import GELU
from .inv import Inv
from .leaky_relu import LeakyReLU
from .log import Log
from .log_softmax import LogSoftmax
from .mat_mul import MatMul
from .max import Max
from .mean_reduce import MeanReduce
from .min import Min
from .mul import Mul
from .neg import Neg
from .relu import ReLU
from .reshape import Reshape
from .sigmoid import Sigmoid
from .silu import SiLU
from .sine import Sine
from .slice import Slice
from .softmax import Softmax
from .softplus import Softplus
from .sum_reduce import SumReduce
from .tanh import Tanh

__all__ = [
    "Array",
    "Function",
    "unbroadcast",
    "Add",
    "Mul",
    "Exp",
    "Neg",
    "Inv",
    "MatMul",
    "Log",
    "SumReduce",
    "MeanReduce",
    "Max",
    "Min",
    "Slice",
    "Reshape",
    "ReLU",
    "LeakyReLU",
    "Sigmoid",
    "Tanh",
    "GELU",
    "SiLU",
    "Sine",
    "Softplus",
    "Softmax",
    "LogSoftmax",
]
