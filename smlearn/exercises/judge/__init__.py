"""What is right and what is wrong with an answer, in plain data.

`functions` a function that was written · `answers` a value or a name · `unanswered` whether there
is anything yet · `form` what is wrong before the numbers are looked at · `values` numbers
compared · `known_mistakes` by name, or a factor · `laws` · `globals` what was taken from the page
· `second_calls` · `other_entries` of a dictionary · `wrong_kinds`, `advice` what is said of it.
"""
