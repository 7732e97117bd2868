//! What is done to many emails: a whole folder, and mail that could only fail again.

use domain::{EmailId, Status};
use engine::{
    Error,
    emails::{ActionKind, Folder, FolderIds, ListQuery, SkipReason, Skipped, SortKey},
    identities::NewIdentity,
};
use rstest::rstest;

use crate::{mailroom::Mailroom, support::Backend};

async fn drafts(room: &Mailroom, count: usize) -> Vec<EmailId> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(room.draft(&format!("accept.n{n}@brisamar.example")).await.listed.email.id);
        room.clock.advance(1);
    }
    ids
}

async fn whole(room: &Mailroom, folder: Folder) -> FolderIds {
    room.engine.list_email_ids(&room.actor, folder, None, None).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn a_whole_folder_is_named_in_the_order_of_its_list(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let mut ids = drafts(&room, 3).await;
    ids.reverse();
    assert_eq!(whole(&room, Folder::Draft).await, FolderIds { ids: ids.clone(), more: false });
    ids.reverse();
    let oldest_first =
        room.engine.list_email_ids(&room.actor, Folder::Draft, Some(SortKey::Created), Some(false)).await.unwrap();
    assert_eq!(oldest_first.ids, ids);
    let refused = room.engine.list_email_ids(&room.actor, Folder::Draft, Some(SortKey::Sent), None).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "a draft was not sent");

    let full = room.send("full.suzuki@minato.example").await;
    room.deliver().await;
    let spam = room.send("accept.marta@brisamar.example").await;
    room.deliver().await;
    room.engine.act(&room.actor, ActionKind::ReportSpam, &[spam], None).await.unwrap();
    assert_eq!(whole(&room, Folder::Undelivered).await.ids, [spam, full], "several statuses, one order");
    let query = ListQuery { folder: Folder::Undelivered, sort: None, descending: None, limit: 200, cursor: None };
    let rows = room.engine.list_emails(&room.actor, &query).await.unwrap().items;
    assert_eq!(rows.iter().map(|row| row.email.id).collect::<Vec<_>>(), [spam, full]);
}

#[rstest]
#[tokio::test]
async fn what_left_the_folder_or_came_into_it_after_it_was_chosen_is_not_touched(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::open(backend).await;
    let ids = drafts(&room, 3).await;
    let chosen = whole(&room, Folder::Draft).await.ids;
    let later = room.draft("accept.later@brisamar.example").await.listed.email.id;
    let version = room.email(ids[0]).await.listed.email.version;
    room.engine.send(&room.actor, ids[0], version, None).await.unwrap();

    let engine = &room.engine;
    let drafts = Some(Folder::Draft);
    let done = engine.act_within(&room.actor, drafts, ActionKind::Delete, &chosen, None).await.unwrap();
    assert_eq!(done.changed, [ids[2], ids[1]]);
    assert_eq!(done.skipped, [Skipped { id: ids[0], reason: SkipReason::ChangedSince }]);
    assert_eq!(room.email(ids[0]).await.listed.email.status, Status::Scheduled, "it would have been deleted unsent");
    assert_eq!(whole(&room, Folder::Draft).await.ids, [later]);

    let scheduled = Some(Folder::Scheduled);
    let forecast = engine.forecast_action(&room.actor, scheduled, ActionKind::SendNow, &chosen, None).await.unwrap();
    assert_eq!((forecast.count, forecast.skipped), (1, 2));
    let elsewhere = engine.forecast_action(&room.actor, drafts, ActionKind::SendNow, &chosen, None).await.unwrap();
    assert_eq!((elsewhere.count, elsewhere.skipped), (0, 3));

    engine.undo(&room.actor, done.id.unwrap()).await.unwrap();
    assert_eq!(whole(&room, Folder::Draft).await.ids.len(), 3);
}

#[rstest]
#[tokio::test]
async fn a_retry_is_left_where_the_identity_would_only_make_it_fail_again(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[values("deleted", "unverified")] fault: &str,
) {
    let room = Mailroom::open(backend).await;
    let id = room.send("full.suzuki@minato.example").await;
    room.deliver().await;
    let actor = &room.actor;
    let retry = async || {
        let foretold = room.engine.forecast_action(actor, None, ActionKind::Retry, &[id], None).await.unwrap();
        let done = room.engine.act(actor, ActionKind::Retry, &[id], None).await.unwrap();
        assert_eq!(foretold.skipped as usize, done.skipped.len(), "the forecast knows");
        done
    };
    let verified = room.engine.identities(actor).await.unwrap().remove(0).identity;
    if fault == "deleted" {
        room.engine.delete_identity(actor, verified.id).await.unwrap();
    } else {
        let address = "accept.new@northlight.example".into();
        let wanted = NewIdentity { name: "Elena Marchetti".into(), address, ..NewIdentity::default() };
        let unverified = room.engine.create_identity(actor, wanted).await.unwrap().identity;
        assert_eq!(unverified.channel_id, Some(room.channel.channel.id), "nothing else is the matter with it");
        write_as(&room, id, unverified.id).await;
    }
    let refused = retry().await;
    assert_eq!(refused.changed, []);
    assert_eq!(refused.skipped, [Skipped { id, reason: SkipReason::Identity }]);
    assert_eq!((refused.id, room.email(id).await.listed.email.status), (None, Status::Bounced));

    if fault == "unverified" {
        write_as(&room, id, verified.id).await;
        assert_eq!(retry().await.changed, [id]);
    }
}

/// Makes an email one of another identity; only the database can, once it was sent.
async fn write_as(room: &Mailroom, id: EmailId, identity: domain::IdentityId) {
    let mut tx = room.engine.db().begin().await.unwrap();
    let mut email = store::emails::find(&mut tx, room.actor.workspace, id).await.unwrap();
    email.identity_id = Some(identity);
    let status = email.status;
    store::emails::update(&mut tx, &mut email, status).await.unwrap();
    tx.commit().await.unwrap();
}
