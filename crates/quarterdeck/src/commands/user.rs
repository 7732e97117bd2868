//! `quarterdeck user`.

use domain::authorization::Role;

use crate::{
    cli::{RoleName, UserCommand},
    configuration::Configuration,
    error::Result,
};

pub(super) async fn run(configuration: &Configuration, command: UserCommand) -> Result<()> {
    let engine = super::engine(configuration).await?;
    match command {
        UserCommand::List => {
            for member in engine.operator_lists_members().await? {
                let state = if member.deactivated_at.is_some() { "deactivated" } else { "active" };
                println!("{}\t{}\t{}\t{state}", member.email, member.role, member.name);
            }
        }
        UserCommand::Add { email, name, role } => {
            let link = engine.operator_adds_member(&email, &name, role.into()).await?;
            println!("{email} chooses a password here:\n{link}");
        }
        UserCommand::Token { email, name } => {
            println!("{}", engine.operator_creates_token(&email, &name).await?);
        }
        UserCommand::ResetPassword { email } => {
            let link = engine.operator_resets_password(&email).await?;
            println!("{email} chooses a new password here:\n{link}");
        }
    }
    engine.db().close().await;
    Ok(())
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Admin => Self::Admin,
            RoleName::Manager => Self::Manager,
            RoleName::Member => Self::Member,
        }
    }
}
