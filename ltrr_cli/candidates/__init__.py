"""One pool: what did the chosen arms find together?"""
