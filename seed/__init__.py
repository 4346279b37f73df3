"""The workbook's reader and writer, and the demonstration company."""
