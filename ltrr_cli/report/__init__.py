"""How has it gone? The log in numbers, plots and one page."""
