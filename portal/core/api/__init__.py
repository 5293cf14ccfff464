"""What every address of the API shares: who may, how it says no, pages, tags, keys that let a request act once."""
