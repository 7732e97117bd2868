//! The real program, started as an operator starts it.

mod program;
mod serving;
mod without_a_server;
