//! From Send to a folder, over real SMTP to simulated recipients.

use domain::{
    NodeId, Status,
    events::EventKind,
    ledger::Outcome,
    limits::Limits,
    reasons::{FailureReason, WaitReason},
    time::{DAY, HOUR, MINUTE, SECOND},
};
use engine::{
    emails::{ActionKind, DraftChange, EmailDetails, Settlement, SkipReason, Upload},
    identities::IdentityChange,
};
use rstest::rstest;
use store::bodies::Copy;
use uuid::Uuid;

use crate::{
    mailroom::{Mailroom, channel_to},
    support::Backend,
};

fn kinds(details: &EmailDetails) -> Vec<EventKind> {
    details.events.iter().rev().map(|event| event.kind).collect()
}

#[rstest]
#[tokio::test]
async fn an_email_is_written_sent_and_delivered(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    let details = room.email(id).await;
    assert_eq!(details.listed.email.status, Status::Delivered);
    assert_eq!(kinds(&details), [EventKind::Created, EventKind::Queued, EventKind::Attempted, EventKind::Accepted]);
    let reply = details.events[0].evidence.reply.as_ref().unwrap();
    assert_eq!(reply.code, 250);

    let inbox = room.world.inbox("accept.marta@brisamar.example");
    assert_eq!(inbox.len(), 1);
    let raw = String::from_utf8_lossy(&inbox[0].raw);
    assert!(raw.contains("Subject: Hello Marta"), "{raw}");
    assert!(inbox[0].message_id.as_ref().unwrap().starts_with(&id.0.simple().to_string()));

    let message = room.engine.message_as_sent(&room.actor, id).await.unwrap();
    assert!(message.html.contains("https://northlight.example/plan"), "shown with its own link: {}", message.html);
    assert!(message.html.contains("Elena · Northlight"));
    assert!(message.text.contains("Hi Marta"));
}

#[rstest]
#[tokio::test]
async fn large_files_leave_one_after_the_other_though_not_all_of_them_fit_into_memory_at_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let people: Vec<String> = (0..8).map(|number| format!("accept.p{number}@brisamar.example")).collect();
    for person in &people {
        let draft = room.draft(person).await.listed.email;
        let upload = Upload {
            name: "plan.pdf".into(),
            content_type: "application/pdf".into(),
            content: vec![b'x'; 9 << 20],
            inline: false,
        };
        room.engine.attach(&room.actor, draft.id, upload).await.unwrap();
        room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    }
    room.clock.advance(11 * SECOND);
    room.deliver().await;
    for person in &people {
        let inbox = room.world.inbox(person);
        assert_eq!(inbox.len(), 1, "{person}");
        assert!(inbox[0].raw.len() > 9 << 20);
    }
}

#[rstest]
#[tokio::test]
async fn nothing_leaves_before_the_undo_window_has_passed_and_undo_brings_the_draft_back(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft("accept.marta@brisamar.example").await;
    let email = &draft.listed.email;
    let (queued, action) = room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    assert_eq!(queued.email.wait_reason, Some(WaitReason::UndoWindow));
    room.deliver().await;
    assert!(room.world.inbox("accept.marta@brisamar.example").is_empty());
    let undone = room.engine.undo(&room.actor, action.id.unwrap()).await.unwrap();
    assert_eq!(undone.restored, [email.id]);
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert_eq!(room.email(email.id).await.listed.email.status, Status::Draft);
    assert!(room.world.inbox("accept.marta@brisamar.example").is_empty());
}

#[rstest]
#[tokio::test]
async fn it_is_too_late_to_undo_what_has_left(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft("accept.marta@brisamar.example").await;
    let email = &draft.listed.email;
    let (_, action) = room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(11 * SECOND);
    room.deliver().await;
    assert!(matches!(
        room.engine.undo(&room.actor, action.id.unwrap()).await,
        Err(engine::Error::Conflict("too_late"))
    ));
}

#[rstest]
#[case("nobody.kovacs@duna.example", Status::Bounced, FailureReason::NoSuchMailbox)]
#[case("full.suzuki@minato.example", Status::Bounced, FailureReason::MailboxFull)]
#[case("spamfilter.rahman@delta.example", Status::Bounced, FailureReason::RefusedAsSpam)]
#[tokio::test]
async fn a_refusal_is_filed_with_its_reason_and_the_servers_words(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] address: &str,
    #[case] status: Status,
    #[case] reason: FailureReason,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send(address).await;
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (status, Some(reason)));
    assert!(email.failure_text.is_some() && email.failed_at.is_some());
    assert!(!room.email(id).await.events[0].evidence.transcript.is_empty(), "the conversation is the evidence");
}

#[rstest]
#[tokio::test]
async fn a_greylisted_email_waits_as_its_server_asked_and_is_delivered_once(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("grey.wojcik@baltyk.example").await;
    room.deliver().await;
    let waiting = room.email(id).await.listed.email;
    assert_eq!((waiting.status, waiting.wait_reason), (Status::Scheduled, Some(WaitReason::ServerAsked)));
    assert!(waiting.wait_text.is_some());
    room.clock.move_to(waiting.next_at.unwrap().plus(SECOND));
    room.deliver().await;
    room.deliver().await;
    let mut email = room.email(id).await.listed.email;
    if email.status == Status::Scheduled {
        room.clock.advance(HOUR);
        room.deliver().await;
        email = room.email(id).await.listed.email;
    }
    assert_eq!(email.status, Status::Delivered);
    assert_eq!(room.world.inbox("grey.wojcik@baltyk.example").len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_connection_lost_after_the_final_dot_is_uncertain_and_the_user_settles_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("drop-answer.nobody@knows.example").await;
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.uncertain), (Status::InProgress, true));
    assert_eq!(room.engine.count_emails(&room.actor).await.unwrap().uncertain, 1);
    room.clock.advance(DAY);
    room.deliver().await;
    assert_eq!(room.world.inbox("drop-answer.nobody@knows.example").len(), 1, "never sent again blindly");
    room.engine.settle_uncertain(&room.actor, id, Settlement::Arrived).await.unwrap();
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
}

#[rstest]
#[case("drop-mail.a@b.example")]
#[case("drop-rcpt.a@b.example")]
#[case("drop-data.a@b.example")]
#[tokio::test]
async fn a_connection_lost_before_the_final_dot_is_tried_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] address: &str,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send(address).await;
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.wait_reason), (Status::Scheduled, Some(WaitReason::Unreachable)));
    assert!(!email.uncertain);
}

#[rstest]
#[tokio::test]
async fn after_two_days_of_refusals_we_give_up_and_say_so(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("busy.forever@slow.example").await;
    for _ in 0..200 {
        room.deliver().await;
        room.clock.advance(30 * MINUTE);
    }
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (Status::Failed, Some(FailureReason::GaveUp)));
    assert!(email.attempts > 5);
}

#[rstest]
#[tokio::test]
async fn copies_have_their_own_transactions_and_a_blind_copy_stays_blind(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft("accept.marta@brisamar.example").await;
    let email = &draft.listed.email;
    let copy = |address: &str| Copy { name: String::new(), address: address.into() };
    let change = DraftChange {
        cc: Some(vec![copy("accept.cc@brisamar.example"), copy("nobody.cc@brisamar.example")]),
        bcc: Some(vec![copy("accept.boss@northlight.example")]),
        ..DraftChange::default()
    };
    let draft = room.engine.edit_draft(&room.actor, email.id, email.version, change).await.unwrap();
    let email = &draft.listed.email;
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    let details = room.email(email.id).await;
    assert_eq!(details.listed.email.status, Status::Delivered);
    let outcomes: Vec<_> = details.recipients.iter().map(|it| it.outcome).collect();
    assert_eq!(outcomes, [Outcome::Accepted, Outcome::Accepted, Outcome::Refused, Outcome::Accepted]);
    assert!(kinds(&details).contains(&EventKind::CopyRefused));
    for address in ["accept.marta@brisamar.example", "accept.cc@brisamar.example", "accept.boss@northlight.example"] {
        let inbox = room.world.inbox(address);
        assert_eq!(inbox.len(), 1, "{address}");
        assert!(!String::from_utf8_lossy(&inbox[0].raw).contains("accept.boss"), "{address} sees the blind copy");
    }
}

#[rstest]
#[tokio::test]
async fn mail_beyond_a_limit_waits_and_says_until_when(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let limits = Limits { per_minute: Some(2), ..Limits::default() };
    let room = Mailroom::with_limits(backend, limits).await;
    room.clock.advance(MINUTE);
    let mut ids = Vec::new();
    for n in 0..5 {
        let draft = room.draft(&format!("accept.n{n}@brisamar.example")).await;
        let email = &draft.listed.email;
        room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
        ids.push(email.id);
    }
    room.clock.advance(10 * SECOND);
    for expected in [2, 4, 5] {
        room.deliver().await;
        let delivered = room.engine.count_emails(&room.actor).await.unwrap().of(Status::Delivered);
        assert_eq!(delivered, expected);
        room.clock.advance(30 * SECOND);
        room.deliver().await;
        assert_eq!(room.engine.count_emails(&room.actor).await.unwrap().of(Status::Delivered), expected);
        if expected < 5 {
            let waiting = room.email(ids[4]).await.listed;
            let wait = room.engine.wait(&waiting).await.unwrap().unwrap();
            assert_eq!(wait.reason, WaitReason::LimitPerMinute);
            room.clock.advance(30 * SECOND);
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_retry_goes_out_under_a_new_send_number(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let id = room.send("full.suzuki@minato.example").await;
    room.deliver().await;
    let result = room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    assert_eq!(result.changed, [id]);
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.send_number), (Status::Scheduled, 2));
    room.engine.undo(&room.actor, result.id.unwrap()).await.unwrap();
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.send_number), (Status::Bounced, 1));
    assert_eq!(email.failure_reason, Some(FailureReason::MailboxFull));
}

#[rstest]
#[tokio::test]
async fn what_was_accepted_and_then_called_spam_can_be_sent_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let address = "accept.marta@brisamar.example";
    let id = room.send(address).await;
    room.deliver().await;
    for kind in [ActionKind::ReportSpam, ActionKind::Retry] {
        assert_eq!(room.engine.act(&room.actor, kind, &[id], None).await.unwrap().changed, [id]);
        room.resume_all().await;
    }
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    let ids: Vec<_> = room.world.inbox(address).into_iter().map(|letter| letter.message_id.unwrap()).collect();
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1], "a mailbox would take the second for the first");
}

#[rstest]
#[tokio::test]
async fn a_channel_that_is_deleted_fails_what_waits_for_it_with_that_reason(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.marta@brisamar.example").await;
    room.engine.delete_channel(&room.actor, room.channel.channel.id).await.unwrap();
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.failure_reason), (Status::Failed, Some(FailureReason::ChannelGone)));

    let again = async || room.engine.act(&room.actor, ActionKind::Retry, &[id], None).await.unwrap();
    let refused = again().await;
    assert_eq!(
        (refused.changed, refused.skipped[0].reason),
        (vec![], SkipReason::Identity),
        "it could only fail again"
    );
    let channel = room.engine.create_channel(&room.actor, channel_to(&room.world, Limits::default())).await.unwrap();
    let identity = room.engine.identities(&room.actor).await.unwrap().remove(0).identity;
    let mended = IdentityChange { channel_id: Some(Some(channel.channel.id)), ..IdentityChange::default() };
    room.engine.change_identity(&room.actor, identity.id, identity.version, mended).await.unwrap();
    assert_eq!(again().await.changed, [id]);
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
}

#[rstest]
#[tokio::test]
async fn a_draft_with_a_field_that_has_no_value_is_not_sent_and_says_which(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let draft = room.draft("accept.marta@brisamar.example").await;
    let email = &draft.listed.email;
    let change = DraftChange { body_html: Some("<p>{{company}} {{nonsense}}</p>".into()), ..DraftChange::default() };
    let draft = room.engine.edit_draft(&room.actor, email.id, email.version, change).await.unwrap();
    let email = &draft.listed.email;
    let refused = room.engine.send(&room.actor, email.id, email.version, None).await;
    let Err(engine::Error::Blocked(checks)) = refused else { panic!("{refused:?}") };
    let params: Vec<_> = checks.iter().filter_map(|check| check.param.as_deref()).collect();
    assert_eq!(params, ["nonsense", "company"]);
}

#[rstest]
#[tokio::test]
async fn actions_on_many_say_what_they_skipped_and_undo_restores_each_row(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let delivered = room.send("accept.a@b.example").await;
    let bounced = room.send("nobody.a@b.example").await;
    room.deliver().await;
    let result = room.engine.act(&room.actor, ActionKind::Archive, &[delivered, bounced], None).await.unwrap();
    assert_eq!(result.changed, [delivered]);
    assert_eq!(result.skipped[0].id, bounced);
    assert_eq!(room.email(delivered).await.listed.email.status, Status::Archived);
    room.engine.undo(&room.actor, result.id.unwrap()).await.unwrap();
    assert_eq!(room.email(delivered).await.listed.email.status, Status::Delivered);
    let again = room.engine.undo(&room.actor, result.id.unwrap()).await;
    assert!(matches!(again, Err(engine::Error::Conflict("undone_already"))));

    let deleted = room.engine.act(&room.actor, ActionKind::Delete, &[bounced, delivered], None).await.unwrap();
    assert_eq!(deleted.changed, [bounced]);
    room.engine.undo(&room.actor, deleted.id.unwrap()).await.unwrap();
    assert_eq!(room.email(bounced).await.listed.email.status, Status::Bounced);
}

#[rstest]
#[tokio::test]
async fn a_follow_up_quotes_the_original_and_stays_in_its_thread(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let address = "accept.marta@brisamar.example";
    let id = room.send(address).await;
    room.deliver().await;
    let draft = room.engine.create_draft(&room.actor, Some(id), DraftChange::default()).await.unwrap();
    let email = &draft.listed.email;
    assert_eq!(email.subject, "Re: Hello Marta");
    assert!(draft.body.html.contains("<blockquote>"), "{}", draft.body.html);
    assert!(!draft.body.html.contains("/c/"), "tracked links are not quoted: {}", draft.body.html);
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    let inbox = room.world.inbox(address);
    let raw = String::from_utf8_lossy(&inbox[1].raw);
    let first = inbox[0].message_id.as_ref().unwrap();
    assert!(raw.contains(&format!("In-Reply-To: <{first}>")), "{raw}");
    assert!(raw.contains(&format!("References: <{first}>")));
}

/// Another node, that dies.
const OTHER: NodeId = NodeId(Uuid::from_u128(7));

/// Another node claims what is due and is never heard of again.
async fn claimed_by_a_node_that_dies(room: &Mailroom, attempting: bool) {
    claimed_by_another_node(room, attempting).await;
    room.clock.advance(2 * MINUTE);
}

async fn claimed_by_another_node(room: &Mailroom, attempting: bool) {
    let now = room.engine.now();
    let (workspace, node) = (room.actor.workspace, OTHER);
    let mut tx = room.engine.db().begin().await.unwrap();
    store::nodes::beat(&mut tx, node, now, now).await.unwrap();
    let lanes = store::emails::lanes(&mut tx, workspace).await.unwrap();
    let mut moves = store::folder_counts::Moves::default();
    let claimed = store::emails::claim(&mut tx, workspace, &lanes[0], node, now, 10, &mut moves).await.unwrap();
    moves.save(&mut tx, workspace).await.unwrap();
    for email in &claimed {
        for mut recipient in store::recipients::list(&mut tx, workspace, email.id).await.unwrap() {
            if attempting {
                recipient.outcome = Outcome::Attempting;
                store::recipients::update(&mut tx, workspace, &recipient).await.unwrap();
            }
        }
    }
    tx.commit().await.unwrap();
    assert_eq!(claimed.len(), 1);
    room.deliver().await;
    assert_eq!(room.email(claimed[0].id).await.listed.email.status, Status::InProgress, "it was seen just now");
}

#[rstest]
#[tokio::test]
async fn a_node_that_dies_before_the_first_byte_loses_nothing_and_repeats_nothing(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.marta@brisamar.example").await;
    claimed_by_a_node_that_dies(&room, false).await;
    room.deliver().await;
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    assert_eq!(room.world.inbox("accept.marta@brisamar.example").len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_node_that_dies_during_a_transaction_leaves_the_email_uncertain(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.marta@brisamar.example").await;
    claimed_by_a_node_that_dies(&room, true).await;
    room.deliver().await;
    room.clock.advance(DAY);
    room.deliver().await;
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.uncertain), (Status::InProgress, true));
    assert!(room.world.inbox("accept.marta@brisamar.example").is_empty(), "nobody sends it again unasked");
    room.engine.settle_uncertain(&room.actor, id, Settlement::SendAgain).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    assert_eq!(room.world.inbox("accept.marta@brisamar.example").len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_node_that_is_known_to_have_ended_is_not_waited_for(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("accept.marta@brisamar.example").await;
    claimed_by_another_node(&room, false).await;
    room.engine.nodes_ended(&[OTHER]).await.unwrap();
    room.deliver().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    assert_eq!(room.world.inbox("accept.marta@brisamar.example").len(), 1);
}
