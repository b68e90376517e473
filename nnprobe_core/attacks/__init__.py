"""Adversarial examples: small changes of the input that change the answer; array in, array out."""
