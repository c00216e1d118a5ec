"""All SQL of the dashboard. Each function takes a release and returns a polars frame, cached by release.

One module a subject: `commitments` (what was promised and where it stands), `evidence` (what a figure rests on),
`intake` (what arrived and what was found), `core` (opening and caching). No formatting here and no Streamlit widget.
"""
