//! A message that the store does not take: it is tried again, and then no other waits for it.

use domain::{limits::Limits, time::HOUR};
use engine::DomainSettings;
use store::{
    Location,
    mailbox_watches::{self, Rest},
};
use testbed::{dovecot::Dovecot, postgres};
use tokio::time::{Duration, sleep};

use super::{Lookout, MARTA, Watching};
use crate::{incoming::reply, mailboxes::mailbox_on, mailroom::Mailroom};

/// What makes the store refuse one message and take every other.
const REFUSE: &str = "
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.subject = 'Poison' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON received FOR EACH ROW EXECUTE FUNCTION refuse()";

#[tokio::test]
async fn a_message_that_cannot_be_recorded_four_times_is_stepped_over() {
    let url = postgres::fresh_database();
    let room = Mailroom::on(&Location::Postgres(url.clone()), Limits::default(), DomainSettings::default()).await;
    let dovecot = Dovecot::start();
    let mailbox = room.engine.create_mailbox(&room.actor, mailbox_on(&dovecot)).await.unwrap().mailbox;
    let desk = Lookout { mailbox: mailbox.id, room, dovecot };
    postgres::tamper(&url, REFUSE);
    let (id, message_id) = desk.delivered(MARTA).await;
    desk.inbox().deliver(reply(MARTA, &message_id, "?").replace("Re: Hello Marta", "Poison").as_bytes());
    desk.inbox().deliver(reply(MARTA, &message_id, "Yes, gladly.").as_bytes());
    // Its server had been away for long: that says nothing about the message.
    let (now, node) = (desk.room.engine.now(), desk.room.engine.node());
    let mut tx = desk.room.engine.db().begin().await.unwrap();
    mailbox_watches::claim(&mut tx, &mailbox, node, now, now).await.unwrap();
    let away = Rest { faults: 9, until: now, trouble: None };
    mailbox_watches::rest(&mut tx, &mailbox, node, &away).await.unwrap();
    tx.commit().await.unwrap();

    let watching = Watching::begin(&desk.room.engine);
    for tries in 1..=3 {
        let tried = |view: &engine::mailboxes::MailboxView| {
            view.folders.iter().any(|at| at.folder == "INBOX" && at.tries == tries)
                && view.watch.as_ref().is_some_and(|watch| watch.rest_until.is_some())
        };
        desk.until(&format!("tried {tries} times"), tried).await;
        let inbox = desk.view().await.folders.into_iter().find(|at| at.folder == "INBOX").unwrap();
        assert_eq!((inbox.last_uid, inbox.stepped_over, desk.email(id).await.replies), (0, 0, 0));
        sleep(Duration::from_millis(200)).await;
        desk.room.clock.advance(HOUR);
    }
    desk.until_read("INBOX", 2).await;
    watching.end().await;
    let inbox = desk.view().await.folders.into_iter().find(|at| at.folder == "INBOX").unwrap();
    assert_eq!((inbox.last_uid, inbox.stepped_over, inbox.tries), (2, 1, 0));
    assert_eq!(desk.email(id).await.replies, 1, "the one behind it was read");
}
