"""Would it have been better?"""
