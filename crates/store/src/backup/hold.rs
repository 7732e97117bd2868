//! What a restored store must not go on with by itself.

use crate::{
    Result, Tx,
    channels::Pause,
    columns::{on, raw, sql},
};

/// Pauses every channel of every workspace, and ends every session and password reset: what was ended since the backup was
/// written must not come back to life. Forgets the nodes that served it: what they were handing over is taken back.
///
/// # Errors
/// [`crate::Error::Database`].
pub async fn hold(tx: &mut Tx, pause: &Pause) -> Result<()> {
    on!(tx, c => sqlx::query(sql!("
        UPDATE channels
        SET version = version + 1, paused_reason = $1, paused_text = $2, paused_at = $3, paused_until = $4
        WHERE deleted_at IS NULL
    "))
        .bind(raw(pause.reason))
        .bind(&pause.text)
        .bind(raw(pause.at))
        .bind(raw(pause.until))
        .execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("DELETE FROM sessions")).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("DELETE FROM password_resets")).execute(c).await.map(drop))?;
    on!(tx, c => sqlx::query(sql!("DELETE FROM nodes")).execute(c).await.map(drop))?;
    Ok(())
}
