//! Who signs in and what they may do: sign-in, sessions, members, teams, tokens, and the record of all that.

mod api_tokens;
mod attempts;
pub mod audit;
mod door;
mod hand;
mod invitations;
mod members;
mod operator;
mod password_resets;
mod passwords;
mod profile;
mod sessions;
mod setup;
mod sign_in;
mod teams;
mod view_as;

pub use api_tokens::NewToken;
pub(crate) use door::Door;
pub use hand::Handed;
pub use invitations::{Acceptance, InvitationToTeams};
pub use members::{MemberInTeams, NamedTeam};
pub use profile::{Language, NamedUser, Profile, ProfileChange, Warning};
pub use sessions::{Client, SignedIn};
pub use setup::FirstAdministrator;
pub use store::{api_tokens::ApiToken, invitations::Invitation, members::NamedMember};
pub use teams::TeamWithMembers;
