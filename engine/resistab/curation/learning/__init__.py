"""Tables learned from measured resistance: drafts for curators, never used unless they are asked for."""
