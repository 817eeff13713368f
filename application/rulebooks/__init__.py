"""Rulebooks: adopt one, show one, try one."""
