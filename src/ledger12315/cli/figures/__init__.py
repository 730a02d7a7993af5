"""Figures on the screen and in reports."""
