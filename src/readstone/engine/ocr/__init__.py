"""The engines that read a page."""
