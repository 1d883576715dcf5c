"""What does a text mean? Texts become vectors of length 1; near vectors, near meanings."""
