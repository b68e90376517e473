"""A StepView on plain NumPy, forwards and backwards written out: what the probes' tests look at."""

import numpy as np

from nnprobe_core.datasets.shown import surroundings
from nnprobe_core.probes.protocol import Setup

ACTIVATIONS = {
    "tanh": (np.tanh, lambda h: 1 - h**2),
    "relu": (lambda z: np.maximum(z, 0), lambda h: (h > 0).astype(h.dtype)),
}


def make_setup(widths=(2, 4, 4, 2), *, n=60, n_test=40, classes=None, activation="tanh", optimiser="sgd", seed=0):
    rng = np.random.default_rng(seed)
    classes = classes or widths[-1]
    y, y_test = np.arange(n) % classes, np.arange(n_test) % classes
    turn = 2 * np.pi / classes
    centres = np.stack([np.cos(turn * np.arange(classes)), np.sin(turn * np.arange(classes))], 1)
    x_train = (centres[y] + rng.normal(scale=0.4, size=(n, 2))).astype(np.float32)
    return Setup(
        x_train=x_train,
        y_train=y.astype(np.uint8),
        x_test=(centres[y_test] + rng.normal(scale=0.4, size=(n_test, 2))).astype(np.float32),
        y_test=y_test.astype(np.uint8),
        shown=np.arange(n),
        shown_test=np.arange(n_test),
        extent=surroundings(x_train),
        n_classes=classes,
        widths=tuple(widths),
        weight_shapes=tuple(zip(widths[1:], widths[:-1], strict=True)),
        init_sigma=tuple(1 / np.sqrt(3 * fan_in) for fan_in in widths[:-1]),
        activation=activation,
        optimiser=optimiser,
        seed=seed,
    )


class NumpyView:
    """A multilayer perceptron at one step."""

    def __init__(self, setup, weights=None, biases=None, *, step=0, lr=0.1, loss=None, updates=None, seed=1):
        rng = np.random.default_rng(seed)
        self.setup, self.step, self.lr, self.epoch = setup, step, lr, step / 10
        self.weights = weights or [
            rng.normal(scale=1 / np.sqrt(shape[1]), size=shape).astype(np.float32) for shape in setup.weight_shapes
        ]
        self.biases = biases or [np.zeros(len(each), np.float32) for each in self.weights]
        self.updates = updates or [1e-3] * len(self.weights)
        self._loss = loss
        self.batch_losses = np.full(3, 0.5, np.float32)

    def _layers(self, x):
        out = [x]
        with np.errstate(all="ignore"):
            for index, (w, b) in enumerate(zip(self.weights, self.biases, strict=True), 1):
                z = out[-1] @ w.T + b
                out.append(z if index == len(self.weights) else ACTIVATIONS[self.setup.activation][0](z))
        return out

    def shown(self):
        return self._layers(self.setup.x_train[self.setup.shown])

    def test(self):
        return self._layers(self.setup.x_test[self.setup.shown_test])

    def predict(self, x):
        return self._layers(x)[-1]

    def losses(self):
        if self._loss is not None:
            return self._loss, self._loss, 0.5, 0.5
        found = []
        for x, y in ((self.setup.x_train, self.setup.y_train), (self.setup.x_test, self.setup.y_test)):
            p = self._probabilities(self.predict(x))
            found.append((-np.log(p[np.arange(len(y)), y]).mean(), (p.argmax(1) == y).mean()))
        return found[0][0], found[1][0], found[0][1], found[1][1]

    @staticmethod
    def _probabilities(logits):
        with np.errstate(all="ignore"):
            e = np.exp(logits - logits.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)

    def _backwards(self):
        layers, y = self.shown(), self.setup.y_train[self.setup.shown]
        n = len(y)
        with np.errstate(all="ignore"):
            delta = self._probabilities(layers[-1]) - np.eye(self.setup.n_classes, dtype=np.float32)[y]
            gradients, signals = [], [_rms(delta)]
            for index in reversed(range(len(self.weights))):
                gradients.insert(0, delta.T @ layers[index] / n)
                back = delta @ self.weights[index]
                if index:
                    signals.insert(0, _rms(back))
                    delta = back * ACTIVATIONS[self.setup.activation][1](layers[index])
        return gradients, signals

    def input_gradients(self, x, y):
        layers = self._layers(x)
        with np.errstate(all="ignore"):
            delta = self._probabilities(layers[-1]) - np.eye(self.setup.n_classes)[y]
            for index in reversed(range(len(self.weights))):
                delta = delta @ self.weights[index]
                if index:
                    delta = delta * ACTIVATIONS[self.setup.activation][1](layers[index])
        return delta

    def gradients(self):
        return self._backwards()[0]

    def signals(self):
        return self._backwards()[1]


def _rms(rows):
    return float(np.sqrt(np.square(rows).sum(axis=1).mean()))


def diverged(setup, step=5):
    """A view of a network whose weights are not numbers any more."""
    weights = [np.full(shape, np.nan, np.float32) for shape in setup.weight_shapes]
    nan = float("nan")
    return NumpyView(setup, weights, step=step, loss=nan, updates=[nan] * len(weights))
