"""The office's figures for people: views with their definitions, questions in words, pictures, and what the public may see."""
