"""What worked before?"""
