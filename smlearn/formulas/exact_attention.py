"""Attention's gradients to 80 digits, and what their condition lets a formula lose.

    dx_ij = p_ij sum_k p_ik <do_i, v_j - v_k>        dq = dx k / sqrt(d)     dk = dx^T q / sqrt(d)

Shapes as in attention.py, without heads: q (T, d), k (S, d), v (S, e), do (T, e). If every number
that is stored moves by a share u of itself, a score moves by 2 g u at most, where
g_i = max_j <|q_i|, |k_j|> / sqrt(d), and p by a share of twice that. So it goes with the yardstick
of notebook 09, now with 4 g in the place of the gap: each p may be off by a share of (4 g + 8) u,
in front of the sum and within it, and each value less another value by u.

    c_ij = (4 g_i + 8) (|dx_ij| + p_ij sum_k p_ik <|do_i|, |v_j - v_k|>)

c |k| / sqrt(d) is to dq what c is to dx; for dv it is (4 g + 8) p^T |do|.
"""

from decimal import Decimal

import numpy as np

from .._door import Array
from .exact import DIGITS, SPARE, arithmetic, decimals

__all__ = ["attention_errors", "exact_attention"]
