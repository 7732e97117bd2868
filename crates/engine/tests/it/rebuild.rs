//! What rows show is made of events: damaged, it is made again.

use domain::{
    EmailId, Status, Timestamp,
    reasons::{FailureReason, WaitReason},
    time::{DAY, HOUR, MINUTE, SECOND},
};
use engine::{
    Engine,
    emails::{ActionKind, ActionResult, DraftChange, Settlement},
    tracking::{Visit, VisitKind},
};
use rstest::rstest;
use store::{bodies::Copy, emails::Email};
use uuid::Uuid;

use crate::{mailroom::Mailroom, support::Backend};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0";

/// Somebody or something opens or follows.
async fn visit(room: &Mailroom, email: EmailId, kind: VisitKind, agent: &str, session_token: Option<String>) {
    room.engine.note_visit(Visit {
        workspace: room.actor.workspace,
        email,
        kind,
        at: room.engine.now(),
        ip: None,
        user_agent: Some(agent.to_owned()),
        announced: None,
        session_token,
    });
    room.clock.advance(2 * MINUTE);
    room.engine.record_visits().await;
}

async fn act(room: &Mailroom, kind: ActionKind, id: EmailId) -> ActionResult {
    room.clock.advance(MINUTE);
    let result = room.engine.act(&room.actor, kind, &[id], None).await.unwrap();
    assert_eq!(result.changed, [id], "{kind:?}");
    result
}

async fn act_and_undo(room: &Mailroom, kind: ActionKind, id: EmailId) {
    let done = act(room, kind, id).await;
    room.clock.advance(SECOND);
    let undone = room.engine.undo(&room.actor, done.id.unwrap()).await.unwrap();
    assert_eq!(undone.restored, [id], "{kind:?}");
}

/// Sent and accepted.
async fn delivered(room: &Mailroom, who: &str) -> EmailId {
    let id = room.send(&format!("accept.{who}@brisamar.example")).await;
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    room.clock.advance(MINUTE);
    id
}

async fn what_is_read(room: &Mailroom) {
    let id = delivered(room, "reader").await;
    let click = || VisitKind::Click { link: 0, url: "https://northlight.example/plan".into() };
    for agent in [BROWSER, BROWSER, "Mozilla/5.0", "curl/8.5"] {
        visit(room, id, VisitKind::View, agent, None).await;
        visit(room, id, click(), agent, None).await;
    }
    visit(room, id, VisitKind::View, BROWSER, Some(room.session_token.clone())).await;
    visit(room, id, click(), BROWSER, Some(room.session_token.clone())).await;
    act(room, ActionKind::Success, id).await;
    act(room, ActionKind::Seen, id).await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.views, email.views_automatic, email.views_self), (2, 2, 1));
    assert_eq!((email.clicks, email.clicks_automatic), (2, 2));
}

async fn what_is_put_away(room: &Mailroom) {
    let archived = delivered(room, "archived").await;
    act_and_undo(room, ActionKind::Archive, archived).await;
    act(room, ActionKind::Archive, archived).await;
    act_and_undo(room, ActionKind::Unarchive, archived).await;
    act_and_undo(room, ActionKind::Delete, archived).await;
    act(room, ActionKind::Delete, archived).await;
    let won = delivered(room, "won").await;
    act_and_undo(room, ActionKind::Success, won).await;
    act(room, ActionKind::Success, won).await;
    act_and_undo(room, ActionKind::WithdrawSuccess, won).await;
    let spam = delivered(room, "spam").await;
    act_and_undo(room, ActionKind::ReportSpam, spam).await;
    act(room, ActionKind::ReportSpam, spam).await;
}

async fn what_is_refused(room: &Mailroom) {
    let full = room.send("full.suzuki@minato.example").await;
    let nobody = room.send("nobody.kovacs@duna.example").await;
    room.deliver().await;
    act_and_undo(room, ActionKind::Retry, full).await;
    act(room, ActionKind::Retry, full).await;
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    room.resume_all().await;
    act(room, ActionKind::Retry, nobody).await;
    act_and_undo(room, ActionKind::Delete, nobody).await;
    let email = room.email(full).await.listed.email;
    assert_eq!((email.status, email.send_number, email.attempts), (Status::Bounced, 2, 1));
    let busy = room.send("busy.forever@slow.example").await;
    for _ in 0..120 {
        room.deliver().await;
        room.clock.advance(30 * MINUTE);
    }
    assert_eq!(room.email(busy).await.listed.email.failure_reason, Some(FailureReason::GaveUp));
}

async fn what_waits(room: &Mailroom) {
    let grey = room.send("grey.wojcik@baltyk.example").await;
    let lost = room.send("drop-mail.a@b.example").await;
    room.deliver().await;
    for id in [grey, lost] {
        assert_eq!(room.email(id).await.listed.email.status, Status::Scheduled);
    }
    let edited = room.send("drop-data.a@b.example").await;
    room.deliver().await;
    act_and_undo(room, ActionKind::Edit, edited).await;
    let now = room.send("drop-rcpt.a@b.example").await;
    room.deliver().await;
    act_and_undo(room, ActionKind::SendNow, now).await;
    act(room, ActionKind::SendNow, now).await;
    let draft = room.draft("accept.later@b.example").await.listed.email;
    let at = room.engine.now().plus(2 * DAY);
    room.engine.send(&room.actor, draft.id, draft.version, Some(at)).await.unwrap();
    let moved = room.engine.act(&room.actor, ActionKind::Reschedule, &[draft.id], Some(at.plus(HOUR))).await.unwrap();
    room.engine.undo(&room.actor, moved.id.unwrap()).await.unwrap();
    assert_eq!(room.email(draft.id).await.listed.email.wait_reason, Some(WaitReason::YourTime));
}

async fn what_is_written(room: &Mailroom) {
    let draft = room.draft("accept.draft@b.example").await.listed.email;
    room.clock.advance(MINUTE);
    let change = DraftChange { subject: Some("Another".into()), ..DraftChange::default() };
    room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap();
    let undone = room.draft("accept.undone@b.example").await.listed.email;
    let (_, sent) = room.engine.send(&room.actor, undone.id, undone.version, None).await.unwrap();
    room.engine.undo(&room.actor, sent.id.unwrap()).await.unwrap();
    act(room, ActionKind::Delete, undone.id).await;
}

async fn what_nobody_knows(room: &Mailroom) {
    for (n, settlement) in [None, Some(Settlement::Arrived), Some(Settlement::SendAgain)].into_iter().enumerate() {
        let id = room.send(&format!("drop-answer.n{n}@knows.example")).await;
        room.deliver().await;
        assert!(room.email(id).await.listed.email.uncertain);
        room.clock.advance(HOUR);
        if let Some(settlement) = settlement {
            room.engine.settle_uncertain(&room.actor, id, settlement).await.unwrap();
        }
    }
    for (n, settlement) in [Settlement::Arrived, Settlement::SendAgain].into_iter().enumerate() {
        let id = room.send(&format!("drop-answer.taken-back{n}@knows.example")).await;
        room.deliver().await;
        room.clock.advance(HOUR);
        let (_, settled) = room.engine.settle_uncertain(&room.actor, id, settlement).await.unwrap();
        room.clock.advance(5 * SECOND);
        room.engine.undo(&room.actor, settled.id.unwrap()).await.unwrap();
        assert!(room.email(id).await.listed.email.uncertain);
    }
}

async fn what_has_copies(room: &Mailroom) {
    for copies in [["accept.cc@b.example", "nobody.cc@b.example"], ["grey.cc@b.example", "drop-answer.cc@b.example"]] {
        let draft = room.draft(&format!("accept.{}", copies[0])).await.listed.email;
        let copy = |address: &str| Copy { name: String::new(), address: address.into() };
        let change = DraftChange { cc: Some(copies.map(copy).to_vec()), ..DraftChange::default() };
        let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
        room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
        room.clock.advance(10 * SECOND);
        room.deliver().await;
    }
}

async fn all_emails(engine: &Engine) -> Vec<Email> {
    let mut tx = engine.db().read().await.unwrap();
    let mut all = Vec::new();
    for workspace in store::workspaces::list(&mut tx).await.unwrap() {
        all.extend(store::rebuild::emails_after(&mut tx, workspace.id, EmailId(Uuid::nil()), 10_000).await.unwrap());
    }
    // Every save raises it.
    for email in &mut all {
        email.version = 0;
    }
    all
}

async fn folders(room: &Mailroom) -> Vec<(Status, i64)> {
    let mut tx = room.engine.db().read().await.unwrap();
    let mut counts = store::folder_counts::list(&mut tx, room.actor.workspace, room.actor.user).await.unwrap();
    counts.retain(|count| count.1 != 0);
    counts.sort_unstable();
    counts
}

/// Nonsense in every column that is derived.
fn damaged(email: Email, n: usize) -> Email {
    let wrong = Timestamp(7);
    // The last edit of what has not left is no event.
    let edited =
        matches!(email.status_before.unwrap_or(email.status), Status::Draft | Status::Scheduled | Status::InProgress);
    let status = [Status::Delivered, Status::Draft, Status::Spam][n % 3];
    Email {
        status,
        status_before: Some(Status::Draft),
        uncertain: !email.uncertain,
        send_number: 9,
        attempts: 99,
        first_attempt_at: Some(wrong),
        due_at: None,
        next_at: Some(wrong),
        wait_reason: Some(WaitReason::ClockJumped),
        wait_text: Some("nonsense".into()),
        failure_reason: Some(FailureReason::BadAddress),
        failure_code: Some("999".into()),
        failure_text: None,
        failure_param: Some("nonsense".into()),
        views: 100,
        views_automatic: 200,
        views_self: 300,
        clicks: 400,
        clicks_automatic: 500,
        success_at: Some(wrong),
        last_activity_at: if edited { email.last_activity_at } else { wrong },
        sent_at: Some(wrong),
        failed_at: None,
        deleted_at: Some(wrong),
        ..email
    }
}

#[rstest]
#[tokio::test]
async fn rows_are_made_of_their_events_and_damaged_rows_are_made_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    what_is_read(&room).await;
    what_is_put_away(&room).await;
    what_is_refused(&room).await;
    what_waits(&room).await;
    what_is_written(&room).await;
    what_nobody_knows(&room).await;
    what_has_copies(&room).await;
    let (before, counts) = (all_emails(&room.engine).await, folders(&room).await);
    assert!(counts.len() >= 7, "{counts:?}");

    let rebuilt = room.engine.rebuild(false, |_| ()).await.unwrap();
    let after = all_emails(&room.engine).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!((rebuilt.emails, rebuilt.mended), (before.len() as u64, 0));

    let mut tx = room.engine.db().begin().await.unwrap();
    for (n, email) in before.iter().enumerate() {
        store::rebuild::save(&mut tx, &damaged(email.clone(), n)).await.unwrap();
        store::emails::set_attachment_count(&mut tx, email.workspace_id, email.id, 3).await.unwrap();
    }
    for status in [Status::Delivered, Status::Failed] {
        store::folder_counts::add(&mut tx, room.actor.workspace, room.actor.user, status, 50).await.unwrap();
    }
    tx.commit().await.unwrap();
    let rebuilt = room.engine.rebuild(false, |_| ()).await.unwrap();
    assert_eq!(rebuilt.mended, before.len() as u64);
    let after = all_emails(&room.engine).await;
    for (before, after) in before.iter().zip(&after) {
        assert_eq!(before, after);
    }
    assert_eq!(folders(&room).await, counts);
}
