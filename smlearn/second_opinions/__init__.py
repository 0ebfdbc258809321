"""Second opinions: what other frameworks say, live where they are installed, else recorded.

recorded.py is how a question is asked and its answer kept; every other file asks one framework
about one thing.
"""

from .gradchecks import torch_gradcheck, wide_rows
from .recorded import QUESTIONS, Opinion, Question, question
from .routes import ROUTES, ROWS, exact_routes

__all__ = ["QUESTIONS", "ROUTES", "ROWS", "Opinion", "Question", "exact_routes", "question",
           "torch_gradcheck", "wide_rows"]
