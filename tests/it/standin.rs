//! The tests of the tests: the stand-in for the Functions host does what the facts say a host does.

/// The rules for a handler's answer, a row of the host's table each.
mod answer;
/// Functions of a made-up app.
mod app;
/// The request bodies in every encoding.
mod encoding;
/// What Newtonsoft does to dates, numbers and control characters.
mod newtonsoft;
/// What becomes of a handler that ends, and of what it writes.
mod process;
