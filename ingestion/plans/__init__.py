"""From plan documents to commitments."""
