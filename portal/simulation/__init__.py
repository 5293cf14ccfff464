"""A nation made up from a seed: for the demonstration, the benchmarks and the detection tests."""
