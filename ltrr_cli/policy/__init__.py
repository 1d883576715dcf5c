"""Which arms, and how many candidates from each?"""
