//! What is true of sales email whatever the machinery: types, the status machine, limits, retry, authorization.
//!
//! No I/O, no async, no clock and no randomness of its own: both come in as arguments.
//!
//! | room | what is decided there |
//! |---|---|
//! | [`stops`] | who is not to be mailed, and why |
//! | [`status`] | the eight folders and every allowed transition |
//! | [`delivery`] | what an SMTP answer means for the email and for the channel |
//! | [`retry`] | when a temporarily refused email goes again, and when we give up |
//! | [`limits`] | how many emails a channel may send now, and when the next may go |
//! | [`turns`] | whose email is next |
//! | [`forecast`] | when each waiting email will go, and what holds it until then |
//! | [`reasons`] | why an email waits or failed |
//! | [`checks`] | what stands in the way of sending a draft |
//! | [`engagement`] | the verdict on a view or a click |
//! | [`authorization`] | who may do what |
//! | [`deliverability`] | whether receivers will believe a domain's mail, and what to publish |
//! | [`channel`] | which servers and limits a delivery channel may have |
//! | [`channel_presets`] | what is known of providers' servers and limits |
//! | [`person`] | what a person is called, and the words one is found by |
//! | [`signin`] | how repeated failures slow down |
//! | [`input`] | limits of every field, and the codes for breaking them |
//! | [`events`] | what can happen to an email |
//! | [`feed`] | which events are in the live feed, and who is shown what |
//! | [`feedback`] | how a channel learns what became of its mail |
//! | [`incoming`] | what comes back, and what it does to the email it is about |
//! | [`history`] | what an email's events make of its row |
//! | [`ledger`] | envelope recipients and their outcomes |
//! | [`looking`] | when an uncertain email is looked for in Sent again |
//! | [`watching`] | when a mailbox is connected to again, and how far back it is read |
//! | [`provider`] | whose consent opens a mailbox in place of a password |
//! | [`smtp`] | stages and replies of an SMTP transaction |

pub mod address;
pub mod authorization;
pub mod channel;
pub mod channel_presets;
pub mod checks;
pub mod deliverability;
pub mod delivery;
pub mod engagement;
pub mod events;
pub mod feed;
pub mod feedback;
pub mod forecast;
pub mod history;
pub mod ids;
pub mod incoming;
pub mod input;
pub mod ledger;
pub mod limits;
pub mod looking;
pub mod person;
pub mod provider;
pub mod reasons;
pub mod retry;
pub mod signin;
pub mod smtp;
pub mod status;
pub mod stops;
pub mod text_enum;
pub mod time;
pub mod turns;
pub mod watching;

pub use address::EmailAddress;
pub use ids::*;
pub use status::Status;
pub use text_enum::TextEnum;
pub use time::Timestamp;
