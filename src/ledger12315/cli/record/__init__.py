"""Commands on records beside complaints."""
