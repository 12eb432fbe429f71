"""Judging text: its sentiment, and whether it may offend."""
