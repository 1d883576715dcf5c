"""How does it get better from what happened?"""
