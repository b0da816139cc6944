//! What the measurements are made on: invented logs, bodies as the Functions host writes them, and the baseline.

#![allow(
    dead_code,
    unreachable_pub,
    clippy::expect_used,
    reason = "the bench and the comparison each use a part; a fault in what is measured has to end the measurement"
)]

pub mod corpus;
pub mod host;
mod invented_logs;
pub mod naive;
mod records;
pub mod spread;
pub mod table;
