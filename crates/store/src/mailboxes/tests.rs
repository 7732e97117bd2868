use super::*;
use crate::{
    emails::{self, Email},
    identities::{self, Identity},
    sent_copies,
    sent_looks::{self, SentLook},
    testing::{Backend, database, id, mailbox, member, plan},
};
use domain::{EmailId, IdentityId, Status, authorization::Role};
use rstest::rstest;

const WORKSPACE: WorkspaceId = WorkspaceId(id(1));
const ADA: UserId = UserId(id(1));
const LONG_AGO: Timestamp = Timestamp(0);

fn identity(mailbox: MailboxId) -> Identity {
    Identity {
        workspace_id: WORKSPACE,
        id: IdentityId(id(5)),
        version: 1,
        user_id: ADA,
        name: "Ada".into(),
        address: "ada@example.com".into(),
        signature_html: String::new(),
        channel_id: None,
        mailbox_id: Some(mailbox),
        is_default: true,
        verified_at: None,
        verification_hash: None,
        verification_sent_at: None,
        verification_expires_at: None,
        verification_problem: None,
        created_at: Timestamp(1),
        deleted_at: None,
    }
}

/// An email of the identity, under a status.
async fn email(tx: &mut Tx, n: u128, status: Status, uncertain: bool) -> Email {
    let mut email = Email::draft(WORKSPACE, EmailId(id(n)), ADA, Timestamp(1));
    email.identity_id = Some(IdentityId(id(5)));
    emails::insert(tx, &email).await.unwrap();
    email.status = status;
    email.uncertain = uncertain;
    email.sent_at = (status == Status::Delivered).then_some(Timestamp(50));
    emails::update(tx, &mut email, Status::Draft).await.unwrap();
    email
}

async fn due(tx: &mut Tx, now: i64) -> Vec<MailboxId> {
    let due = list_due(tx, WORKSPACE, Timestamp(now), LONG_AGO).await.unwrap();
    due.into_iter().map(|mailbox| mailbox.id).collect()
}

#[rstest]
#[tokio::test]
async fn a_mailbox_comes_back_as_it_was_saved_and_a_deleted_one_forgets_its_secret(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let mut saved = mailbox(7);
    insert(&mut tx, &saved).await.unwrap();
    identities::insert(&mut tx, &identity(saved.id)).await.unwrap();
    assert_eq!(list(&mut tx, WORKSPACE, ADA).await.unwrap(), [saved.clone()]);
    saved.sent_folder = Some("Éléments envoyés".into());
    saved.append_since = Some(Timestamp(9));
    update(&mut tx, &saved).await.unwrap();
    assert!(matches!(update(&mut tx, &saved).await, Err(Error::Changed)));
    saved.version = 2;
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap(), saved);

    delete(&mut tx, WORKSPACE, saved.id, Timestamp(9)).await.unwrap();
    assert_eq!(list(&mut tx, WORKSPACE, ADA).await.unwrap(), []);
    assert_eq!(find(&mut tx, WORKSPACE, saved.id).await.unwrap().secret, None);
    assert_eq!(identities::find(&mut tx, WORKSPACE, IdentityId(id(5))).await.unwrap().mailbox_id, None);
    assert!(matches!(delete(&mut tx, WORKSPACE, saved.id, Timestamp(9)).await, Err(Error::NotFound)));
}

#[rstest]
#[tokio::test]
async fn only_one_visitor_at_a_time_and_an_edit_ends_the_rest(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let read = mailbox(7);
    insert(&mut tx, &read).await.unwrap();
    assert!(begin_visit(&mut tx, &read, Timestamp(10), Timestamp(20)).await.unwrap());
    assert!(!begin_visit(&mut tx, &read, Timestamp(19), Timestamp(29)).await.unwrap());
    assert!(begin_visit(&mut tx, &read, Timestamp(20), Timestamp(30)).await.unwrap(), "the visitor was gone");

    let trouble = Trouble { code: "credentials_refused".into(), text: "NO".into() };
    end_visit(&mut tx, &read, Timestamp(21), Some(&trouble), Some(Timestamp(90))).await.unwrap();
    let rests = find(&mut tx, WORKSPACE, read.id).await.unwrap();
    assert_eq!((rests.problem.as_deref(), rests.visit_after), (Some("credentials_refused"), Some(Timestamp(90))));
    assert_eq!(rests.last_checked_at, None);
    update(&mut tx, &rests).await.unwrap();
    let changed = find(&mut tx, WORKSPACE, read.id).await.unwrap();
    assert_eq!((changed.problem, changed.visit_after), (None, None));
    end_visit(&mut tx, &read, Timestamp(22), Some(&trouble), None).await.unwrap();
    assert_eq!(find(&mut tx, WORKSPACE, read.id).await.unwrap().problem, None, "it was another mailbox then");
}

#[rstest]
#[tokio::test]
async fn an_uncertain_email_makes_its_mailbox_due_until_it_has_been_looked_for(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let (one, other) = (mailbox(7), mailbox(8));
    insert(&mut tx, &one).await.unwrap();
    insert(&mut tx, &other).await.unwrap();
    identities::insert(&mut tx, &identity(one.id)).await.unwrap();
    email(&mut tx, 20, Status::InProgress, false).await;
    assert_eq!(due(&mut tx, 100).await, []);
    let lost = email(&mut tx, 21, Status::InProgress, true).await;
    assert_eq!(due(&mut tx, 100).await, [one.id]);
    let found = sent_looks::due(&mut tx, &one, Timestamp(100), 10).await.unwrap();
    assert_eq!(found.into_iter().map(|email| email.id).collect::<Vec<_>>(), [lost.id]);
    assert_eq!(sent_looks::due(&mut tx, &other, Timestamp(100), 10).await.unwrap(), []);

    let mut look = SentLook {
        email_id: lost.id,
        send_number: lost.send_number,
        mailbox_id: one.id,
        folder: "Sent".into(),
        looks: 1,
        first_at: Timestamp(100),
        looked_at: Timestamp(100),
        next_at: Some(Timestamp(160)),
    };
    sent_looks::save(&mut tx, WORKSPACE, &look).await.unwrap();
    assert_eq!((due(&mut tx, 159).await, due(&mut tx, 160).await), (vec![], vec![one.id]));
    (look.looks, look.looked_at, look.next_at) = (2, Timestamp(160), None);
    sent_looks::save(&mut tx, WORKSPACE, &look).await.unwrap();
    assert_eq!(sent_looks::find(&mut tx, WORKSPACE, lost.id, lost.send_number).await.unwrap(), Some(look));
    assert_eq!(due(&mut tx, 1_000_000).await, []);
}

#[rstest]
#[tokio::test]
async fn a_copy_is_missing_until_it_is_kept_and_only_where_copies_are_ours_to_keep(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    let mut ours = mailbox(7);
    insert(&mut tx, &ours).await.unwrap();
    identities::insert(&mut tx, &identity(ours.id)).await.unwrap();
    let sent = email(&mut tx, 20, Status::Delivered, false).await;
    assert_eq!(due(&mut tx, 100).await, []);
    for (since, is_due) in [(51, false), (50, true)] {
        ours.append_since = Some(Timestamp(since));
        update(&mut tx, &ours).await.unwrap();
        ours.version += 1;
        assert_eq!(!due(&mut tx, 100).await.is_empty(), is_due);
        let missing = sent_copies::missing(&mut tx, &ours, LONG_AGO, 10).await.unwrap();
        assert_eq!(missing.iter().any(|email| email.id == sent.id), is_due);
    }
    assert_eq!(sent_copies::missing(&mut tx, &ours, Timestamp(51), 10).await.unwrap(), []);
    sent_copies::keep(&mut tx, WORKSPACE, &sent, Timestamp(60)).await.unwrap();
    sent_copies::keep(&mut tx, WORKSPACE, &sent, Timestamp(61)).await.unwrap();
    assert_eq!(sent_copies::missing(&mut tx, &ours, LONG_AGO, 10).await.unwrap(), []);
    assert_eq!(due(&mut tx, 100).await, []);
}

#[rstest]
#[tokio::test]
async fn the_only_mailbox_of_a_user_is_given_to_their_identities(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let mut tx = db.begin().await.unwrap();
    member(&mut tx, 1, 1, Role::Member).await;
    identities::insert(&mut tx, &Identity { mailbox_id: None, ..identity(MailboxId(id(7))) }).await.unwrap();
    for n in [7, 8] {
        insert(&mut tx, &mailbox(n)).await.unwrap();
        identities::assign_only_mailbox(&mut tx, &mailbox(n)).await.unwrap();
        let identity = identities::find(&mut tx, WORKSPACE, IdentityId(id(5))).await.unwrap();
        assert_eq!(identity.mailbox_id, Some(MailboxId(id(7))));
    }
}

#[rstest]
#[tokio::test]
async fn what_there_is_to_do_in_mailboxes_is_found_along_indexes(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let db = database(backend).await;
    let values = "'00000000-0000-0000-0000-000000000001', 1, 1";
    let plan = plan(&db, "OR m.append_since IS NOT NULL AND EXISTS", values).await;
    assert!(!plan.contains("SCAN") && !plan.contains("Seq Scan"), "{plan}");
    // PostgreSQL chooses by how many rows there are, and there are none.
    if matches!(backend, Backend::Sqlite) {
        let walk = "emails_by_sent (workspace_id=? AND owner_id=? AND status=? AND sent_at>?)";
        assert!(plan.contains(walk) && plan.contains("emails_in_progress"), "{plan}");
    }
}
