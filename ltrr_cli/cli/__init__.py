"""What does a person type? Parse, one library call, print: a file per command, named after it."""
