"""What is measured on a page image before it is read, and done where that calls for it."""
