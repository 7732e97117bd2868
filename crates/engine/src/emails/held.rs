//! Whom an undelivered email could not reach either if it were sent again: told beside it, so that nobody tries in vain.

use std::collections::HashSet;

use domain::{EmailId, reasons::FailureReason};
use store::emails::{Email, Listed};

use super::actions::{ActionKind, queues};
use crate::{Engine, Result};

impl Engine {
    /// Why each of `rows`, which are of one workspace, could not be sent again now because its recipient is not to be mailed;
    /// `None` for those that could, and for what is not undelivered.
    ///
    /// # Errors
    /// [`crate::Error::Internal`].
    pub async fn held(&self, rows: &[Listed]) -> Result<Vec<Option<FailureReason>>> {
        let undelivered = |email: &&Email| queues(ActionKind::Retry, email.status);
        let emails: Vec<&Email> = rows.iter().map(|row| &row.email).filter(undelivered).collect();
        let Some(workspace) = emails.first().map(|email| email.workspace_id) else { return Ok(vec![None; rows.len()]) };
        let addresses = emails.iter().filter_map(|email| email.to_address.as_deref());
        let people = emails.iter().filter_map(|email| email.person_id);
        let mut tx = self.db().read().await?;
        let held = store::stops::held(&mut tx, workspace, addresses, people).await?;
        let against = |email: &Email, non_commercial| {
            let address = email.to_address.as_deref()?;
            held.against(email.owner_id, address, email.person_id, non_commercial)
        };
        // What an email is for matters only to whoever unsubscribed; what failed because of that was commercial.
        let unsubscribed_since = |email: &&&Email| {
            email.failure_reason != Some(FailureReason::Unsubscribed)
                && against(email, false) == Some(FailureReason::Unsubscribed)
        };
        let asked: Vec<EmailId> = emails.iter().filter(unsubscribed_since).map(|email| email.id).collect();
        let mut non_commercial = HashSet::new();
        if !asked.is_empty() {
            let bodies = store::bodies::find_packed(&mut tx, workspace, &asked).await?;
            non_commercial.extend(bodies.into_iter().filter(|body| body.non_commercial).map(|body| body.email_id));
        }
        let why = |row: &Listed| {
            let email = Some(&row.email).filter(undelivered)?;
            against(email, non_commercial.contains(&email.id))
        };
        Ok(rows.iter().map(why).collect())
    }
}
