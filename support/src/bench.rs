//! What is measured: invented batches as the Functions host posts them, the product, and a naive decoder beside it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a fault in what is measured has to end the measurement"
)]

pub mod contender;
pub mod corpus;
pub mod group;
pub mod host;
pub mod naive;
pub mod ratios;
mod records;
pub mod spread;
pub mod table;
