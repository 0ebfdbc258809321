"""Exercises of notebook 05: a backward pass in stages, and the table that finds the wrong one."""

from collections.abc import Callable

import numpy as np

from ...mistakes.more_spellings import IN_STAGES, backward_wrongs
from ...penguins import four_birds
from ..judge.law_words import COVARIANCE
from ..judge.other_gradients import other_entries
from ..task import Answer, Choice, complete, find_the_bug, mistakes_in, predict, rows

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 5.0]])    # the seed notes' rows
DP = np.array([[0.0, 1.0, 4.0], [2.0, 0.0, 1.0]])
LOGITS = {    # x, dp
    "the rows and costs of the notebook": (X, DP),
    "four birds": (four_birds(), rows(50, 4, 3)),
    "two rows of five classes": (rows(51, 2, 5), rows(52, 2, 5)),
    "one row": (rows(53, 1, 3), rows(54, 1, 3)),
}

predict(
    "two_ways_of_e", "05", "a value that is used twice",
    "By the stages, with e = (2, 1, 1) and dp = (0, 4, 0): what is dsexps, and what is dx?",
    Answer("my_dsexps", -0.25, {
        0.25: "The size is right; does r rise or fall when s grows?",
        -1.0: "That is -ddivexps r; the reciprocal's derivative is -r squared.",
        -4.0: "That is ddivexps with a minus sign; and the derivative of 1 / s?",
        4.0: "That is ddivexps: one step more, through r = 1 / s.",
        (-0.25,) * 3: "That is dexps_1, stretched already: which shape has s?",
        -0.0625: "That is -r squared alone; how fast does the loss move with r?",
    }, "s = 4, so r = 1/4. First ddivexps, the sum of dp e, then through r = 1 / s."),
    Answer("my_dx", [-0.5, 0.75, -0.25], {
        (0.0, 1.0, 0.0): "That is the way through the product; e is used twice.",
        (-0.5, -0.25, -0.25): "That is the way through the sum; e is used twice.",
        (-0.25, 0.75, -0.25): "That is dexps: one step more, through e = exp(x).",
        (-0.125, 0.1875, -0.0625): "You multiplied dexps by p; what is the derivative of exp(x)?",
        (-0.25, 0.9375, -0.0625):
            "You shared dsexps out by p, as the seed does; each entry of e gets all of it.",
        (0.5, 1.25, 0.25): "Both ways add, and dsexps is negative.",
    }, "Add the two gradients of e, then multiply by e."),
    hints=("A number, as s is one; and three numbers, one for each logit.",
           "Used twice is added twice: dexps = dexps_0 + dexps_1.",
           "dexps_0 = dp r, dexps_1 = dsexps = -(sum of dp e) r^2, dx = dexps e; and r = 1/4."),
    why="dexps_0 is (0, 1, 0) and dexps_1 is -1/4 three times, as ddivexps = 4 and r^2 = 1/16. "
        "Their sum times e is dx, and it adds up to 0.",
    matters="The product gives to one class; the sum takes the same back from all of them.")


@complete(
    "05", "turn a broadcast into a sum",
    cases={"four birds": (rows(55, 4, 3),), "two rows of five classes": (rows(56, 2, 5),),
           "ones for five rows": (np.ones((5, 2)),), "one row": (rows(57, 1, 3),)},
    hints=("dy is (B, D), b and db are (D,): one number per class.",
           "Stretched forward, summed back.",
           "db_j = sum_b dy_bj, over the rows b."),
    blank="axis=0",
    why="b was stretched over the rows, so the rows are summed: each use moves the loss by "
        "itself. np.einsum('bj->j', dy) is the same.",
    matters="Every layer with a bias does this, and a batch is why its gradient grows.")
def bias_backward(dy):
    """Pull dy, (B, D), back through y = x + b to the bias b, (D,), of all rows."""
    return dy.sum(axis=0)                      # (D,)


mistakes_in(
    bias_backward,
    ("mean_for_sum", "You took the mean over the rows: 1 / B of what is wanted.",
     "Does the loss feel one use of b, or all of them?", "sum => mean"),
    ("nothing_summed", "You returned dy: one number for each use of b, not for each b.",
     "Which shape has b, and how often was each number of it used?", "dy"),
    ("summed_over_classes", "You summed over the classes: b was stretched over the rows.",
     "Along which axis did b have to grow to meet x?", "dy.sum(axis=-1)",
     "dy.sum(axis=-1, keepdims=True)"),
    ("one_number", "You summed over everything: one number, where b has one a class.",
     "Which axis of dy does b have as well?", "dy.sum()", "dy.mean()"),
    ("first_row", "You took one row of dy: the other rows use b as well.",
     "How many rows of y move, when one number of b does?", "dy[0]", "dy[-1]"),
    ("one_row_missing", "You left one row out, the first or the last.",
     "Where does your loop over the rows begin, and where does it end?", "dy[1:].sum(axis=0)",
     "dy[:-1].sum(axis=0)"),
    ("count_of_uses", "You counted the uses of b; dy says how much each matters.",
     "By what does the loss change when one entry of y moves?",
     "np.full(dy.shape[1], float(len(dy)))"),
    ("broadcast_only", "You returned ones: the rate of y by b, which dy has not met.",
     "By what does the loss change when one entry of y moves?", "np.ones(dy.shape[1])",
     "np.ones_like(dy)"))


def _on_stages(laws: dict[str, Callable], stages: Callable) -> dict[str, Callable]:
    """Ask laws about (x, dp) of a walk that gets dp and the stages: f(dp, e, ...)."""
    def asked(law):
        return lambda f, dp, e, *_: law(lambda x, v: f(v, *stages(x)), np.log(e), dp)
    return {name: asked(law) for name, law in laws.items()}


def _e_r_p(x):
    e = np.exp(x)
    r = 1 / e.sum(axis=-1, keepdims=True)
    return e, r, e * r


def _e_s(x):
    e = np.exp(x)
    return e, e.sum(axis=-1, keepdims=True)


@find_the_bug(
    "two_bugs", "05", "find the first wrong stage",
    *(Choice(name, value, {
        "dexps_0": "Its row fits the nudges: dp r is the product's rule.",
        "ddivexps": "Its row fits the nudges: r was stretched, and the sum is there.",
        "dexps_1": "A sum's gradient is stretched, and it is: it stretches what it was given.",
        "dexps": "Two gradients are added, and they are: it adds what it was given.",
    } | others) for name, value, others in (
        ("first_bug", "dsexps", {"dx": "That one comes last; where does the table begin to "
                                       "blame?"}),
        ("second_bug", "dx", {"dsexps": "That is the first. Mend it, and ask the table again."}))),
    last=other_entries,
    cases={name: (dp, *_e_r_p(x)) for name, (x, dp) in LOGITS.items()},
    laws=_on_stages(COVARIANCE, _e_r_p),
    hints=("Two names, in quotes; d<name> has the shape of <name>.",
           "Only the first blame counts: what comes after it was computed from it.",
           "r = 1 / s gives -r^2, e = exp(x) gives e."),
    blank="r**2",
    why="In dsexps the square of r was missing, and in dx p stood for e. The second does not show "
        "before the first is mended: until then the table leaves dx unjudged.",
    matters="One fault at a time, in the order of the walk back: the first one hides the rest.")
def buggy_walk(dp, e, r, p):
    """Name the two gradients whose lines are wrong, the first one first, then mend both."""
    g = {"dp": dp, "dexps_0": dp * r}
    g["ddivexps"] = (dp * e).sum(axis=-1, keepdims=True)
    g["dsexps"] = -g["ddivexps"] * r**2
    g["dexps_1"] = np.broadcast_to(g["dsexps"], e.shape)
    g["dexps"] = g["dexps_0"] + g["dexps_1"]
    g["dx"] = g["dexps"] * e
    return g


mistakes_in(
    buggy_walk,
    ("dsexps", "The line of dsexps is still wrong, whatever the others are.",
     "What is the derivative of 1 / s, written with r?",
     'r**2 => r; g["dexps"] * e => g["dexps"] * p', "r**2 => r", "r**2 => r**3", "* r**2 =>"),
    ("dx", "The line of dx is still wrong, and dsexps is right.",
     "What is the derivative of exp(x), and where is its value kept?",
     'g["dexps"] * e => g["dexps"] * p'),
    *backward_wrongs(("sum_term_missing", "product_branch_overwritten", "plus_sign",
                      "plain_mean", "mean_for_sum", "batch_sum", "diagonal_only",
                      "sign_flipped", "seed_sum_backward", "keepdims_missing",
                      "one_softmax"),
                     lambda vjp: lambda dp, e, r, p: vjp(np.log(e), dp), IN_STAGES))


def _row_sum(a):
    return a.sum(axis=-1, keepdims=True)


@complete(
    "05", "walk back through them one local rule at a time",
    cases={name: (dp, *_e_s(x)) for name, (x, dp) in LOGITS.items()},
    laws=_on_stages({name: law for name, law in COVARIANCE.items() if "blind" not in name}, _e_s),
    hints=("dy, e and the result are (B, D); s is (B, 1). Between s and y one stage is left.",
           "Call log(s) l. y = x - l: l is stretched and subtracted, x is used twice.",
           "dl = -sum_k dy_k, ds = dl / s, de = ds stretched, dx = dy + de e."),
    blank="dl / s",
    why="From l to s a factor 1 / s, from s to e a broadcast, from e to x a factor e. It cancels "
        "to dy - p sum(dy), as e / s is p.",
    matters="A new function, the old rules: only the order of the stages is yours to find.")
def log_softmax_back(dy, e, s):
    """Walk back through y = log(p), in stages of your own, from dy to dx; e, s are exps, sexps."""
    dl = -dy.sum(axis=-1, keepdims=True)       # (B, 1)  l = log(s): stretched, subtracted
    ds = dl / s                                # (B, 1)  the logarithm
    return dy + ds * e                         # (B, D)  x is used twice, so add


mistakes_in(
    log_softmax_back,
    ("difference_only", "You went back by way of the difference only: x is in e as well.",
     "How many arrows leave x?", "dy"),
    ("sum_only", "You went back by way of e only: x is in the difference as well.",
     "How many arrows leave x?", "ds * e", "-ds * e"),
    ("plus_sign", "The way through log(s) has its sign turned: it is subtracted.",
     "Does y rise or fall when log(s) rises?", "dy - ds * e"),
    ("not_summed", "You did not sum on the way back to log(s).",
     "Which shape has log(s), and how many entries of y use each number of it?",
     "dy - dy / s * e"),
    ("exponential_missing", "The step through e = exp(x) is missing.",
     "What is the derivative of exp(x)?", "dy + ds"),
    ("logarithm_missing", "The step through log(s) is missing.",
     "What is the derivative of log(s)?", "dy + dl * e", "dy + dl"),
    ("logarithm_as_reciprocal", "You took the derivative of 1 / s for that of log(s).",
     "What is the derivative of log(s)?", "dy - ds / s * e", "dy + ds / s * e"),
    ("shared_out", "You shared the sum's gradient out by e / s, as the seed does.",
     "By how much does s rise when one entry of e does?", "dy + ds * e / s * e"),
    ("wrong_axis", "You summed over the rows: log(s) was stretched over the classes.",
     "Along which axis did log(s) grow to meet x?", "axis=-1 => axis=0"),
    ("keepdims_missing", "Your sum lost its axis: it is (B,), and log(s) is (B, 1).",
     "Which shape has the gradient of log(s)?", "dy - dy.sum(axis=-1) / s * e"),
    ("mean_for_sum", "You took a mean over the classes in place of a sum.",
     "Does the loss feel one use of log(s), or all of them?", "dy.sum => dy.mean"),
    ("softmax_backward", "That is the backward of softmax: no log was on its way.",
     "Which stages led from x to y here?",
     "e / s * (dy - (e / s * dy).sum(axis=-1, keepdims=True))"),
    ("one_softmax", "You divided e by one sum over the whole batch, and s has one for each row.",
     "What should the probabilities of each row add up to?", "dy + dl / e.sum() * e",
     "dy - dy.sum() / e.sum() * e"),
    ("weighted_sum", "You weighed dy with p before you summed it.",
     "With which weight does each entry of y meet log(s)?",
     "dy - e / s * (e / s * dy).sum(axis=-1, keepdims=True)"),
    ("one_hot_assumed", "You took the sum of dy for 1, or -1: that is y - p, or p - y.",
     "What does dy add up to, and do you know that before it comes?", "dy - e / s", "e / s - dy",
     "dy + e / s"),
    ("towards_p", "You divided dy by p: that is the gradient of p, not of x.",
     "Which stages lie between x and p?", "dy / (e / s)"),
    ("softmax_twice", "You took exp of e, which is exp(x) already.", "What do e and s hold?",
     "log_softmax_back(dy, np.exp(e), np.exp(e).sum(axis=-1, keepdims=True))"),
    ("dy_in_place", "You wrote the second gradient into dy.", "Whose array is dy?",
     "dy.__iadd__(ds * e)"))


@complete(
    "05", "cancel the algebra of the stages",
    cases={name: (dp, _e_r_p(x)[2], _e_r_p(x)[1]) for name, (x, dp) in LOGITS.items()},
    hints=("dp, p and the result are (B, D); r is (B, 1).",
           "Start at dx, and replace each gradient by its line, until dp, e, r and p are left.",
           "dx = (dp r - (sum of dp e) r) p. Which letter takes the r beside e?"),
    blank="r * dp",
    why="e r is p, so (sum of dp e) r is <p, dp>; the first term keeps its r. With both lines "
        "mended the r would be gone: p (dp - <p, dp>).",
    matters="A walk of six lines is one line in disguise, and a wrong one too: so it can be read.")
def one_line(dp, p, r):
    """Cancel the walk of exercise 3, as it was given, into one line of dp, p and r: its dx."""
    return p * (r * dp - (p * dp).sum(axis=-1, keepdims=True))


mistakes_in(
    one_line,
    ("right_formula", "That is the right formula; the walk as it was given is wrong.",
     "Put its lines into one another as they stand: where does r have no e beside it?",
     "r * dp => dp"),
    ("dsexps_mended", "That is the walk with dsexps mended: it stays as it was given.",
     "Which power of r stands in dsexps?", "(r * dp => r * (dp"),
    ("dx_mended", "That is the walk with dx mended: it stays as it was given.",
     "What is dexps multiplied by in the last line?",
     "r * dp => dp; keepdims=True) => keepdims=True) / r"),
    ("mean_scaled", "The mean has one r too many: the r beside e went into p.",
     "How many r are left, once e r is written p?", "(r * dp - => r * (dp - r *"),
    ("p_for_mean", "The seed's mistake is another one: here no p stands by the mean.",
     "Which lines differ from the right walk here?", "r * dp - => dp - p *", "dp - => dp - p *"),
    ("sum_term_missing", "You kept the product's way only; the sum's way is in it too.",
     "Which two gradients does dexps add?", "p * r * dp"),
    ("plus_sign", "The sign of the second term is turned round.",
     "Does r rise or fall when s grows?", "- ( => + ("),
    ("mean_for_sum", "You took a mean over the classes in place of a sum.",
     "What do the p of a row add up to?", "sum => mean"),
    ("not_summed", "You left out the sum over the classes.",
     "Which line of the walk sums, and over what?", ".sum(axis=-1, keepdims=True) =>"),
    ("brackets", "The second term has lost its factor p: a bracket is missing.",
     "What is dexps multiplied by in the last line, one term of it or both?",
     "p * r * dp - (p * dp).sum(axis=-1, keepdims=True)"))
