use domain::{
    RecipientId,
    authorization::Role,
    ledger::{Outcome, RecipientKind},
};
use rstest::rstest;

use super::*;
use crate::{
    emails::Email,
    recipients::{self, Recipient},
    testing::{Backend, database, id, member},
};

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const OWNER: UserId = UserId(id(2));

fn visit(n: u128, email: u128, at: i64) -> Visit {
    Visit {
        id: EventId(id(n)),
        email_id: EmailId(id(email)),
        at: Timestamp(at),
        link: None,
        first_verdict: Verdict::Human,
        first_why: Why::Nothing,
        verdict: Verdict::Human,
        why: Why::Nothing,
        settles_at: Some(Timestamp(at + 60)),
        requests: 1,
        ip: Some("192.0.2.1".into()),
        user_agent: Some("Thunderbird".into()),
        place: Some("Lyon, France".into()),
    }
}

async fn prepared(tx: &mut Tx) -> Vec<Visit> {
    member(tx, 1, 2, Role::Member).await;
    for email in [10, 11] {
        let draft = Email::draft(WORKSPACE, EmailId(id(email)), OWNER, Timestamp(1));
        crate::emails::insert(tx, &draft).await.unwrap();
    }
    let click = Visit { link: Some(3), ..visit(102, 11, 30) };
    let visits = vec![visit(100, 10, 10), visit(101, 10, 20), click];
    insert_all(tx, WORKSPACE, &visits).await.unwrap();
    visits
}

#[rstest]
#[tokio::test]
async fn visits_come_back_email_by_email(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let visits = prepared(&mut tx).await;
    let both = [EmailId(id(11)), EmailId(id(10)), EmailId(id(99))];
    assert_eq!(since(&mut tx, WORKSPACE, &both, Timestamp(20)).await.unwrap(), visits[1..]);
    assert_eq!(list(&mut tx, WORKSPACE, both[1]).await.unwrap(), visits[..2]);
    let found = emails(&mut tx, WORKSPACE, &both).await.unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!((found[0].owner_id, found[0].visits, found[0].handed_over_at), (OWNER, 0, None));
}

#[rstest]
#[tokio::test]
async fn when_an_email_was_handed_over_is_known_before_the_answer_is(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    let recipient = |n, kind, at| Recipient {
        id: RecipientId(id(n)),
        email_id: EmailId(id(10)),
        kind,
        name: String::new(),
        address: format!("r{n}@b.example"),
        outcome: Outcome::Attempting,
        send_number: 1,
        channel_id: None,
        attempted_at: Some(Timestamp(at)),
        settled_at: None,
        reply: None,
    };
    for it in [recipient(1, RecipientKind::To, 7), recipient(2, RecipientKind::Cc, 8)] {
        recipients::insert(&mut tx, WORKSPACE, &it).await.unwrap();
        recipients::update(&mut tx, WORKSPACE, &it).await.unwrap();
    }
    let email = EmailId(id(10));
    assert_eq!(emails(&mut tx, WORKSPACE, &[email]).await.unwrap()[0].handed_over_at, Some(Timestamp(7)));
    let mut row = crate::emails::find(&mut tx, WORKSPACE, email).await.unwrap();
    row.sent_at = Some(Timestamp(9));
    crate::emails::update(&mut tx, &mut row, Status::Draft).await.unwrap();
    assert_eq!(emails(&mut tx, WORKSPACE, &[email]).await.unwrap()[0].handed_over_at, Some(Timestamp(9)));
}

#[rstest]
#[tokio::test]
async fn requests_add_up_and_verdicts_are_revised_and_settled(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let visits = prepared(&mut tx).await;
    add_requests(&mut tx, WORKSPACE, &[(visits[0].id, 5), (visits[2].id, 1_000_000)]).await.unwrap();
    revise(&mut tx, WORKSPACE, visits[0].id, Verdict::Machine, Why::Burst).await.unwrap();
    let due_now = due(&mut tx, WORKSPACE, Timestamp(80), 9).await.unwrap();
    assert_eq!(
        due_now.iter().map(|it| (it.id, it.requests)).collect::<Vec<_>>(),
        [(visits[0].id, 6), (visits[1].id, 1)]
    );
    assert_eq!((due_now[0].first_verdict, due_now[0].verdict), (Verdict::Human, Verdict::Machine));
    let mut settled = settle(&mut tx, WORKSPACE, &[visits[0].id, visits[1].id]).await.unwrap();
    settled.sort_unstable();
    assert_eq!(settled, [(visits[0].id, Verdict::Machine), (visits[1].id, Verdict::Human)]);
    assert_eq!(settle(&mut tx, WORKSPACE, &[visits[0].id]).await.unwrap(), []);
    let left = due(&mut tx, WORKSPACE, Timestamp(1000), 9).await.unwrap();
    assert_eq!(left.iter().map(|it| (it.id, it.requests)).collect::<Vec<_>>(), [(visits[2].id, 1_000_001)]);
}

#[rstest]
#[tokio::test]
async fn traces_are_dropped_and_verdicts_stay(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let visits = prepared(&mut tx).await;
    assert_eq!(drop_traces(&mut tx, WORKSPACE, Timestamp(20), 100).await.unwrap(), 1);
    assert_eq!(drop_traces(&mut tx, WORKSPACE, Timestamp(100), 1).await.unwrap(), 1);
    let left = list(&mut tx, WORKSPACE, EmailId(id(10))).await.unwrap();
    let bare = |visit: &Visit| Visit { ip: None, user_agent: None, place: None, ..visit.clone() };
    assert_eq!(left, [bare(&visits[0]), bare(&visits[1])]);
    assert_eq!(list(&mut tx, WORKSPACE, EmailId(id(11))).await.unwrap(), visits[2..]);
}

#[rstest]
#[tokio::test]
async fn who_read_before_is_one_row_a_client_however_often_an_email_is_visited(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    let visits = prepared(&mut tx).await;
    let agent = |n: u128| Some(format!("Stranger/{n}"));
    let strangers: Vec<Visit> =
        (0..900).zip(20..).map(|(n, at)| Visit { user_agent: agent(n % 300), ..visit(1000 + n, 10, at) }).collect();
    let unknown = Visit { first_verdict: Verdict::Unknown, user_agent: Some("Unknown".into()), ..visit(99, 10, 5) };
    let nameless = Visit { user_agent: None, ..visit(98, 10, 6) };
    insert_all(&mut tx, WORKSPACE, &[strangers.clone(), vec![unknown, nameless.clone()]].concat()).await.unwrap();
    let clients = ["Thunderbird", "Stranger/7", "Stranger/299", "Unknown", "Never seen"];
    let mut clients: Vec<_> = clients.iter().map(|name| (Some("192.0.2.1"), Some(*name))).collect();
    clients.extend([(Some("192.0.2.2"), Some("Thunderbird")), (Some("192.0.2.1"), None)]);
    let mut found = readers_until(&mut tx, WORKSPACE, EmailId(id(10)), Timestamp(100), &clients).await.unwrap();
    found.sort_by_key(|visit| visit.at);
    assert_eq!(found, [nameless, visits[0].clone(), strangers[7].clone()]);
}

#[rstest]
#[tokio::test]
async fn the_first_answer_is_found(#[values(Backend::Sqlite, Backend::Postgres)] backend: Backend) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    prepared(&mut tx).await;
    let email = EmailId(id(10));
    for (n, at) in [(200, 70), (201, 50)] {
        let (kind, evidence) = (domain::events::EventKind::Replied, domain::events::Evidence::default());
        let event = crate::events::Event { id: EventId(id(n)), email_id: email, at: Timestamp(at), kind, evidence };
        crate::events::insert(&mut tx, WORKSPACE, &event).await.unwrap();
    }
    let found = first_replies(&mut tx, WORKSPACE, &[email, EmailId(id(11))]).await.unwrap();
    assert_eq!(found, [(email, Timestamp(50))]);
}
