"""Second opinions: what other frameworks say, live where they are installed, else recorded.

recorded.py is how a question is asked and its answer kept; every other file asks one framework
about one thing.
"""

from .gradchecks import torch_gradcheck, wide_rows
from .recorded import QUESTIONS, Opinion, Question, question
from .regression import sklearn_regression

__all__ = ["QUESTIONS", "Opinion", "Question", "question", "sklearn_regression",
           "torch_gradcheck", "wide_rows"]
