"""What goes back to a school: its own workbook with marks, or a list. Nothing here decides how a file is read."""
