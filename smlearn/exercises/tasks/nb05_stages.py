"""Exercises of notebook 05: a backward pass in stages, and the table that finds the wrong one."""

import numpy as np

from ...mistakes.more_spellings import IN_STAGES, backward_wrongs
from ..judge.law_words import COVARIANCE
from ..judge.other_gradients import other_entries
from ..task import Answer, Choice, find_the_bug, mistakes_in, predict
from .nb05_walks import LOGITS, e_r_p, on_stages

predict(
    "two_ways_of_e", "05", "a value that is used twice",
    "By the stages, with e = (2, 1, 1) and dp = (0, 4, 0): what is ds, and what is dx?",
    Answer("my_ds", -0.25, {
        0.25: "The size is right; does r rise or fall when s grows?",
        -1.0: "That is -dr r; the reciprocal's derivative is -r squared.",
        -4.0: "That is dr with a minus sign; and the derivative of 1 / s?",
        4.0: "That is dr: one step more, through r = 1 / s.",
        (-0.25,) * 3: "That is de_1, stretched already: which shape has s?",
        -0.0625: "That is -r squared alone; how fast does the loss move with r?",
    }, "s = 4, so r = 1/4. First dr, the sum of dp e, then through r = 1 / s."),
    Answer("my_dx", [-0.5, 0.75, -0.25], {
        (0.0, 1.0, 0.0): "That is the way through the product; e is used twice.",
        (-0.5, -0.25, -0.25): "That is the way through the sum; e is used twice.",
        (-0.25, 0.75, -0.25): "That is de: one step more, through e = exp(x).",
        (-0.125, 0.1875, -0.0625): "You multiplied de by p; what is the derivative of exp(x)?",
        (-0.25, 0.9375, -0.0625):
            "You shared ds out by p, as the seed does; each entry of e gets all of it.",
        (0.5, 1.25, 0.25): "Both ways add, and ds is negative.",
    }, "Add the two gradients of e, then multiply by e."),
    hints=("A number, as s is one; and three numbers, one for each logit.",
           "Used twice is added twice: de = de_0 + de_1.",
           "de_0 = dp r, de_1 = ds = -(sum of dp e) r^2, dx = de e; and r = 1/4."),
    why="de_0 is (0, 1, 0) and de_1 is -1/4 three times, as dr = 4 and r^2 = 1/16. "
        "Their sum times e is dx, and it adds up to 0.",
    matters="The product gives to one class; the sum takes the same back from all of them.")


@find_the_bug(
    "two_bugs", "05", "find the first wrong stage",
    *(Choice(name, value, {
        "de_0": "Its row fits the nudges: dp r is the product's rule.",
        "dr": "Its row fits the nudges: r was stretched, and the sum is there.",
        "de_1": "A sum's gradient is stretched, and it is: it stretches what it was given.",
        "de": "Two gradients are added, and they are: it adds what it was given.",
    } | others) for name, value, others in (
        ("first_bug", "ds", {"dx": "That one comes last; where does the table begin to blame?"}),
        ("second_bug", "dx", {"ds": "That is the first. Mend it, and ask the table again."}))),
    last=other_entries,
    cases={name: (dp, *e_r_p(x)) for name, (x, dp) in LOGITS.items()},
    laws=on_stages(COVARIANCE, e_r_p),
    hints=("Two names, in quotes; d<name> has the shape of <name>.",
           "Only the first blame counts: what comes after it was computed from it.",
           "r = 1 / s gives -r^2, e = exp(x) gives e."),
    blank="r**2",
    why="In ds the square of r was missing, and in dx p stood for e. The second does not show "
        "before the first is mended: until then the table leaves dx unjudged.",
    matters="One fault at a time, in the order of the walk back: the first one hides the rest.")
def buggy_walk(dp, e, r, p):
    """Name the two gradients whose lines are wrong, the first one first, then mend both."""
    g = {"dp": dp, "de_0": dp * r}
    g["dr"] = (dp * e).sum(axis=-1, keepdims=True)
    g["ds"] = -g["dr"] * r**2
    g["de_1"] = np.broadcast_to(g["ds"], e.shape)
    g["de"] = g["de_0"] + g["de_1"]
    g["dx"] = g["de"] * e
    return g


mistakes_in(
    buggy_walk,
    ("ds", "The line of ds is still wrong, whatever the others are.",
     "What is the derivative of 1 / s, written with r?",
     'r**2 => r; g["de"] * e => g["de"] * p', "r**2 => r", "r**2 => r**3", "* r**2 =>"),
    ("dx", "The line of dx is still wrong, and ds is right.",
     "What is the derivative of exp(x), and where is its value kept?",
     'g["de"] * e => g["de"] * p'),
    *backward_wrongs(("sum_term_missing", "product_branch_overwritten", "plus_sign",
                      "plain_mean", "mean_for_sum", "batch_sum", "diagonal_only",
                      "sign_flipped", "seed_sum_backward", "keepdims_missing",
                      "one_softmax"),
                     lambda vjp: lambda dp, e, r, p: vjp(np.log(e), dp), IN_STAGES))
