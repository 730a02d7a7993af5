"""Leaves each Python of the machine the variables of Windows, without those of Wine's host."""

import os

for _name in os.environ.pop("OF_THE_HOST", "").split():
    os.environ.pop(_name, None)
