//! The generator of `samples/`, from which the records of the corpora come.

#![allow(missing_docs, reason = "they are told in the generator itself")]

#[path = "../../examples/invented_logs/activity.rs"]
pub(crate) mod activity;
#[path = "../../examples/invented_logs/audit.rs"]
pub(crate) mod audit;
#[path = "../../examples/invented_logs/book.rs"]
pub(crate) mod book;
#[path = "../../examples/invented_logs/claims.rs"]
pub(crate) mod claims;
#[path = "../../examples/invented_logs/clock.rs"]
pub(crate) mod clock;
#[path = "../../examples/invented_logs/dice.rs"]
pub(crate) mod dice;
#[path = "../../examples/invented_logs/estate.rs"]
pub(crate) mod estate;
#[path = "../../examples/invented_logs/object.rs"]
pub(crate) mod object;
#[path = "../../examples/invented_logs/people.rs"]
pub(crate) mod people;
#[path = "../../examples/invented_logs/sign_in.rs"]
pub(crate) mod sign_in;
