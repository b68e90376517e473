"""Loss and accuracy, train and test."""

from app.panels.panel import Panel

PANEL = Panel(
    name="loss",
    title="Loss",
    probe="loss",
    help="Mean cross-entropy in nats (log axis) and accuracy: training points as a full line, test points dashed. The "
    "curves end at the playhead; what is recorded beyond it is faint. “Each batch” shows what every step’s batch lost "
    "before the step, and its mean over the last steps, whose number stands in the picture.",
)
