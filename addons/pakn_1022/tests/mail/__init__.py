"""Corpora of mail, each with the right value beside it. Nothing here calls the code
that is tested."""
