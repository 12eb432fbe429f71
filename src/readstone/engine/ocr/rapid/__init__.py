"""PP-OCR without its framework: the models of the rapidocr wheel, and what they need around them.

Of the wheel only the models are used. Its own code reads lines in batches, pads each to the widest,
and lets blanks between words go; this room needs two thirds of the time and a third of the memory.
"""
