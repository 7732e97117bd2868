#![doc = include_str!("../README.md")]
//!
//! # Where to begin
//!
//! [`World::start`] opens the world; [`people`] invents whom to write to and [`letters`] what to write.
//! Time and chance are arguments: the world asks [`Options::now`] for the time, and all randomness comes from
//! [`Options::seed`], so three weeks pass in seconds and pass alike twice.

mod behaviour;
mod courier;
mod dice;
mod error;
pub mod letters;
mod page;
mod people;
mod post;
mod reactions;
pub mod replay;
mod smtp;
mod visit;
mod world;
mod writing;

pub use behaviour::{Answer, Behaviour, Habit, KEYWORDS, Stage};
pub use courier::Mail;
pub use error::Error;
pub use people::{Recipient, people};
pub use post::{Counters, Received};
pub use reactions::{Act, Reaction, Visit};
pub use world::{Clock, Login, Options, PostOffice, World};
