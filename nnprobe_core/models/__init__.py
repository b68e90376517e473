"""Networks: activations with their derivatives, and initialisations."""
