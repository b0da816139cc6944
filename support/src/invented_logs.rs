//! Invented Azure logs, the same ones each time: a day to read, a month to try a detection on, single records to measure.

pub(crate) mod activity;
pub(crate) mod audit;
pub mod book;
pub(crate) mod claims;
pub mod clock;
pub mod day;
pub(crate) mod dice;
pub mod estate;
pub mod month;
pub(crate) mod movers;
pub(crate) mod moves;
pub(crate) mod object;
pub(crate) mod office;
pub mod people;
pub(crate) mod routine;
pub mod shelf;
pub(crate) mod sign_in;
pub mod tally;
pub(crate) mod theft;
