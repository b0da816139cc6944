//! What a card says, and what it can never do.
