"""The forms' declarations, without any drawing."""
