"""Second opinions: what other frameworks say, live where they are installed, else recorded.

recorded.py is how a question is asked and its answer kept; every other file asks about one thing.
"""

from .attentions import (
    LOUDNESS,
    SEEN,
    attention_inputs,
    sure_words,
    torch_attention,
    torch_attention_digits,
    worst_attention_errors,
)
from .gradchecks import torch_gradcheck, wide_rows
from .judged_digits import SCALES, digit_rows, jax_digits, torch_digits, worst_errors
from .loss_gradients import ROUTES, ROWS, exact_routes
from .recorded import QUESTIONS, Opinion, Question, question
from .regression import sklearn_regression

__all__ = ["LOUDNESS", "QUESTIONS", "ROUTES", "ROWS", "SCALES", "SEEN", "Opinion", "Question",
           "attention_inputs", "digit_rows", "exact_routes", "jax_digits", "question",
           "sklearn_regression", "sure_words", "torch_attention", "torch_attention_digits",
           "torch_digits", "torch_gradcheck", "wide_rows", "worst_attention_errors",
           "worst_errors"]
