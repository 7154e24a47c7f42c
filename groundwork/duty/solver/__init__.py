"""Who stands where and when, with a proof of how good the plan is. Knows no Django and no clock.

`instance` is the question and `Plan` the answer, both arrays; `format` reads and writes them as
JSON and refuses nonsense; `solve` and `mend` answer; `check` judges and shares no code with
them.
"""
