//! What is foretold of waiting mail: in lists, before an action, and that it comes true.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    EmailId, Status, Timestamp,
    limits::{DayReset, DomainRule, Limits},
    reasons::{Wait, WaitReason},
    time::{DAY, HOUR, MINUTE, SECOND},
};
use engine::{
    channels::ChannelChange,
    emails::{ActionForecast, ActionKind, Folder, ListQuery},
};
use rstest::rstest;

use crate::{mailroom::Mailroom, support::Backend};

impl Mailroom {
    /// Queues emails to addresses that accept, for the end of the undo window, and lets that pass.
    async fn queue(&self, count: usize) -> Vec<EmailId> {
        self.queue_to("n", &vec!["brisamar.example"; count]).await
    }

    /// Queues one email to each domain, in this order, to people who are called `name` and a number.
    async fn queue_to(&self, name: &str, domains: &[&str]) -> Vec<EmailId> {
        let mut ids = Vec::new();
        for (n, domain) in domains.iter().enumerate() {
            let draft = self.draft(&format!("accept.{name}{n}@{domain}")).await;
            let email = &draft.listed.email;
            self.engine.send(&self.actor, email.id, email.version, None).await.unwrap();
            ids.push(email.id);
        }
        self.clock.advance(10 * SECOND);
        ids
    }

    /// What the rows of Scheduled say.
    async fn scheduled(&self) -> BTreeMap<EmailId, Wait> {
        let query = ListQuery { folder: Folder::Scheduled, sort: None, descending: None, limit: 200, cursor: None };
        let rows = self.engine.list_emails(&self.actor, &query).await.unwrap().items;
        let waits = self.engine.waits(&rows).await.unwrap();
        rows.iter().map(|row| row.email.id).zip(waits.into_iter().map(Option::unwrap)).collect()
    }

    async fn change_limits(&self, limits: Limits) {
        let id = self.channel.channel.id;
        let version = self.engine.channel(&self.actor, id).await.unwrap().channel.version;
        let change = ChannelChange { limits: Some(limits), ..ChannelChange::default() };
        self.engine.change_channel(&self.actor, id, version, change).await.unwrap();
    }

    async fn forecast(&self, kind: ActionKind, ids: &[EmailId], at: Option<Timestamp>) -> ActionForecast {
        self.engine.forecast_action(&self.actor, None, kind, ids, at).await.unwrap()
    }
}

fn wait(reason: WaitReason, until: Timestamp) -> Wait {
    Wait { reason, until: Some(until), server_text: None }
}

fn per_minute(limit: u32) -> Limits {
    Limits { per_minute: Some(limit), ..Limits::default() }
}

#[rstest]
#[tokio::test]
async fn scheduled_mail_says_when_it_will_leave_and_which_limit_holds_it(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::with_limits(backend, per_minute(2)).await;
    let ids = room.queue(5).await;
    let now = room.engine.now();
    let waits = room.scheduled().await;
    let said: Vec<_> = ids.iter().map(|id| waits[id].clone()).collect();
    let limit = |minutes| wait(WaitReason::LimitPerMinute, now.plus(minutes * MINUTE));
    assert_eq!(said[..2], [wait(WaitReason::UndoWindow, now), wait(WaitReason::UndoWindow, now)]);
    assert_eq!(said[2..], [limit(1), limit(1), limit(2)]);

    room.change_limits(per_minute(4)).await;
    assert_eq!(room.scheduled().await[&ids[4]], limit(1), "another limit is another forecast, at once");
    room.change_limits(Limits::default()).await;
    assert_eq!(room.scheduled().await[&ids[4]], wait(WaitReason::UndoWindow, now));
}

#[rstest]
#[tokio::test]
async fn a_limit_of_zero_and_a_pause_name_no_time_but_a_time_that_lies_ahead_stays(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::with_limits(backend, Limits { per_day: Some(0), ..Limits::default() }).await;
    let ids = room.queue(2).await;
    let never = |reason| Wait { reason, until: None, server_text: None };
    assert_eq!(room.scheduled().await[&ids[0]], never(WaitReason::LimitPerDay));

    room.change_limits(Limits::default()).await;
    let tomorrow = room.engine.now().plus(DAY);
    room.engine.act(&room.actor, ActionKind::Reschedule, &ids[1..], Some(tomorrow)).await.unwrap();
    room.engine.pause_channel(&room.actor, room.channel.channel.id).await.unwrap();
    let waits = room.scheduled().await;
    assert_eq!(waits[&ids[0]], never(WaitReason::ChannelPaused));
    assert_eq!(waits[&ids[1]], wait(WaitReason::YourTime, tomorrow));
}

#[rstest]
#[tokio::test]
async fn an_action_on_many_is_foretold_and_then_the_rows_say_the_same(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let room = Mailroom::with_limits(backend, per_minute(4)).await;
    let mut ids = room.queue(25).await;
    let before = room.engine.email_row(&room.actor, ids[0]).await.unwrap();
    assert!(!before.email.bulk);
    let draft = room.draft("accept.other@brisamar.example").await.listed.email.id;
    ids.push(draft);

    let at = room.engine.now().plus(HOUR);
    let foretold = room.forecast(ActionKind::Reschedule, &ids, Some(at)).await;
    let expected = ActionForecast {
        count: 25,
        skipped: 1,
        last_at: Some(at.plus(6 * MINUTE)),
        reason: Some(WaitReason::LimitPerMinute),
        limit: Some(4),
    };
    assert_eq!(foretold, expected);
    assert_eq!(room.engine.email_row(&room.actor, ids[0]).await.unwrap(), before, "nothing was changed");

    room.engine.act(&room.actor, ActionKind::Reschedule, &ids, Some(at)).await.unwrap();
    assert!(room.engine.email_row(&room.actor, ids[0]).await.unwrap().email.bulk);
    let last = room.scheduled().await.into_values().map(|wait| wait.until).max().unwrap();
    assert_eq!(last, foretold.last_at);

    let single = room.forecast(ActionKind::SendNow, &ids[..1], None).await;
    assert_eq!((single.count, single.last_at, single.reason), (1, Some(room.engine.now().plus(10 * SECOND)), None));
    let none = room.forecast(ActionKind::Retry, &ids, None).await;
    assert_eq!((none.count, none.skipped, none.last_at), (0, 26, None));
    for (kind, at) in [(ActionKind::Archive, None), (ActionKind::Reschedule, None)] {
        let refused = room.engine.forecast_action(&room.actor, None, kind, &ids, at).await;
        assert!(matches!(refused, Err(engine::Error::Invalid(_))), "{kind}");
    }
}

/// Delivers whenever something is foretold to leave, and answers when each email was first attempted.
async fn play(room: &Mailroom, ids: &[EmailId]) -> BTreeMap<EmailId, Timestamp> {
    let foretold: BTreeSet<Timestamp> = room.scheduled().await.into_values().map(|wait| wait.until.unwrap()).collect();
    for moment in foretold {
        if moment > room.engine.now() {
            room.clock.move_to(moment);
        }
        // A crew may end while its last email begins; the dispatcher then sends another one.
        room.deliver().await;
        room.deliver().await;
    }
    let mut attempted = BTreeMap::new();
    for &id in ids {
        let email = room.email(id).await.listed.email;
        assert_eq!(email.status, Status::Delivered);
        attempted.insert(id, email.first_attempt_at.unwrap());
    }
    attempted
}

#[rstest]
#[case::a_minute(per_minute(3))]
#[case::batches(Limits { batch_size: Some(4), batch_pause_s: Some(90), ..Limits::default() })]
#[case::a_rolling_day(Limits { per_minute: Some(3), per_day: Some(7), ..Limits::default() })]
#[case::a_day_with_a_reset(Limits {
    per_minute: Some(3),
    per_day: Some(7),
    day_reset: DayReset::At { minute_of_day: 0, zone: "America/Los_Angeles".into() },
    ..Limits::default()
})]
#[case::domains(Limits {
    per_minute: Some(5),
    domain_rules: vec![
        DomainRule { domain: "brisamar.example".into(), per_minute: Some(1), per_day: None },
        DomainRule { domain: "*".into(), per_minute: Some(2), per_day: None },
    ],
    ..Limits::default()
})]
#[tokio::test]
async fn what_was_foretold_is_what_happens(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
    #[case] limits: Limits,
) {
    let room = Mailroom::with_limits(backend, limits).await;
    let domains = ["brisamar.example", "duna.example", "brisamar.example", "minato.example"];
    let mut ids = room.queue_to("single", &domains.repeat(4)).await;
    // A batch beside single emails, and a few whose time comes later.
    let bulk = room.queue_to("bulk", &domains.repeat(6)).await;
    room.engine.act(&room.actor, ActionKind::SendNow, &bulk, None).await.unwrap();
    room.engine
        .act(&room.actor, ActionKind::Reschedule, &ids[..3], Some(room.engine.now().plus(2 * MINUTE)))
        .await
        .unwrap();
    room.clock.advance(10 * SECOND);
    ids.extend(bulk);

    let now = room.engine.now();
    let waits = room.scheduled().await;
    let foretold: BTreeMap<EmailId, Timestamp> =
        waits.iter().map(|(id, wait)| (*id, wait.until.unwrap().max(now))).collect();
    let happened = play(&room, &ids).await;
    let wrong: Vec<_> = ids
        .iter()
        .filter(|id| happened[id].since(foretold[id]).abs() > 2 * SECOND)
        .map(|id| format!("{id}: foretold {}, happened {}: {:?}", foretold[id], happened[id], waits[id]))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[rstest]
#[tokio::test]
async fn mail_behind_a_heap_for_a_domain_at_its_limit_leaves(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let rule = DomainRule { domain: "brisamar.example".into(), per_minute: Some(1), per_day: None };
    // With one connection few emails are claimed at once, fewer than the heap.
    let limits = Limits { connections: 1, domain_rules: vec![rule], ..Limits::default() };
    let room = Mailroom::with_limits(backend, limits).await;
    let heap = room.queue_to("heap", &["brisamar.example"; 20]).await;
    let behind = room.queue_to("behind", &["duna.example", "minato.example"]).await;
    room.deliver().await;
    for id in behind {
        assert_eq!(room.email(id).await.listed.email.status, Status::Delivered);
    }
    let mut left = 0;
    for id in heap {
        left += usize::from(room.email(id).await.listed.email.status == Status::Delivered);
    }
    assert_eq!(left, 1);
}
