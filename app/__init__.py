"""The dashboard. It reads releases and nothing else; no figure is computed here that a mart does not hold."""
