"""The forms, a declaration each, without any drawing."""
