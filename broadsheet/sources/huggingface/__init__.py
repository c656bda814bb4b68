"""Daily Papers of Hugging Face: the lists its API answers, one day a file, and the same items in its pages."""
