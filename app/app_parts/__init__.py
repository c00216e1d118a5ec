"""Parts of pages that are too long for one file: forms with the acts they do. No page stands here."""
