"""OpenAlex: citations of papers that are held, and under which other ids they are known."""
