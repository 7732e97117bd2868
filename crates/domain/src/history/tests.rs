use super::*;
use crate::{incoming::Said, smtp::Stage};

/// What `kinds` make of an email, one a second.
fn after(kinds: &[(EventKind, Evidence)]) -> Derived {
    after_with_copies(kinds, false)
}

fn after_with_copies(kinds: &[(EventKind, Evidence)], copies_wait: bool) -> Derived {
    let at = |n: usize| Timestamp(i64::try_from(n).unwrap() + 1);
    let happened = kinds.iter().enumerate().map(|(n, (kind, evidence))| Happened {
        id: visit(n),
        at: at(n),
        kind: *kind,
        evidence,
    });
    derive(happened, copies_wait)
}

/// The id of the event number `n`.
fn visit(n: usize) -> EventId {
    EventId(uuid::Uuid::from_u128(n as u128))
}

fn plain(kind: EventKind) -> (EventKind, Evidence) {
    (kind, Evidence::default())
}

fn queued(until: i64) -> (EventKind, Evidence) {
    let wait = Some(WaitReason::UndoWindow);
    (EventKind::Queued, Evidence { until: Some(Timestamp(until)), wait, ..Evidence::default() })
}

/// From a server that answered.
fn heard(kind: EventKind, code: u16, evidence: Evidence) -> (EventKind, Evidence) {
    let reply = Some(Reply { code, enhanced: None, text: "so it is".into() });
    (kind, Evidence { server: Some("mx.example".into()), reply, stage: Some(Stage::FinalDot), ..evidence })
}

fn seen(kind: EventKind, verdict: Verdict) -> (EventKind, Evidence) {
    (kind, Evidence { verdict: Some(verdict), ..Evidence::default() })
}

fn accepted() -> (EventKind, Evidence) {
    heard(EventKind::Accepted, 250, Evidence::default())
}

/// Written, queued, attempted.
fn begun() -> Vec<(EventKind, Evidence)> {
    vec![plain(EventKind::Created), queued(9), plain(EventKind::Attempted)]
}

fn begun_and(more: impl IntoIterator<Item = (EventKind, Evidence)>) -> Vec<(EventKind, Evidence)> {
    begun().into_iter().chain(more).collect()
}

#[test]
fn an_email_without_a_history_is_a_draft() {
    let draft = after(&[plain(EventKind::Created)]);
    assert_eq!((draft.status, draft.send_number, draft.last_activity_at), (Status::Draft, 1, None));
}

#[test]
fn a_queued_email_waits_until_it_is_taken_back() {
    let waiting = after(&begun()[..2]);
    assert_eq!((waiting.status, waiting.due_at), (Status::Scheduled, Some(Timestamp(9))));
    assert_eq!(waiting.wait_reason, Some(WaitReason::UndoWindow));
    let back = after(&[plain(EventKind::Created), queued(9), plain(EventKind::Unscheduled)]);
    assert_eq!((back.status, back.due_at, back.wait_reason), (Status::Draft, None, None));
}

#[test]
fn what_the_server_took_is_delivered_and_an_earlier_failure_is_forgotten() {
    let refusal = Evidence { failure: Some(FailureReason::MailboxFull), ..Evidence::default() };
    let refused = begun_and([heard(EventKind::Bounced, 552, refusal)]);
    let bounced = after(&refused);
    assert_eq!((bounced.status, bounced.failure_reason), (Status::Bounced, Some(FailureReason::MailboxFull)));
    assert_eq!((bounced.failure_code.as_deref(), bounced.failure_text.as_deref()), (Some("552"), Some("so it is")));
    let again = after(&[refused, vec![plain(EventKind::Retried), plain(EventKind::Attempted), accepted()]].concat());
    assert_eq!((again.status, again.send_number, again.attempts), (Status::Delivered, 2, 1));
    assert_eq!((again.sent_at, again.first_attempt_at), (Some(Timestamp(7)), Some(Timestamp(6))));
    assert_eq!((again.failure_reason, again.failure_code, again.failed_at, again.due_at), (None, None, None, None));
}

#[test]
fn what_never_left_says_what_its_reason_is_about() {
    let failure = Some(FailureReason::UnresolvedField);
    let evidence = Evidence { failure, detail: Some("company".into()), ..Evidence::default() };
    let failed = after(&[plain(EventKind::Created), queued(9), (EventKind::Failed, evidence)]);
    assert_eq!((failed.status, failed.failure_reason), (Status::Failed, failure));
    assert_eq!((failed.failure_param.as_deref(), failed.failure_text), (Some("company"), None));
}

#[test]
fn an_uncertain_email_that_arrived_was_sent_when_it_was_attempted() {
    let doubt = begun_and([plain(EventKind::Uncertain)]);
    let uncertain = after(&doubt);
    assert_eq!((uncertain.status, uncertain.uncertain, uncertain.due_at), (Status::InProgress, true, None));
    let arrived = after(&[doubt.clone(), vec![plain(EventKind::Accepted)]].concat());
    assert_eq!((arrived.status, arrived.uncertain, arrived.sent_at), (Status::Delivered, false, Some(Timestamp(3))));
    let heard_after_all = after(&[doubt, vec![accepted()]].concat());
    assert_eq!((heard_after_all.uncertain, heard_after_all.sent_at), (false, Some(Timestamp(5))));
}

#[test]
fn copies_keep_the_email_waiting_and_change_nothing_else() {
    let later = Evidence { until: Some(Timestamp(99)), wait: Some(WaitReason::ServerAsked), ..Evidence::default() };
    let history = begun_and([
        accepted(),
        heard(EventKind::CopyRefused, 550, Evidence::default()),
        plain(EventKind::Uncertain),
        heard(EventKind::Deferred, 450, later),
    ]);
    let waiting = after_with_copies(&history, true);
    assert_eq!((waiting.status, waiting.due_at, waiting.uncertain), (Status::Scheduled, Some(Timestamp(99)), false));
    let done = after_with_copies(&history, false);
    assert_eq!((done.status, done.due_at, done.failure_reason), (Status::Delivered, None, None));
}

#[test]
fn only_people_count_as_people() {
    use EventKind::{Clicked, Viewed};
    use Verdict::{Human, Machine, Own, Unknown};
    let visits = [(Viewed, Human), (Viewed, Machine), (Viewed, Unknown), (Viewed, Own), (Clicked, Human)];
    let more = [(Clicked, Machine), (Clicked, Own)];
    let read = after(&begun_and(
        std::iter::once(accepted()).chain(visits.into_iter().chain(more).map(|(kind, verdict)| seen(kind, verdict))),
    ));
    assert_eq!((read.views, read.views_automatic, read.views_self), (1, 2, 1));
    assert_eq!((read.clicks, read.clicks_automatic), (1, 1));
    assert_eq!(read.last_activity_at, Some(Timestamp(9)), "the human click");
}

#[test]
fn a_verdict_revised_counts_as_it_is_said_last() {
    let withdrawn = |n: usize, verdict| {
        (EventKind::Rejudged, Evidence { verdict: Some(verdict), revises: Some(visit(n)), ..Evidence::default() })
    };
    let read = after(&begun_and([
        accepted(),
        seen(EventKind::Viewed, Verdict::Human),
        seen(EventKind::Clicked, Verdict::Human),
        withdrawn(5, Verdict::Machine),
    ]));
    assert_eq!((read.views, read.clicks, read.clicks_automatic), (1, 0, 1));
    assert_eq!(read.last_activity_at, Some(Timestamp(5)), "the view");
}

#[test]
fn what_comes_back_later_bounces_and_an_answer_withdraws_it() {
    let said =
        Said { status: Some("5.2.2".into()), code: Some(552), sentence: Some("over quota".into()), ..Said::default() };
    let failure = Some(FailureReason::MailboxFull);
    let notice = (EventKind::Bounced, Evidence { said: Some(said), failure, ..Evidence::default() });
    let history = begun_and([accepted(), plain(EventKind::Delayed), plain(EventKind::Confirmed), notice]);
    let bounced = after(&history);
    assert_eq!((bounced.status, bounced.failure_reason), (Status::Bounced, failure));
    assert_eq!(bounced.failure_code.as_deref(), Some("552 5.2.2"));
    assert_eq!(bounced.failure_text.as_deref(), Some("over quota"));
    let answers = [plain(EventKind::AutoReplied), plain(EventKind::BounceWithdrawn), plain(EventKind::Replied)];
    let answered = after(&[history, answers.to_vec()].concat());
    assert_eq!((answered.status, answered.failure_reason, answered.failed_at), (Status::Delivered, None, None));
    assert_eq!((answered.replies, answered.failure_code), (1, None));
}

#[test]
fn deleted_and_restored_is_as_before_and_an_undo_says_what_it_gave_back() {
    let delivered = begun_and([accepted(), plain(EventKind::Archived)]);
    let deleted = after(&[delivered.clone(), vec![plain(EventKind::Deleted)]].concat());
    assert_eq!((deleted.status, deleted.status_before), (Status::Deleted, Some(Status::Archived)));
    let both = vec![plain(EventKind::Deleted), plain(EventKind::Restored)];
    assert_eq!(after(&[delivered.clone(), both].concat()), after(&delivered));

    let undone = Some(Undone {
        status: Status::Spam,
        send_number: 1,
        due_at: None,
        wait_reason: None,
        success_at: Some(Timestamp(2)),
    });
    let undo = (EventKind::Restored, Evidence { undone, ..Evidence::default() });
    let history = begun_and([accepted(), plain(EventKind::Complained), plain(EventKind::Retried), undo]);
    let back = after(&history);
    assert_eq!((back.status, back.send_number, back.due_at), (Status::Spam, 1, None));
    assert_eq!((back.success_at, back.failure_reason), (Some(Timestamp(2)), Some(FailureReason::SpamComplaint)));
}

#[test]
fn a_doubt_that_was_settled_by_mistake_is_as_it_was_before() {
    let refusal = Evidence { failure: Some(FailureReason::MailboxFull), ..Evidence::default() };
    let doubt = begun_and([
        heard(EventKind::Bounced, 552, refusal),
        plain(EventKind::Retried),
        plain(EventKind::Attempted),
        plain(EventKind::Uncertain),
    ]);
    let uncertain = after(&doubt);
    assert!(uncertain.uncertain && uncertain.failure_text.is_some());
    let undone =
        Some(Undone { status: Status::InProgress, send_number: 2, due_at: None, wait_reason: None, success_at: None });
    let undo = (EventKind::Restored, Evidence { undone, ..Evidence::default() });
    for settled in [plain(EventKind::Accepted), queued_again()] {
        assert_ne!(after(&[doubt.clone(), vec![settled.clone()]].concat()), uncertain);
        let back = [doubt.clone(), vec![settled.clone(), undo.clone()]].concat();
        assert_eq!(after(&back), uncertain);
        let answered = after(&[doubt.clone(), vec![settled, plain(EventKind::Replied), undo.clone()]].concat());
        assert_eq!((answered.uncertain, answered.replies), (true, 1));
        assert_eq!(answered.last_activity_at, Some(Timestamp(9)), "the reply");
        let arrived = after(&[back, vec![plain(EventKind::Accepted)]].concat());
        assert_eq!((arrived.status, arrived.sent_at), (Status::Delivered, Some(Timestamp(6))));
    }
}

#[test]
fn a_retry_that_was_taken_back_leaves_everything_as_it_was() {
    let refusal = Evidence { failure: Some(FailureReason::MailboxFull), ..Evidence::default() };
    let refused = begun_and([
        heard(EventKind::Deferred, 452, Evidence::default()),
        plain(EventKind::Attempted),
        heard(EventKind::Bounced, 552, refusal),
    ]);
    let bounced = after(&refused);
    assert_eq!((bounced.attempts, bounced.first_attempt_at), (2, Some(Timestamp(3))));
    let undone =
        Some(Undone { status: Status::Bounced, send_number: 1, due_at: None, wait_reason: None, success_at: None });
    let undo = (EventKind::Restored, Evidence { undone, ..Evidence::default() });
    let back = [refused.clone(), vec![queued_again(), undo.clone()]].concat();
    assert_eq!(after(&back), bounced);
    let answered = after(&[refused, vec![queued_again(), plain(EventKind::Replied), undo]].concat());
    assert_eq!((answered.attempts, answered.replies), (2, 1));
    assert_eq!(answered.last_activity_at, Some(Timestamp(8)), "the reply");
}

fn queued_again() -> (EventKind, Evidence) {
    let wait = Some(WaitReason::UndoWindow);
    (EventKind::Retried, Evidence { until: Some(Timestamp(99)), wait, ..Evidence::default() })
}
