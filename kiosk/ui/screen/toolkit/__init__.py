"""Canvas, drawing, text, theme and layout that every widget and view uses."""
