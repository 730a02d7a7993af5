"""Commands on work to do and on overdue complaints."""
