"""bioRxiv and medRxiv, two servers behind one API."""
