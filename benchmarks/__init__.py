"""Holds the program to its promises about speed: side by side with an empty program and with raw SQL."""
