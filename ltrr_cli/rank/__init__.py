"""Best first: in which order are the candidates shown?"""
