"""What is right and what is wrong with an answer, in plain data.

`functions` a function that was written · `answers` a value or a name · `form` what is wrong
before the numbers are looked at · `naming` a known mistake or a factor · `laws` · `globals` what
was taken from the page · `repeating` a second call · `walks` what else is in a dictionary ·
`values` numbers compared · `written` whether there is anything yet · `kinds`, `advice` what is
said of it.
"""
