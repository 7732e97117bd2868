//! Who is not to be mailed gets no mail, whatever was queued before, and everybody sees why.

use domain::{
    PersonId, Status, StopId,
    checks::CheckCode,
    events::EventKind,
    ledger::Outcome,
    reasons::FailureReason,
    stops::{Cause, Change, ResumeReason, Scope, Source},
    time::{HOUR, MINUTE, SECOND},
};
use engine::{
    Error,
    emails::{ActionKind, DraftChange, EmailDetails, SkipReason},
    live::Topic,
    people::NewPerson,
};
use rstest::rstest;
use store::{blocked_domains::BlockedDomain, bodies::Copy, stops::Stop};

use crate::{mailroom::Mailroom, support::Backend};

const MARTA: &str = "accept.marta@brisamar.example";

async fn draft_to(room: &Mailroom, person: PersonId, non_commercial: bool) -> EmailDetails {
    let change = DraftChange {
        person_id: Some(Some(person)),
        subject: Some("Hello".into()),
        body_html: Some("<p>Hello</p>".into()),
        non_commercial: Some(non_commercial),
        ..DraftChange::default()
    };
    room.engine.create_draft(&room.actor, None, change).await.unwrap()
}

async fn unsubscribe(room: &Mailroom, person: PersonId) -> engine::emails::ActionResult {
    room.engine.unsubscribe_by_hand(&room.actor, person, None, "asked on the phone").await.unwrap()
}

fn refused(result: Result<impl std::fmt::Debug, Error>) -> Vec<CheckCode> {
    match result {
        Err(Error::Blocked(checks)) => checks.into_iter().map(|check| check.code).collect(),
        other => panic!("{other:?}"),
    }
}

#[rstest]
#[tokio::test]
async fn who_is_unsubscribed_by_hand_gets_nothing_more_and_undo_brings_the_queue_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let queued = room.draft(MARTA).await.listed.email;
    let person = queued.person_id.unwrap();
    let at = room.engine.now().plus(HOUR);
    room.engine.send(&room.actor, queued.id, queued.version, Some(at)).await.unwrap();

    let action = unsubscribe(&room, person).await;
    assert_eq!(action.changed, [queued.id]);
    let failed = room.email(queued.id).await.listed.email;
    assert_eq!((failed.status, failed.failure_reason), (Status::Failed, Some(FailureReason::Unsubscribed)));
    let another = draft_to(&room, person, false).await.listed.email;
    let sent = room.engine.send(&room.actor, another.id, another.version, None).await;
    assert_eq!(refused(sent), [CheckCode::Unsubscribed]);
    let retried = room.engine.act(&room.actor, ActionKind::Retry, &[queued.id], None).await.unwrap();
    assert_eq!(retried.skipped[0].reason, SkipReason::HeldBack);
    let again = room.engine.unsubscribe_by_hand(&room.actor, person, None, "").await;
    assert!(matches!(again, Err(Error::Conflict("stopped_already"))));

    let undone = room.engine.undo(&room.actor, action.id.unwrap()).await.unwrap();
    assert_eq!(undone.restored, [queued.id]);
    let back = room.email(queued.id).await.listed.email;
    assert_eq!((back.status, back.due_at), (Status::Scheduled, Some(at)));
    let stops = room.engine.stops_of_person(&room.actor, person).await.unwrap();
    assert!(stops.holding.is_empty());
    let history: Vec<_> = stops.history.iter().map(|it| (it.change.change, it.change.resume_reason)).collect();
    assert_eq!(history, [(Change::Resumed, Some(ResumeReason::Mistake)), (Change::Stopped, None)]);
}

#[rstest]
#[tokio::test]
async fn the_last_moment_before_delivery_asks_once_more_and_leaves_copies_out(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    room.engine.block_domain(&room.actor, "rival.example").await.unwrap();
    let draft = room.draft(MARTA).await.listed.email;
    let copies = |addresses: &[&str]| {
        addresses.iter().map(|it| Copy { name: String::new(), address: (*it).into() }).collect::<Vec<_>>()
    };
    let change = DraftChange {
        cc: Some(copies(&["accept.tom@rival.example", "accept.ana@brisamar.example"])),
        ..DraftChange::default()
    };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap();
    let left_out: Vec<_> = draft.checks.iter().map(|it| (it.code, it.param.as_deref(), it.blocking)).collect();
    assert_eq!(left_out, [(CheckCode::CopyLeftOut, Some("accept.tom@rival.example"), false)]);
    let email = draft.listed.email;
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;

    let details = room.email(email.id).await;
    assert_eq!(details.listed.email.status, Status::Delivered);
    let outcome = |address: &str| details.recipients.iter().find(|it| it.address == address).unwrap().outcome;
    assert_eq!(outcome("accept.tom@rival.example"), Outcome::LeftOut);
    assert_eq!(outcome("accept.ana@brisamar.example"), Outcome::Accepted);
    let event = details.events.iter().find(|it| it.kind == EventKind::CopyRefused).unwrap();
    assert_eq!(event.evidence.failure, Some(FailureReason::BlockedDomain));
    assert!(room.world.inbox("accept.tom@rival.example").is_empty());
    let arrived = String::from_utf8_lossy(&room.world.inbox(MARTA)[0].raw).into_owned();
    assert!(arrived.contains("accept.ana@") && !arrived.contains("rival.example"), "{arrived}");
}

#[rstest]
#[tokio::test]
async fn blocking_a_domain_fails_what_waits_for_it_at_once_and_unblocking_revives_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.tom@mail.rival.example").await;
    let other = room.send(MARTA).await;
    let mut told = room.engine.live().listen();
    assert_eq!(room.engine.block_domain(&room.actor, "https://Rival.example/").await.unwrap().failed, 1);
    let changes: Vec<_> = std::iter::from_fn(|| told.try_recv().ok()).collect();
    assert!(changes.iter().any(|it| it.topic == Topic::Stops), "{changes:?}");
    assert!(changes.iter().any(|it| it.emails == [id] && it.owner == Some(room.actor.user)), "{changes:?}");
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (Status::Failed, Some(FailureReason::BlockedDomain)));
    assert_eq!(email.failure_param.as_deref(), Some("mail.rival.example"));
    assert_eq!(
        room.engine.block_domain(&room.actor, "rival.example").await.unwrap().failed,
        0,
        "it is blocked already"
    );

    room.engine.unblock_domain(&room.actor, "rival.example").await.unwrap();
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Failed);
    assert_eq!(room.email(other).await.listed.email.status, Status::Delivered);
    assert!(room.world.inbox("accept.tom@mail.rival.example").is_empty());
    let audit = room.engine.audit(&room.actor, None, 10).await.unwrap();
    let kept: Vec<_> = audit.iter().map(|it| it.action.to_string()).filter(|it| it.starts_with("domain_")).collect();
    assert_eq!(kept, ["domain_unblocked", "domain_blocked"]);
    let retried = room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    assert_eq!(retried.changed, [id]);
}

#[rstest]
#[tokio::test]
async fn a_domain_is_blocked_however_it_is_spelled(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values(["bücher.example", "xn--bcher-kva.example"], ["xn--bcher-kva.example", "bücher.example"])] spelled: [&str;
        2],
) {
    let [blocked, written] = spelled;
    let room = Mailroom::open(backend).await;
    let id = room.send(&format!("accept.tom@mail.{written}")).await;
    let done = room.engine.block_domain(&room.actor, blocked).await.unwrap();
    assert_eq!((done.domain.as_str(), done.failed), ("bücher.example", 1));
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (Status::Failed, Some(FailureReason::BlockedDomain)));
    room.engine.block_domain(&room.actor, written).await.unwrap();
    assert_eq!(room.engine.blocked_domains(&room.actor).await.unwrap().len(), 1, "it is the same");
    let refused = room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    assert_eq!(refused.changed, []);
    room.engine.unblock_domain(&room.actor, written).await.unwrap();
    assert_eq!(room.engine.blocked_domains(&room.actor).await.unwrap(), []);
    assert!(matches!(room.engine.unblock_domain(&room.actor, written).await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn mail_whose_domain_is_found_blocked_at_its_turn_fails_with_its_name(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.tom@mail.rival.example").await;
    // As when the server stops in the middle of failing what waits.
    let blocked = BlockedDomain { domain: "rival.example".into(), by_user: room.actor.user, at: room.engine.now() };
    let mut tx = room.engine.db().begin().await.unwrap();
    store::blocked_domains::insert(&mut tx, room.actor.workspace, &blocked).await.unwrap();
    tx.commit().await.unwrap();
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (Status::Failed, Some(FailureReason::BlockedDomain)));
    assert_eq!(email.failure_param.as_deref(), Some("mail.rival.example"));
    assert!(room.world.inbox("accept.tom@mail.rival.example").is_empty());
}

#[rstest]
#[tokio::test]
async fn a_hard_bounce_stops_the_address_until_an_administrator_says_why_it_works_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("nobody.kovacs@duna.example").await;
    room.deliver().await;
    let person = room.email(id).await.listed.email.person_id.unwrap();
    let stops = room.engine.stops_of_person(&room.actor, person).await.unwrap();
    let held = &stops.holding[0].stop;
    assert_eq!((held.cause, held.source, held.email_id), (Cause::HardBounce, Source::Bounce, Some(id)));
    assert!(held.note.as_ref().unwrap().contains("550"), "{held:?}");
    let draft = draft_to(&room, person, true).await.listed.email;
    let sent = room.engine.send(&room.actor, draft.id, draft.version, None).await;
    assert_eq!(refused(sent), [CheckCode::AddressBounced], "non-commercial mail neither");

    room.engine.resume(&room.actor, held.id, ResumeReason::AddressWorks, "phoned").await.unwrap();
    room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    let audit = room.engine.audit(&room.actor, None, 1).await.unwrap();
    assert_eq!(audit[0].action.to_string(), "stop_resumed");
    assert_eq!(audit[0].after.as_ref().unwrap()["reason"], "address_works");
    let again = room.engine.resume(&room.actor, held.id, ResumeReason::Mistake, "").await;
    assert!(matches!(again, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn who_is_said_to_have_reported_spam_gets_nothing_more_until_that_is_taken_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send(MARTA).await;
    room.deliver().await;
    let later = room.draft_again(MARTA).await;
    room.engine.send(&room.actor, later.0, later.1, Some(room.engine.now().plus(HOUR))).await.unwrap();
    let reported = room.engine.act(&room.actor, ActionKind::ReportSpam, &[id], None).await.unwrap();
    assert_eq!(reported.changed, [id, later.0]);
    let failed = room.email(later.0).await.listed.email;
    assert_eq!((failed.status, failed.failure_reason), (Status::Failed, Some(FailureReason::Complained)));
    room.engine.undo(&room.actor, reported.id.unwrap()).await.unwrap();
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    assert_eq!(room.email(later.0).await.listed.email.status, Status::Scheduled);
    assert!(room.engine.stops(&room.actor, None, None, 10).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn whose_report_cannot_be_taken_back_gets_nothing_more(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send(MARTA).await;
    room.deliver().await;
    let reported = room.engine.act(&room.actor, ActionKind::ReportSpam, &[id], None).await.unwrap();
    room.engine.act(&room.actor, ActionKind::Delete, &[id], None).await.unwrap();
    let undone = room.engine.undo(&room.actor, reported.id.unwrap()).await.unwrap();
    assert_eq!((undone.restored.len(), undone.skipped.len()), (0, 1), "it was changed since");
    assert_eq!(room.engine.stops(&room.actor, None, None, 10).await.unwrap().len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_wider_wish_ends_together_with_the_narrower_one_before_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let person = room.person(MARTA).await;
    unsubscribe(&room, person).await;
    let wide = room.engine.stops(&room.actor, None, None, 10).await.unwrap().remove(0).stop;
    let narrow = Stop {
        id: StopId(uuid::Uuid::from_u128(77)),
        scope: Scope::Sender(room.actor.user),
        source: Source::Link,
        by_user: None,
        ..wide.clone()
    };
    let bounced = Stop { id: StopId(uuid::Uuid::from_u128(78)), cause: Cause::HardBounce, ..wide.clone() };
    let mut tx = room.engine.db().begin().await.unwrap();
    for stop in [&narrow, &bounced] {
        assert!(store::stops::insert(&mut tx, room.actor.workspace, stop).await.unwrap());
    }
    tx.commit().await.unwrap();

    room.engine.resume(&room.actor, wide.id, ResumeReason::TheyAsked, "").await.unwrap();
    let told = room.engine.stops_of_person(&room.actor, person).await.unwrap();
    let holding: Vec<_> = told.holding.iter().map(|held| held.stop.id).collect();
    assert_eq!(holding, [bounced.id], "what the address did is another matter");
    let resumed: Vec<_> = told.history.iter().filter(|it| it.change.change == Change::Resumed).collect();
    assert!(resumed.len() == 2 && resumed.iter().all(|it| it.change.resume_reason == Some(ResumeReason::TheyAsked)));
}

#[rstest]
#[tokio::test]
async fn a_full_mailbox_stops_nothing(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let id = room.send("full.suzuki@minato.example").await;
    room.deliver().await;
    let person = room.email(id).await.listed.email.person_id.unwrap();
    assert!(room.engine.stops_of_person(&room.actor, person).await.unwrap().holding.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_non_commercial_email_reaches_who_unsubscribed_and_says_so_before(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let person = room.person(MARTA).await;
    let queued = draft_to(&room, person, true).await.listed.email;
    let at = room.engine.now().plus(MINUTE);
    room.engine.send(&room.actor, queued.id, queued.version, Some(at)).await.unwrap();
    assert_eq!(unsubscribe(&room, person).await.changed, [], "what is non-commercial waits on");
    let draft = draft_to(&room, person, true).await;
    assert_eq!(draft.checks[0].code, CheckCode::ReachesUnsubscribed);
    let email = draft.listed.email;
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(MINUTE + SECOND);
    room.deliver().await;
    assert_eq!(room.world.inbox(MARTA).len(), 2);
}

#[rstest]
#[tokio::test]
async fn a_consent_that_cannot_be_shown_is_none(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let person = room.person(MARTA).await;
    unsubscribe(&room, person).await;
    let held = room.engine.stops(&room.actor, Some("MARTA"), None, 10).await.unwrap().remove(0).stop;
    let without = room.engine.resume(&room.actor, held.id, ResumeReason::Consented, " ").await;
    assert!(matches!(without, Err(Error::Invalid(_))), "{without:?}");
    let note = "form of 3 May,\r\nsigned\0";
    room.engine.resume(&room.actor, held.id, ResumeReason::Consented, note).await.unwrap();
    let history = room.engine.stops_of_person(&room.actor, person).await.unwrap().history;
    assert_eq!(history[0].change.note.as_deref(), Some("form of 3 May,\nsigned"));
    assert!(room.engine.stops(&room.actor, None, None, 10).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn who_is_stopped_in_one_spelling_of_their_domain_is_stopped_in_the_other(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    const LETTERS: &str = "accept.anna@bücher.example";
    const PUNYCODE: &str = "accept.Anna@XN--bcher-kva.example";
    let room = Mailroom::open(backend).await;
    let person = room.draft(PUNYCODE).await.listed.email.person_id.unwrap();
    let twin = NewPerson { address: LETTERS.into(), ..NewPerson::default() };
    let taken = room.engine.create_person(&room.actor, twin).await;
    assert!(matches!(taken, Err(Error::AddressTaken { person: Some(known) }) if known == person), "{taken:?}");

    // Who is in To and in Cc gets one.
    let copy = |address: &str| Some(vec![Copy { name: String::new(), address: address.into() }]);
    let draft = draft_to(&room, person, false).await.listed.email;
    let change = DraftChange { cc: copy(LETTERS), ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap().listed.email;
    room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    assert_eq!(room.email(draft.id).await.recipients.len(), 1);
    assert_eq!(room.world.inbox("accept.Anna@xn--bcher-kva.example").len(), 1);

    unsubscribe(&room, person).await;
    let draft = room.draft(MARTA).await.listed.email;
    let change = DraftChange { cc: copy(LETTERS), ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap();
    let left_out: Vec<_> = draft.checks.iter().map(|it| (it.code, it.param.as_deref())).collect();
    assert_eq!(left_out, [(CheckCode::CopyLeftOut, Some(LETTERS))]);
}

#[rstest]
#[tokio::test]
async fn a_hard_bounce_of_one_spelling_stops_mail_to_the_other(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("nobody.anna@xn--bcher-kva.example").await;
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Bounced);
    let draft = room.draft(MARTA).await.listed.email;
    let cc = vec![Copy { name: String::new(), address: "nobody.anna@bücher.example".into() }];
    let change = DraftChange { cc: Some(cc), ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, draft.id, draft.version, change).await.unwrap();
    assert_eq!(draft.checks.iter().map(|it| it.code).collect::<Vec<_>>(), [CheckCode::CopyLeftOut]);
    let listed = room.engine.stops_of_person(&room.actor, draft_person(&room, id).await).await.unwrap().holding;
    assert_eq!(listed[0].stop.address, "nobody.anna@bücher.example");
}

async fn draft_person(room: &Mailroom, id: domain::EmailId) -> PersonId {
    room.email(id).await.listed.email.person_id.unwrap()
}
