"""The office's papers: ledgers in Excel and letters, circulars and summaries in Word, written from the records."""
