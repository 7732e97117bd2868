mod api_tokens;
mod invitations;
mod members;
mod passwords;
mod sessions;
mod setup;
mod sign_in;
mod teams;
mod view_as;

use domain::authorization::Actor;
use engine::{Engine, accounts::audit::AuditAction};

/// The newest actions in the audit record, newest first.
async fn newest(engine: &Engine, admin: &Actor, count: u32) -> Vec<AuditAction> {
    engine.audit(admin, None, count).await.unwrap().into_iter().map(|entry| entry.action).collect()
}
