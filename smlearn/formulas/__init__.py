"""Softmax and what is built on it, forward and backward, each beside its formula.

`forward` softmax · `covariance` p (v - <p, v>) · `jacobian` J and J t · `backward` dp J and the
cached pair · `log_backward` of log-softmax · `staged` the five stages · `losses` cross-entropy and
p - y · `attention` plain, `attention_streaming` in one pass, `attention_inputs` what they let in ·
`blocked` the same by blocks, in place · `exact` 80 digits to judge by, `exact_attention` too.
"""
