//! Mailboxes against a real Dovecot: uncertain emails are settled by Sent, and copies are kept there once.

use domain::{
    EmailId, RecipientId, Status,
    authorization::Actor,
    channel::Security,
    events::EventKind,
    ledger::{Outcome, RecipientKind},
    time::{DAY, HOUR, MINUTE},
};
use engine::{
    Engine, Error, Keys, Random, Settings,
    accounts::audit::AuditAction,
    emails::{DraftChange, Recipient, Settlement},
    incoming::{Arrival, Source},
    mailboxes::{MailboxChange, MailboxInput, MailboxStep},
};
use rstest::rstest;
use store::{bodies::Copy, mailboxes::Mailbox};
use testbed::dovecot::{Dovecot, Folder, Options};

use crate::{
    incoming::reply,
    mailroom::Mailroom,
    support::{Backend, World},
};

const PASSWORD: &str = "open sesame 7";

pub(crate) fn mailbox_on(dovecot: &Dovecot) -> MailboxInput {
    MailboxInput {
        name: "Work".into(),
        host: dovecot.addr().ip().to_string(),
        port: dovecot.addr().port().into(),
        security: Security::None,
        username: "elena".into(),
        password: Some(PASSWORD.into()),
        sent_folder: None,
        append_sent: false,
        reads: true,
        read_folders: Vec::new(),
    }
}

fn sent(dovecot: &Dovecot) -> Folder {
    dovecot.folder("elena", "Sent")
}

/// A room whose identity keeps its sent mail on `dovecot`.
async fn room(backend: Backend, dovecot: &Dovecot, append_sent: bool) -> Mailroom {
    let room = Mailroom::open(backend).await;
    let input = MailboxInput { append_sent, ..mailbox_on(dovecot) };
    room.engine.create_mailbox(&room.actor, input).await.unwrap();
    room
}

impl Mailroom {
    /// An email that nobody knows the fate of.
    async fn lose(&self) -> EmailId {
        let id = self.send("drop-answer.nobody@knows.example").await;
        self.deliver().await;
        let email = self.email(id).await.listed.email;
        assert_eq!((email.status, email.uncertain), (Status::InProgress, true));
        id
    }

    async fn visit(&self) -> Mailbox {
        self.engine.visit_mailboxes().await.unwrap();
        self.engine.mailboxes(&self.actor).await.unwrap().remove(0).mailbox
    }
}

#[rstest]
#[tokio::test]
async fn an_uncertain_email_that_is_in_sent_arrived(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let id = room.lose().await;
    sent(&dovecot).deliver(&room.world.inbox("drop-answer.nobody@knows.example")[0].raw);
    let mailbox = room.visit().await;
    assert_eq!((mailbox.problem, mailbox.last_checked_at), (None, Some(room.engine.now())));
    let details = room.email(id).await;
    assert_eq!((details.listed.email.status, details.listed.email.uncertain), (Status::Delivered, false));
    let told = &details.events[0];
    assert_eq!(told.kind, EventKind::Accepted);
    assert_eq!((told.evidence.mailbox.as_deref(), told.evidence.found_in.as_deref()), (Some("Work"), Some("Sent")));
    assert_eq!(details.recipients[0].outcome, Outcome::Accepted);
    assert_eq!(sent(&dovecot).flags(), [""], "nothing was changed by looking");
    assert_eq!(room.engine.count_emails(&room.actor).await.unwrap().uncertain, 0);
}

#[rstest]
#[tokio::test]
async fn a_provider_that_gives_its_own_message_id_is_known_by_our_mark(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let id = room.lose().await;
    let raw = String::from_utf8(room.world.inbox("drop-answer.nobody@knows.example")[0].raw.to_vec()).unwrap();
    sent(&dovecot).deliver(raw.replace("Message-ID:", "X-Former-Message-ID:").as_bytes());
    room.visit().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
}

#[rstest]
#[tokio::test]
async fn an_answer_to_the_id_under_which_an_uncertain_email_was_found_is_one_to_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let id = room.lose().await;
    let raw = String::from_utf8(room.world.inbox("drop-answer.nobody@knows.example")[0].raw.to_vec()).unwrap();
    let renamed = raw.replace("Message-ID:", "Message-ID: <AM0PR1@outlook.example>\r\nX-Former-Message-ID:");
    sent(&dovecot).deliver(renamed.as_bytes());
    let mailbox = room.visit().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    let arrival = Arrival {
        workspace: room.actor.workspace,
        source: Source::Mailbox(mailbox.id),
        at: room.engine.now(),
        raw: reply("somebody.else@knows.example", "AM0PR1@outlook.example", "Gladly.").into_bytes(),
        return_path: None,
    };
    assert_eq!(room.engine.receive(arrival).await.unwrap().email, Some(id));
}

#[rstest]
#[tokio::test]
async fn absence_proves_nothing_and_it_is_looked_for_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let id = room.lose().await;
    let before = room.engine.uncertainty(&room.actor, id).await.unwrap().search.unwrap();
    assert_eq!((before.mailbox.as_str(), before.looked_at), ("Work", None));
    sent(&dovecot).deliver(b"Message-ID: <somebody@else.example>\r\n\r\nHello\r\n");

    let mut pauses = Vec::new();
    for _ in 0..3 {
        room.visit().await;
        room.visit().await;
        let search = room.engine.uncertainty(&room.actor, id).await.unwrap().search.unwrap();
        assert_eq!((search.looked_at, search.folder.as_deref()), (Some(room.engine.now()), Some("Sent")));
        let next = search.next_at.unwrap();
        pauses.push(next.since(room.engine.now()) / MINUTE);
        room.clock.move_to(next);
    }
    assert_eq!(pauses, [1, 5, 15]);
    let email = room.email(id).await.listed.email;
    assert_eq!((email.status, email.uncertain), (Status::InProgress, true));
    assert_eq!(room.world.inbox("drop-answer.nobody@knows.example").len(), 1, "never sent again blindly");

    room.clock.advance(8 * DAY);
    room.visit().await;
    assert_eq!(room.engine.uncertainty(&room.actor, id).await.unwrap().search.unwrap().next_at, None);
    sent(&dovecot).deliver(&room.world.inbox("drop-answer.nobody@knows.example")[0].raw);
    room.visit().await;
    assert!(room.email(id).await.listed.email.uncertain, "after a week it is the user's to say");
    room.engine.settle_uncertain(&room.actor, id, Settlement::Arrived).await.unwrap();
    assert!(matches!(room.engine.uncertainty(&room.actor, id).await, Err(Error::Conflict("not_uncertain"))));
}

#[rstest]
#[tokio::test]
async fn the_copy_of_an_earlier_sending_proves_nothing_about_this_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let id = room.lose().await;
    room.engine.settle_uncertain(&room.actor, id, Settlement::SendAgain).await.unwrap();
    room.clock.advance(MINUTE);
    room.deliver().await;
    let inbox = room.world.inbox("drop-answer.nobody@knows.example");
    assert_eq!(inbox.len(), 2);
    sent(&dovecot).deliver(&inbox[0].raw);
    room.visit().await;
    assert!(room.email(id).await.listed.email.uncertain);
    room.clock.advance(MINUTE);
    sent(&dovecot).deliver(&inbox[1].raw);
    room.visit().await;
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
}

#[rstest]
#[tokio::test]
async fn copies_that_waited_for_the_answer_go_out_when_it_arrived(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let person = room.person("drop-answer.nobody@knows.example").await;
    let change = DraftChange {
        person_id: Some(Some(person)),
        subject: Some("Hello".into()),
        body_html: Some("<p>Hello</p>".into()),
        cc: Some(vec![Copy { name: "Ana".into(), address: "accept.ana@brisamar.example".into() }]),
        ..DraftChange::default()
    };
    let draft = room.engine.create_draft(&room.actor, None, change).await.unwrap().listed.email;
    room.engine.send(&room.actor, draft.id, draft.version, None).await.unwrap();
    room.clock.advance(MINUTE);
    room.deliver().await;
    assert!(room.email(draft.id).await.listed.email.uncertain);
    sent(&dovecot).deliver(&room.world.inbox("drop-answer.nobody@knows.example")[0].raw);
    room.visit().await;
    room.deliver().await;
    let details = room.email(draft.id).await;
    assert_eq!(details.listed.email.status, Status::Delivered);
    assert!(details.recipients.iter().all(|recipient| recipient.outcome == Outcome::Accepted));
    let inbox = |address: &str| room.world.inbox(address).len();
    assert_eq!((inbox("accept.ana@brisamar.example"), inbox("drop-answer.nobody@knows.example")), (1, 1));
}

#[rstest]
#[tokio::test]
async fn where_a_copy_left_under_the_same_id_sent_cannot_tell(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let id = room.lose().await;
    // As when the To was asked to wait at first, and the copy was taken meanwhile.
    let to = room.email(id).await.recipients.remove(0);
    let copy = Recipient {
        id: RecipientId(uuid::Uuid::from_u128(7)),
        kind: RecipientKind::Cc,
        address: "accept.ana@brisamar.example".into(),
        outcome: Outcome::Accepted,
        ..to
    };
    let mut tx = room.engine.db().begin().await.unwrap();
    store::recipients::insert(&mut tx, room.actor.workspace, &copy).await.unwrap();
    tx.commit().await.unwrap();
    sent(&dovecot).deliver(&room.world.inbox("drop-answer.nobody@knows.example")[0].raw);
    room.visit().await;
    assert!(room.email(id).await.listed.email.uncertain);
    let search = room.engine.uncertainty(&room.actor, id).await.unwrap().search.unwrap();
    assert_eq!((search.cannot_tell, search.looked_at, search.next_at), (true, None, None));
}

#[rstest]
#[tokio::test]
async fn a_wrong_password_is_shown_on_the_mailbox_and_touches_no_email(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, true).await;
    let lost = room.lose().await;
    let delivered = room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    let mailbox = room.engine.mailboxes(&room.actor).await.unwrap().remove(0).mailbox;
    let change = MailboxChange { password: Some("wrong".into()), ..MailboxChange::default() };
    room.engine.change_mailbox(&room.actor, mailbox.id, mailbox.version, change).await.unwrap();
    let mailbox = room.visit().await;
    assert_eq!((mailbox.problem.as_deref(), mailbox.last_checked_at), (Some("credentials_refused"), None));
    assert!(mailbox.problem_text.unwrap().contains("AUTHENTICATIONFAILED") || mailbox.visit_after.is_some());
    assert!(room.email(lost).await.listed.email.uncertain);
    assert_eq!(room.email(delivered).await.listed.email.status, Status::Delivered);
    let search = room.engine.uncertainty(&room.actor, lost).await.unwrap().search.unwrap();
    assert_eq!(search.trouble.unwrap().code, "credentials_refused");

    room.clock.advance(5 * HOUR);
    let change = MailboxChange { password: Some(PASSWORD.into()), ..MailboxChange::default() };
    room.engine.change_mailbox(&room.actor, mailbox.id, mailbox.version, change).await.unwrap();
    let mailbox = room.visit().await;
    assert_eq!((mailbox.problem, mailbox.visit_after), (None, None));
    assert_eq!(sent(&dovecot).messages().len(), 1, "the copy that was missing");
}

#[rstest]
#[tokio::test]
async fn a_copy_without_tracking_is_put_into_sent_once_even_after_a_restart(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, true).await;
    let id = room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    room.visit().await;
    room.visit().await;
    let copies = sent(&dovecot).messages();
    assert_eq!((copies.len(), sent(&dovecot).flags()), (1, vec!["S".to_owned()]));
    let copy = String::from_utf8(copies[0].clone()).unwrap().replace("=\n", "").replace("=3D", "=");
    assert!(copy.contains(&format!("X-Quarterdeck-Email: {}.1", id.0.simple())), "{copy}");
    assert!(
        copy.contains("https://northlight.example/plan") && !copy.contains("/o/") && !copy.contains("/c/"),
        "{copy}"
    );

    let again = restarted(&room);
    again.visit_mailboxes().await.unwrap();
    assert_eq!(sent(&dovecot).messages().len(), 1);
}

#[rstest]
#[tokio::test]
async fn a_copy_that_is_there_is_not_put_there_again(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, true).await;
    room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    // As after a crash between the server's answer and our note, or at a provider that keeps copies after all.
    sent(&dovecot).deliver(&room.world.inbox("accept.marta@brisamar.example")[0].raw);
    let mailbox = room.visit().await;
    assert_eq!((mailbox.problem, sent(&dovecot).messages().len()), (None, 1));
}

#[rstest]
#[tokio::test]
async fn two_nodes_at_one_mailbox_keep_one_copy(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, true).await;
    for n in 0..5 {
        room.send(&format!("accept.marta{n}@brisamar.example")).await;
    }
    room.deliver().await;
    let other = restarted(&room);
    let (one, two) = tokio::join!(room.engine.visit_mailboxes(), other.visit_mailboxes());
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(sent(&dovecot).messages().len(), 5);
}

#[rstest]
#[tokio::test]
async fn a_folder_that_is_missing_is_shown_on_the_mailbox_and_no_email_fails(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot =
        Dovecot::start_with(&Options { sent_folder: "Outgoing".into(), marks_sent: false, ..Options::default() });
    let room = room(backend, &dovecot, true).await;
    let id = room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    let mailbox = room.visit().await;
    assert_eq!(mailbox.problem.as_deref(), Some("no_sent_folder"));
    assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    let change = MailboxChange { sent_folder: Some(Some("Outgoing".into())), ..MailboxChange::default() };
    room.engine.change_mailbox(&room.actor, mailbox.id, mailbox.version, change).await.unwrap();
    assert_eq!(room.visit().await.problem, None);
    assert_eq!(dovecot.folder("elena", "Outgoing").messages().len(), 1);
}

/// Another program on the same database, with the same keys.
fn restarted(room: &Mailroom) -> Engine {
    let keys = Keys::generate(&Random::new([1; 32]));
    let settings = room.engine.settings().clone();
    Engine::new(room.engine.db().clone(), room.clock.clone(), Random::new([2; 32]), keys, settings)
}

#[rstest]
#[tokio::test]
async fn a_mailbox_is_its_owners_and_nobody_elses(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let (world, dovecot) = (World::new(backend).await, Dovecot::start());
    let engine = &world.engine;
    let made = engine.create_mailbox(&world.member, mailbox_on(&dovecot)).await.unwrap().mailbox;
    for other in [&world.admin, &world.manager, &world.stranger] {
        assert!(engine.mailboxes(other).await.unwrap().is_empty());
        assert!(matches!(engine.mailbox(other, made.id).await, Err(Error::NotFound)));
        let change = MailboxChange::default();
        assert!(matches!(engine.change_mailbox(other, made.id, 1, change).await, Err(Error::NotFound)));
        assert!(matches!(engine.delete_mailbox(other, made.id).await, Err(Error::NotFound)));
        assert!(matches!(engine.test_mailbox(other, made.id).await, Err(Error::NotFound)));
    }
    let viewing = Actor { view_as: Some(world.member.user), ..world.manager.clone() };
    assert_eq!(engine.mailboxes(&viewing).await.unwrap().len(), 1);
    assert!(matches!(engine.delete_mailbox(&viewing, made.id).await, Err(Error::Denied(_))));
    assert!(matches!(engine.create_mailbox(&viewing, mailbox_on(&dovecot)).await, Err(Error::Denied(_))));

    engine.delete_mailbox(&world.member, made.id).await.unwrap();
    assert!(matches!(engine.mailbox(&world.member, made.id).await, Err(Error::NotFound)));
    let audit = engine.audit(&world.admin, None, 9).await.unwrap();
    let actions: Vec<AuditAction> = audit.iter().map(|entry| entry.action).take(2).collect();
    assert_eq!(actions, [AuditAction::MailboxDeleted, AuditAction::MailboxCreated]);
    assert!(!format!("{audit:?}").contains("sesame"));
}

#[rstest]
#[tokio::test]
async fn a_mailbox_and_its_password_go_with_their_owner(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let (world, dovecot) = (World::new(backend).await, Dovecot::start());
    let engine = &world.engine;
    let made = engine.create_mailbox(&world.member, mailbox_on(&dovecot)).await.unwrap().mailbox;
    engine.deactivate(&world.admin, world.member.user, world.manager.user).await.unwrap();
    let mut tx = engine.db().read().await.unwrap();
    let gone = store::mailboxes::find(&mut tx, made.workspace_id, made.id).await.unwrap();
    assert_eq!((gone.deleted_at, gone.secret), (Some(engine.now()), None));
    drop(tx);
    assert!(engine.mailboxes(&world.manager).await.unwrap().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_test_shows_the_step_that_failed_and_clears_a_problem_that_is_gone(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let dovecot = Dovecot::start();
    let room = room(backend, &dovecot, false).await;
    let wrong = MailboxInput { password: Some("wrong".into()), ..mailbox_on(&dovecot) };
    let tried = room.engine.test_described_mailbox(&room.actor, wrong).await.unwrap();
    let last = tried.steps.last().unwrap();
    assert_eq!((last.step, last.problem.as_ref().unwrap().code), (MailboxStep::Login, "credentials_refused"));
    let mailbox = room.engine.mailboxes(&room.actor).await.unwrap().remove(0).mailbox;
    let tried = room.engine.test_mailbox(&room.actor, mailbox.id).await.unwrap();
    assert!(tried.is_ok(), "{tried:?}");
    let mailbox = room.engine.mailbox(&room.actor, mailbox.id).await.unwrap().mailbox;
    assert_eq!((mailbox.problem, mailbox.last_checked_at), (None, Some(room.engine.now())));

    let same = MailboxChange { name: Some("Elsewhere".into()), ..MailboxChange::default() };
    let tried = room.engine.test_changed_mailbox(&room.actor, mailbox.id, same).await.unwrap();
    assert!(tried.is_ok(), "with the kept password: {tried:?}");
    let other = MailboxChange { password: Some("wrong".into()), ..MailboxChange::default() };
    let tried = room.engine.test_changed_mailbox(&room.actor, mailbox.id, other).await.unwrap();
    assert_eq!(tried.steps.last().unwrap().problem.as_ref().unwrap().code, "credentials_refused");
    let after = room.engine.mailbox(&room.actor, mailbox.id).await.unwrap().mailbox;
    assert_eq!(
        (&after.name, after.problem, after.version),
        (&mailbox.name, None, mailbox.version),
        "nothing is kept of it"
    );

    let moved = MailboxChange { host: Some("localhost".into()), ..MailboxChange::default() };
    let refused = room.engine.test_changed_mailbox(&room.actor, mailbox.id, moved.clone()).await;
    assert!(matches!(refused, Err(Error::Invalid(faults)) if faults[0].field == "password"));
    let refused = room.engine.change_mailbox(&room.actor, mailbox.id, mailbox.version, moved).await;
    assert!(
        matches!(refused, Err(Error::Invalid(faults)) if faults[0].field == "password"),
        "it was given to another host"
    );
}

#[tokio::test]
async fn a_private_host_is_refused_unless_the_administrator_allowed_it() {
    let room = Mailroom::open(Backend::Sqlite).await;
    let settings = Settings { allow_private_hosts: false, ..room.engine.settings().clone() };
    let keys = Keys::generate(&Random::new([1; 32]));
    let strict = Engine::new(room.engine.db().clone(), room.clock.clone(), Random::new([2; 32]), keys, settings);
    let dovecot = Dovecot::start();
    let refused = strict.create_mailbox(&room.actor, mailbox_on(&dovecot)).await;
    assert!(matches!(refused, Err(Error::Invalid(faults)) if faults[0].field == "host"));

    // Saved when it was allowed: what protects is the check at each connection.
    room.engine.create_mailbox(&room.actor, mailbox_on(&dovecot)).await.unwrap();
    room.lose().await;
    strict.visit_mailboxes().await.unwrap();
    let mailbox = strict.mailboxes(&room.actor).await.unwrap().remove(0).mailbox;
    assert_eq!(mailbox.problem.as_deref(), Some("forbidden_address"));
}
