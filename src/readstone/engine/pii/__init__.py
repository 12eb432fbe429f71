"""Personal data in text: rules in code, their words in `words/`, and what stands in its place."""
