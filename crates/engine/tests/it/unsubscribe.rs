//! The unsubscribe link, from the words in an email to the recipient's page and back.

use domain::{
    EmailId, PersonId, Status, StopId,
    checks::CheckCode,
    events::EventKind,
    feed::FeedKind,
    reasons::FailureReason,
    stops::{Cause, Motive, Scope, Source, Wording},
    time::{DAY, HOUR, SECOND},
};
use engine::{
    Error,
    emails::{ActionKind, DraftChange},
    feed::FeedQuery,
    live::Topic,
    people::NewPerson,
    unsubscribe::{MessageChange, State, Wish},
};
use rstest::rstest;
use store::{bodies::Copy, stops::Stop};
use uuid::Uuid;

use crate::{
    mailroom::Mailroom,
    support::{Backend, START, World},
};

const MARTA: &str = "accept.marta@brisamar.example";

async fn append(room: &Mailroom) {
    let change = MessageChange { appended: Some(true), ..MessageChange::default() };
    room.engine.change_unsubscribe_message(&room.actor, 0, change).await.unwrap();
}

/// What arrived last, with soft line breaks of quoted-printable undone.
fn arrived(room: &Mailroom) -> String {
    arrived_at(room, MARTA)
}

fn arrived_at(room: &Mailroom, address: &str) -> String {
    let inbox = room.world.inbox(address);
    String::from_utf8_lossy(&inbox.last().unwrap().raw).replace("=\r\n", "").replace("=3D", "=")
}

fn token(message: &str) -> String {
    let rest = message.split_once("/u/").expect("a link").1;
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

/// Sends with the words appended; answers the email and the token in its link.
async fn sent(room: &Mailroom) -> (EmailId, String) {
    append(room).await;
    let id = room.send(MARTA).await;
    room.deliver().await;
    (id, token(&arrived(room)))
}

fn stop(person: PersonId, address: &str) -> Stop {
    Stop {
        id: StopId(Uuid::from_u128(5)),
        address: address.into(),
        person_id: Some(person),
        cause: Cause::Unsubscribed,
        scope: Scope::Workspace,
        source: Source::Link,
        motive: None,
        email_id: None,
        by_user: None,
        note: None,
        at: START,
    }
}

#[rstest]
#[tokio::test]
async fn mail_carries_no_link_until_an_administrator_wants_one(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    room.send(MARTA).await;
    room.deliver().await;
    let plain = arrived(&room);
    assert!(!plain.contains("/u/") && !plain.contains("List-Unsubscribe"), "{plain}");
}

#[rstest]
#[tokio::test]
async fn the_link_stands_in_both_parts_and_in_the_header_unfolded_and_untracked(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (_, token) = sent(&room).await;
    let message = arrived(&room);
    let link = format!("http://127.0.0.1:4080/u/{token}");
    assert!(message.lines().any(|line| line == format!("List-Unsubscribe: <{link}>")), "{message}");
    assert!(!message.contains("List-Unsubscribe-Post"), "one click wants https");
    assert!(message.contains(&format!("href=\"{link}\"")), "{message}");
    assert!(message.contains(&format!("here <{link}>")), "{message}");
    assert!(!message.contains("unsubscribe.invalid"));
    assert_eq!(message.matches("/c/").count(), 1, "the plan is tracked, leaving is not");
}

#[rstest]
#[tokio::test]
async fn the_field_puts_the_users_own_words_where_it_stands(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let change = MessageChange { appended: Some(true), wording: Some(Wording::Users), html: None };
    room.engine.change_unsubscribe_message(&room.actor, 0, change).await.unwrap();
    let own = "<p>Not for you, {{first_name}}? <a href=\"https://anything.example\">Tell me</a>.<script>x</script></p>";
    room.engine.change_own_unsubscribe_message(&room.actor, own).await.unwrap();
    let person = room.person(MARTA).await;
    let change = DraftChange {
        person_id: Some(Some(person)),
        subject: Some("Hello".into()),
        body_html: Some("<p>Hi</p><p>{{ team_unsubscribe }}</p><p>Bye</p>".into()),
        ..DraftChange::default()
    };
    let draft = room.engine.create_draft(&room.actor, None, change).await.unwrap();
    assert!(draft.checks.is_empty(), "{:?}", draft.checks);
    let email = draft.listed.email;
    let preview = room.engine.preview(&room.actor, email.id, None).await.unwrap();
    assert!(preview.html.contains("<p>Not for you, Marta? <a href=\"http://127.0.0.1:4080/u/preview\""), "{preview:?}");
    assert!(!preview.html.contains("script") && preview.html.matches("/u/").count() == 1);
    room.engine.send(&room.actor, email.id, email.version, None).await.unwrap();
    room.clock.advance(10 * SECOND);
    room.deliver().await;
    let message = arrived(&room);
    let (words, bye) = (message.find("Not for you, Marta?"), message.find("Bye"));
    assert!(words.is_some() && words < bye, "{message}");
    assert!(!message.contains("anything.example") && message.contains("List-Unsubscribe: "));
}

#[rstest]
#[tokio::test]
async fn looking_changes_nothing_and_a_wish_is_kept_with_its_reason(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, token) = sent(&room).await;
    for _ in 0..3 {
        let page = room.engine.landing(&token, Some("de-AT")).await.unwrap();
        assert_eq!((page.state, page.language.tag(), page.address.as_str()), (State::Subscribed, "de", MARTA));
    }
    let later = room.draft_again(MARTA).await;
    room.engine.send(&room.actor, later.0, later.1, Some(room.engine.now().plus(DAY))).await.unwrap();

    let wish = Wish { motive: Some(Motive::TooMany), note: Some("enough".into()), ..Wish::default() };
    for _ in 0..2 {
        room.engine.unsubscribe(&token, wish.clone()).await.unwrap();
    }
    let page = room.engine.landing(&token, None).await.unwrap();
    assert_eq!(page.state, State::Unsubscribed { from_everybody: true, may_undo: true });
    let details = room.email(id).await;
    assert_eq!(details.listed.email.status, Status::Delivered);
    let noted: Vec<_> = details.events.iter().filter(|it| it.kind == EventKind::Unsubscribed).collect();
    assert_eq!(noted.len(), 1, "doing it again changes nothing");
    assert_eq!(noted[0].evidence.unsubscribed_by, Some(Source::Link));
    let failed = room.email(later.0).await.listed.email;
    assert_eq!((failed.status, failed.failure_reason), (Status::Failed, Some(FailureReason::Unsubscribed)));
    let person = details.listed.email.person_id.unwrap();
    let stops = room.engine.stops_of_person(&room.actor, person).await.unwrap();
    assert_eq!(stops.holding[0].stop.motive, Some(Motive::TooMany));
    assert_eq!(stops.history[0].subject.as_deref(), Some("Hello Marta"));
}

/// How many unsubscribes the sender's feed shows.
async fn in_feed(room: &Mailroom) -> usize {
    let query = FeedQuery { kinds: vec![FeedKind::Unsubscribed], limit: 10, ..FeedQuery::default() };
    room.engine.live_feed(&room.actor, &query).await.unwrap().entries.len()
}

#[rstest]
#[tokio::test]
async fn a_recipient_takes_it_back_for_an_hour_and_only_what_they_did_with_this_link(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, token) = sent(&room).await;
    assert!(!room.engine.take_back_unsubscribe(&token).await.unwrap());
    room.engine.unsubscribe(&token, Wish { only_sender: true, ..Wish::default() }).await.unwrap();
    let page = room.engine.landing(&token, None).await.unwrap();
    assert_eq!(page.state, State::Unsubscribed { from_everybody: false, may_undo: true });
    assert_eq!(in_feed(&room).await, 1);
    assert!(room.engine.take_back_unsubscribe(&token).await.unwrap());
    assert_eq!(room.engine.landing(&token, None).await.unwrap().state, State::Subscribed);
    assert_eq!(in_feed(&room).await, 0);

    room.engine.unsubscribe(&token, Wish { one_click: true, ..Wish::default() }).await.unwrap();
    room.clock.advance(HOUR + SECOND);
    assert!(!room.engine.take_back_unsubscribe(&token).await.unwrap(), "the link is in other hands by now");
    let page = room.engine.landing(&token, None).await.unwrap();
    assert_eq!(page.state, State::Unsubscribed { from_everybody: true, may_undo: false });
    let person = room.email(id).await.listed.email.person_id.unwrap();
    let draft = DraftChange { person_id: Some(Some(person)), ..DraftChange::default() };
    let checks = room.engine.create_draft(&room.actor, None, draft).await.unwrap().checks;
    assert!(checks.iter().any(|it| it.code == CheckCode::Unsubscribed));
}

#[rstest]
#[tokio::test]
async fn who_complained_first_can_still_unsubscribe_and_is_told_so(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, token) = sent(&room).await;
    room.engine.act(&room.actor, ActionKind::ReportSpam, &[id], None).await.unwrap();
    room.engine.block_domain(&room.actor, "brisamar.example").await.unwrap();
    assert_eq!(room.engine.landing(&token, None).await.unwrap().state, State::Subscribed);
    room.engine.unsubscribe(&token, Wish::default()).await.unwrap();
    let page = room.engine.landing(&token, None).await.unwrap();
    assert_eq!(page.state, State::Unsubscribed { from_everybody: true, may_undo: true });
}

/// The blind copy gets through at the second attempt, which sends what was sent before.
#[rstest]
#[tokio::test]
async fn a_copy_unsubscribes_itself_and_nobody_else(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    const CC: &str = "accept.cc@harbour.example";
    const BCC: &str = "grey.boss@harbour.example";
    let room = Mailroom::open(backend).await;
    append(&room).await;
    let draft = room.draft(MARTA).await.listed.email;
    let (id, version) = (draft.id, draft.version);
    let copy = |address: &str| Some(vec![Copy { name: String::new(), address: address.into() }]);
    let change = DraftChange { cc: copy(CC), bcc: copy(BCC), ..DraftChange::default() };
    let version = room.engine.edit_draft(&room.actor, id, version, change).await.unwrap().listed.email.version;
    room.engine.send(&room.actor, id, version, None).await.unwrap();
    for _ in 0..3 {
        room.clock.advance(HOUR);
        room.deliver().await;
    }
    let tokens = [MARTA, CC, BCC].map(|address| {
        let message = arrived_at(&room, address);
        let own = token(&message);
        assert_eq!(message.matches("/u/").count(), message.matches(&format!("/u/{own}")).count(), "{message}");
        assert!(message.contains(&format!("List-Unsubscribe: <http://127.0.0.1:4080/u/{own}>")), "{message}");
        own
    });
    for (token, address) in tokens.iter().zip([MARTA, CC, BCC]) {
        let page = room.engine.landing(token, None).await.unwrap();
        assert_eq!((page.address.as_str(), page.state), (address, State::Subscribed));
    }

    room.engine.unsubscribe(&tokens[1], Wish { one_click: true, ..Wish::default() }).await.unwrap();
    for (token, is_stopped) in tokens.iter().zip([false, true, false]) {
        let state = room.engine.landing(token, None).await.unwrap().state;
        assert_eq!(state != State::Subscribed, is_stopped, "{state:?}");
    }
    let noted = room.email(id).await.events;
    let noted: Vec<_> = noted.iter().filter(|it| it.kind == EventKind::Unsubscribed).collect();
    assert_eq!((noted.len(), noted[0].evidence.recipient.as_deref()), (1, Some(CC)));
    assert!(!room.engine.take_back_unsubscribe(&tokens[0]).await.unwrap(), "not by somebody else's link");
    assert!(room.engine.take_back_unsubscribe(&tokens[1]).await.unwrap());
    assert_eq!(room.engine.landing(&tokens[1], None).await.unwrap().state, State::Subscribed);
}

#[rstest]
#[tokio::test]
async fn leaving_one_sender_by_another_address_is_not_leaving_everybody(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, token) = sent(&room).await;
    let person = room.email(id).await.listed.email.person_id.unwrap();
    let stop = Stop { scope: Scope::Sender(room.actor.user), ..stop(person, "m@home.example") };
    let mut tx = room.engine.db().begin().await.unwrap();
    store::stops::insert(&mut tx, room.actor.workspace, &stop).await.unwrap();
    tx.commit().await.unwrap();
    let page = room.engine.landing(&token, None).await.unwrap();
    assert_eq!(page.state, State::Unsubscribed { from_everybody: false, may_undo: false });
}

#[rstest]
#[tokio::test]
async fn an_open_feed_hears_of_it_and_what_a_stranger_writes_is_made_readable(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let (id, token) = sent(&room).await;
    let person = room.email(id).await.listed.email.person_id.unwrap();
    let mut told = room.engine.live().listen();
    let mut hears_of_feed = || std::iter::from_fn(|| told.try_recv().ok()).any(|it| it.topic == Topic::Feed);
    let note = Some("enough\0\u{1b}[31m\r\nof this".into());
    room.engine.unsubscribe(&token, Wish { only_sender: true, note, ..Wish::default() }).await.unwrap();
    assert!(hears_of_feed());
    let held = room.engine.stops_of_person(&room.actor, person).await.unwrap().holding;
    assert_eq!(held[0].stop.note.as_deref(), Some("enough[31m\nof this"));

    room.engine.unsubscribe_by_hand(&room.actor, person, Some(id), "").await.unwrap();
    assert!(hears_of_feed());
    let stops = room.engine.stops_of_person(&room.actor, person).await.unwrap();
    assert_eq!(stops.holding.len(), 1, "the wider stop stands for both");
    assert_eq!(stops.holding[0].stop.scope, Scope::Workspace);
    assert_eq!(stops.history.len(), 2);
}

#[rstest]
#[tokio::test]
async fn what_one_user_wrote_is_not_told_to_another_who_owns_the_person(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let world = World::new(backend).await;
    let (engine, ada, mia) = (&world.engine, &world.admin, &world.member);
    let somebody =
        |address: &str| NewPerson { address: address.into(), first_name: None, last_name: None, company: None };
    let kim = engine.create_person(mia, somebody("kim@far.example")).await.unwrap().person.id;
    let lee = engine.create_person(ada, somebody("lee@far.example")).await.unwrap().person.id;
    let draft =
        DraftChange { person_id: Some(Some(lee)), subject: Some("Between us".into()), ..DraftChange::default() };
    let email = engine.create_draft(ada, None, draft).await.unwrap().listed.email;
    // As when an address moves to another person after the email was sent.
    let stop = Stop { email_id: Some(email.id), ..stop(kim, "kim@far.example") };
    let mut tx = engine.db().begin().await.unwrap();
    store::stops::insert(&mut tx, mia.workspace, &stop).await.unwrap();
    tx.commit().await.unwrap();
    let subjects = async |actor| {
        let listed = engine.stops(actor, None, None, 10).await.unwrap();
        listed.into_iter().map(|it| it.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects(mia).await, [None]);
    assert_eq!(subjects(ada).await, [Some("Between us".to_owned())]);
    assert_eq!(engine.stops_of_person(mia, kim).await.unwrap().holding[0].subject, None);
}

#[rstest]
#[tokio::test]
async fn a_forged_token_is_nothing_to_us(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let room = Mailroom::open(backend).await;
    let (_, token) = sent(&room).await;
    let mut forged = token.clone().into_bytes();
    forged[30] = if forged[30] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    for token in ["preview", "", &forged, &token[1..]] {
        assert!(matches!(room.engine.landing(token, None).await, Err(Error::NotFound)), "{token}");
        assert!(matches!(room.engine.unsubscribe(token, Wish::default()).await, Err(Error::NotFound)), "{token}");
        assert!(matches!(room.engine.take_back_unsubscribe(token).await, Err(Error::NotFound)), "{token}");
    }
    assert!(room.engine.stops(&room.actor, None, None, 10).await.unwrap().is_empty());
}
