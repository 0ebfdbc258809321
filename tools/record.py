"""Ask the frameworks again and write down what they say; `make record` calls this.

It needs PyTorch, which `make record` installs into an environment of its own, and takes two
minutes. The record names this script, the version that was asked, and the day.
"""

import json
import sys
from datetime import date
from importlib.util import find_spec

from smlearn.second_opinions import BACKWARDS, RECORD, ask_torch_gradcheck


def record_torch_gradcheck() -> dict:
    """Return what torch.autograd.gradcheck says of every backward pass, with its version."""
    import torch

    answers = {}
    for key in BACKWARDS:
        answers[key] = ask_torch_gradcheck(key)
        print(f"{key:28s}{answers[key]['slow']:8s}{answers[key]['fast']}", flush=True)
    version = torch.__version__.partition("+")[0]
    today = date.today().isoformat()
    return {"version": version, "date": today, "script": "tools/record.py", "answers": answers}


def main() -> None:
    """Write second_opinions.json anew."""
    if find_spec("torch") is None:
        sys.exit("record: PyTorch must be installed to be asked; run `make record`")
    record = {"torch_gradcheck": record_torch_gradcheck()}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
