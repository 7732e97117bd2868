//! What a recipient sees and does behind the link. Looking changes nothing, however often scanners look.

use domain::{
    PersonId, StopId, Timestamp,
    stops::{Cause, Motive, Scope, Source},
    time::HOUR,
};
use store::{Tx, emails::Email};

use super::{
    Language,
    token::{Holder, Token},
};
use crate::{Engine, Error, Result, stops::NewStop};

/// How long a recipient can take it back by themselves: a link is forwarded sooner or later.
const UNDO: i64 = HOUR;

/// The page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// Who writes: the workspace.
    pub company: String,
    /// Who wrote the email.
    pub sender: String,
    /// To which address.
    pub address: String,
    /// Whether they get mail.
    pub state: State,
    /// In which language it is shown.
    pub language: Language,
}

/// Whether the recipient gets mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They do.
    Subscribed,
    /// They do not.
    Unsubscribed {
        /// From nobody of the workspace; else not from the sender of this email.
        from_everybody: bool,
        /// Whether they did it with this link a moment ago and can take it back.
        may_undo: bool,
    },
}

/// What a recipient wants to stop, and why.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Only mail of the email's sender.
    pub only_sender: bool,
    /// Whether a mail program asked in the recipient's name.
    pub one_click: bool,
    /// The reason they chose.
    pub motive: Option<Motive>,
    /// What they wrote.
    pub note: Option<String>,
}

/// Who has a link.
struct Addressee {
    /// The email that they got it with.
    email: Email,
    address: String,
    /// Who they are, if they are known.
    person: Option<PersonId>,
}

impl Engine {
    /// The page behind the link with `token`. `accepted` is what the browser says of languages.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is none of ours.
    pub async fn landing(&self, token: &str, accepted: Option<&str>) -> Result<Landing> {
        let token = Token::open(self.keys(), token).ok_or(Error::NotFound)?;
        let mut tx = self.db().read().await?;
        let Addressee { email, address, person } = self.addressee(&mut tx, token).await?;
        let language = match person {
            Some(person) => store::people::find(&mut tx, token.workspace, person).await?.language,
            None => None,
        };
        Ok(Landing {
            company: store::workspaces::find(&mut tx, token.workspace).await?.name,
            sender: store::users::find(&mut tx, email.owner_id).await?.name,
            state: self.state_of(&mut tx, &email, &address, person).await?,
            language: Language::choose(accepted, language.as_deref()),
            address,
        })
    }

    async fn state_of(&self, tx: &mut Tx, email: &Email, address: &str, person: Option<PersonId>) -> Result<State> {
        let held = store::stops::held(tx, email.workspace_id, [address], person).await?;
        let theirs: Vec<Scope> =
            held.unsubscribed_from(address, person).filter(|scope| scope.covers(email.owner_id)).collect();
        if theirs.is_empty() {
            return Ok(State::Subscribed);
        }
        let named = store::stops::of_address(tx, email.workspace_id, address).await?;
        let since = self.undoable_since();
        Ok(State::Unsubscribed {
            from_everybody: theirs.contains(&Scope::Workspace),
            may_undo: named.iter().any(|stop| {
                stop.cause == Cause::Unsubscribed
                    && stop.email_id == Some(email.id)
                    && matches!(stop.source, Source::Link | Source::OneClick)
                    && stop.at >= since
            }),
        })
    }

    fn undoable_since(&self) -> Timestamp {
        self.now().plus(-UNDO)
    }

    /// Does what the recipient of the link with `token` wishes. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is none of ours.
    pub async fn unsubscribe(&self, token: &str, wish: Wish) -> Result<()> {
        let token = Token::open(self.keys(), token).ok_or(Error::NotFound)?;
        let mut tx = self.db().begin().await?;
        let Addressee { email, address, person } = self.addressee(&mut tx, token).await?;
        let stop = NewStop {
            workspace: token.workspace,
            address,
            person_id: person,
            cause: Cause::Unsubscribed,
            source: if wish.one_click { Source::OneClick } else { Source::Link },
            email_id: Some(email.id),
            at: self.now(),
            by: None,
            note: wish.note,
        };
        let scope = if wish.only_sender { Scope::Sender(email.owner_id) } else { Scope::Workspace };
        let id: StopId = self.new_id();
        let failed = self.stop_for(&mut tx, id, &stop, scope, wish.motive).await?;
        tx.commit().await?;
        if let Some(failed) = failed {
            let changed = failed.iter().chain([&email]).map(|email| (email.owner_id, email.id));
            self.tell_of(token.workspace, changed);
            self.tell_stops(token.workspace);
            self.tell_feed(token.workspace, email.owner_id);
        }
        Ok(())
    }

    /// Takes back what was done with this link a moment ago; `false` when there is nothing of the kind.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that is none of ours.
    pub async fn take_back_unsubscribe(&self, token: &str) -> Result<bool> {
        let token = Token::open(self.keys(), token).ok_or(Error::NotFound)?;
        let mut tx = self.db().begin().await?;
        let Addressee { email, address, .. } = self.addressee(&mut tx, token).await?;
        let taken_back = self.resume_by_recipient(&mut tx, &email, &address, self.undoable_since()).await?;
        tx.commit().await?;
        if taken_back {
            self.tell_stops(token.workspace);
            self.tell_taken_back(token.workspace, [(email.owner_id, email.id)]);
        }
        Ok(taken_back)
    }

    async fn addressee(&self, tx: &mut Tx, token: Token) -> Result<Addressee> {
        let Token { workspace, holder } = token;
        match holder {
            Holder::To(id) => {
                let email = store::emails::find(tx, workspace, id).await?;
                let address = email.to_address.clone().ok_or(Error::NotFound)?;
                Ok(Addressee { person: email.person_id, address, email })
            }
            Holder::Copy(id) => {
                let copy = store::recipients::find(tx, workspace, id).await?;
                let email = store::emails::find(tx, workspace, copy.email_id).await?;
                let person = self.person_of_address(tx, workspace, &copy.address).await?;
                Ok(Addressee { email, address: copy.address, person })
            }
        }
    }
}
