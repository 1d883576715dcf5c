"""The parts of `tools/build_encoder.py`, in the order in which they run."""
