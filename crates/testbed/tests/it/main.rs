//! The servers of the test bed start, serve, and are gone afterwards.

#[cfg(test)]
mod dovecot;
#[cfg(test)]
mod postfix;
#[cfg(test)]
mod postgres;
