"""Draw candidates one way: which ways are there?"""
