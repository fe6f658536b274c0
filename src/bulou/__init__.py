"""Bulou (不漏): the outbreak-response system in which nobody is missed."""
