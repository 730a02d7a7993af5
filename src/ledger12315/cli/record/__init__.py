"""Commands on records other than complaints."""
