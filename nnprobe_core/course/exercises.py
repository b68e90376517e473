"""The exercises: which functions of the library a student writes, in the order of the course.

An exercise is a line here and a test file of its name in ``tests/``. What the student gets in its place follows from
the library's source (``copy.py``), so that no second copy of it has to be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnprobe_core.errors import ConfigError


@dataclass(frozen=True)
class Exercise:
    """One gap.

    Attributes
    ----------
    name : str
        Also that of its tests, ``tests/test_<name>.py``.
    file : str
        Within the library.
    function : str
        The one to be written, as ``Class.method``.
    task : str
        What is to be done, in a sentence.
    hint : str
        What helps.
    """

    name: str
    file: str
    function: str
    task: str
    hint: str


EXERCISES: Sequence[Exercise] = (
    Exercise(
        "unbroadcast",
        "math_fns/function.py",
        "unbroadcast",
        "return grad summed down to shape.",
        "Broadcasting copies one number to many places, so its gradient is the sum over all of them. Two things may "
        "have happened: axes were put in front, which are summed away; an axis of length 1 was stretched, which is "
        "summed with keepdims=True. Where nothing happened grad is returned as it is.",
    ),
    Exercise(
        "mul",
        "math_fns/mul.py",
        "Mul.backward",
        "return the gradients with respect to a and to b.",
        "The product rule: ∂(ab)/∂a = b. The data of an argument is a.data. Each gradient must have its argument's "
        "shape, which unbroadcast(gradient, shape) sees to.",
    ),
    Exercise(
        "inv",
        "math_fns/inv.py",
        "Inv.backward",
        "return the gradient of 1 / x, in a tuple of one.",
        "(1/x)′ = −1/x². The forward kept 1/x as self.result.",
    ),
    Exercise(
        "exp",
        "math_fns/exp.py",
        "Exp.backward",
        "return the gradient of eˣ, in a tuple of one.",
        "eˣ is its own derivative, and the forward kept it.",
    ),
    Exercise(
        "log",
        "math_fns/log.py",
        "Log.backward",
        "return the gradient of log x, in a tuple of one.",
        "(log x)′ = 1/x.",
    ),
    Exercise(
        "sigmoid",
        "math_fns/sigmoid.py",
        "Sigmoid.backward",
        "return the gradient of σ(x), in a tuple of one.",
        "σ′ = σ (1 − σ), and the forward kept σ(x). Where σ(x) has rounded to 1, logistic(−x) still knows 1 − σ(x).",
    ),
    Exercise(
        "tanh",
        "math_fns/tanh.py",
        "Tanh.backward",
        "return the gradient of tanh x, in a tuple of one.",
        "tanh′ = 1 − tanh², and the forward kept tanh x.",
    ),
    Exercise(
        "relu",
        "math_fns/relu.py",
        "ReLU.backward",
        "return the gradient of max(x, 0), in a tuple of one.",
        "It passes where x is above 0, is stopped where x is below, and half of it passes where x is 0 exactly.",
    ),
    Exercise(
        "leaky_relu",
        "math_fns/leaky_relu.py",
        "LeakyReLU.forward",
        "return x where it is above 0, and self.slope · x where it is not.",
        "The other half of an operation: a forward takes self.args, works with their data, and returns an array of "
        "their shape and dtype. numpy.where chooses element by element. This backward needs nothing kept.",
    ),
    Exercise(
        "softplus",
        "math_fns/softplus.py",
        "Softplus.forward",
        "return log(1 + eˣ), for x of any size.",
        "As it stands the formula overflows: e⁸⁰⁰ is no number. log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), where every "
        "power is at most 1, and numpy.log1p keeps what log(1 + tiny) would lose; or see numpy.logaddexp.",
    ),
    Exercise(
        "sum_reduce",
        "math_fns/sum_reduce.py",
        "SumReduce.backward",
        "return the gradient of the sum over self.axis, in a tuple of one.",
        "Every summand has derivative 1: the gradient goes back to each of them. Where the axes were summed away "
        "(self.keepdims is False) numpy.expand_dims puts them back; numpy.broadcast_to then stretches them.",
    ),
    Exercise(
        "mat_mul",
        "math_fns/mat_mul.py",
        "MatMul.backward",
        "return the gradients of a @ b with respect to a and to b.",
        "With G the gradient of C = AB: ∂/∂A = G Bᵀ and ∂/∂B = Aᵀ G. Begin with two matrices; the tests ask for stacks "
        "of them (swapaxes(-1, -2) is their transpose, unbroadcast sums over what was stretched), and for vectors "
        "last: one on the left is a matrix of one row, one on the right a matrix of one column.",
    ),
    Exercise(
        "log_softmax",
        "math_fns/log_softmax.py",
        "LogSoftmax.backward",
        "return the gradient of log softmax(x), in a tuple of one.",
        "With p the softmax, which the forward kept, and g the gradient: g − p Σ g, the sum being along self.axis.",
    ),
    Exercise(
        "softmax",
        "math_fns/softmax.py",
        "Softmax.forward",
        "return eˣ / Σ eˣ along self.axis, and keep it as self.result for the backward.",
        "Take the largest x along the axis off first (max with keepdims=True): it cancels, and no power overflows. The "
        "array returned has the dtype of x.",
    ),
    Exercise(
        "backward",
        "tensor.py",
        "Tensor.backward",
        "walk back through the graph and add to every tensor its gradient.",
        "self._seed(gradient) is where it starts. backward_order(self) gives the tensors so that each comes after all "
        "that were computed from it: keep in a dictionary what has arrived at each so far. Coming to a tensor, give it "
        "what has arrived (tensor._accumulate), ask its grad_fn, if it has one, for the gradients of its args, and add "
        "each to what has arrived at that argument. An argument that asks for no gradient, or a gradient that is "
        "None, is passed over. A leaf's gradient must be an array of its own: copy where in doubt.",
    ),
    Exercise(
        "linear",
        "mdl/linear.py",
        "Linear.forward",
        "return activation(x W + b) for a batch x.",
        "mat_mul multiplies tensors; ACTIVATIONS has the function of the name self.activation_fn. Work with tensors, "
        "not with their data: the graph must grow.",
    ),
    Exercise(
        "ce_loss",
        "mdl/ce_loss.py",
        "CELoss.forward",
        "return the cross-entropy −Σ t log softmax(x) of logits x (B, classes).",
        "A target of another shape than the logits holds class numbers: _one_hot(target, prediction_logits) makes "
        "probabilities of it. F.log_softmax and F.reduce (reduction='sum', axis=-1) do the work, and self._reduced "
        "takes the mean over the batch where that is asked for.",
    ),
    Exercise(
        "bce_loss",
        "mdl/bce_loss.py",
        "BCELoss.forward",
        "return the binary cross-entropy −t log σ(x) − (1 − t) log(1 − σ(x)) of logits x and targets t, both (B,).",
        "It is log(1 + eˣ) − t x: softplus does the first part, and is exact where σ(x) has rounded to 0 or 1. clip "
        "the logits to ±self.MAX_LOG first. Raise ValueError where the target's shape is not the logits': broadcasting "
        "would pair every logit with every target. self._reduced takes the mean where that is asked for.",
    ),
    Exercise(
        "sgd",
        "optim/sgd.py",
        "SGD.step",
        "take a step of gradient descent.",
        "self._gradients() gives number, parameter and gradient, weight decay included. Without momentum: p ← p − lr g "
        "as a new array in parameter.data. With momentum m: v ← m v + g, the first v being the first g; then "
        "p ← p − lr v. Keep v in self._velocity by the parameter's number.",
    ),
    Exercise(
        "adam",
        "optim/adam.py",
        "Adam.step",
        "take a step of Adam.",
        "m ← β₁ m + (1 − β₁) g and s ← β₂ s + (1 − β₂) g², both from 0, kept by the parameter's number in self._mean "
        "and self._square; in the t-th step (self._steps) m̂ = m / (1 − β₁ᵗ), ŝ = s / (1 − β₂ᵗ), and "
        "p ← p − lr m̂ / (√ŝ + eps).",
    ),
    Exercise(
        "dataset",
        "toy_mlp/toy_dataset.py",
        "ToyDataset.__getitem__",
        "return the pair (point, label) of this index.",
        "self.data holds the points (n, 2) and self.labels their classes. The Dataloader asks for one after another, "
        "and stacks them into batches.",
    ),
    Exercise(
        "classifier",
        "toy_mlp/binary_mlp_classifier.py",
        "BinaryMLPClassifier.forward",
        "return the logits (B,) of points x (B, in_features).",
        "Through self.layers, one after another; the last gives a table (B, 1), of which the losses want the column.",
    ),
    Exercise(
        "training_step",
        "toy_mlp/model_trainer.py",
        "ModelTrainer.train_step",
        "take one step of the optimiser on one batch; return the loss before it, as a number.",
        "Forget the last gradients (self.optimizer.zero_grad()), which would else add up; compute the loss of the "
        "model's logits; walk back from it; step. loss.item() is its number.",
    ),
    Exercise(
        "training_loop",
        "toy_mlp/model_trainer.py",
        "ModelTrainer.train",
        "go n_epochs times through train_dataloader; return the mean loss of every epoch, as a list.",
        "Bring the model into training mode first (self.model.train()). The dataloader gives pairs (data, labels), in "
        "a new order each time it is gone through; self.train_step takes one.",
    ),
)


def chosen(names: Sequence[str]) -> list[Exercise]:
    """The exercises of these names in the order of the course; ConfigError for one that there is not."""
    known = [exercise.name for exercise in EXERCISES]
    for name in names:
        if name not in known:
            raise ConfigError("exercises", f"names of {', '.join(known)}", name)
    return [exercise for exercise in EXERCISES if exercise.name in names]
