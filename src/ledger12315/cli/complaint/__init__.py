"""Commands on complaints."""
