//! The product from outside: what goes in, and what comes out.

/// The rules' YAML and their Rust files tell the same.
mod rule_contract;

/// What the host posts, in each of its encodings, and the answer it gets.
mod invocation;

/// The command line over saved logs.
mod replay;

/// What holds for any input.
mod properties;

/// Records, batches and messages that the tests are made of.
mod given;
