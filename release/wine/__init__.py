"""A Chinese Windows under Wine, with the official Python, on which the program is tried."""
