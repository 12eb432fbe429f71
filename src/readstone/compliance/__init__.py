"""Decides what may be kept: rules, one after the other."""
