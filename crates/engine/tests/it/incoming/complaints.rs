//! Complaints (RFC 5965): the email is filed under Spam, and the person is written to no more.

use domain::{Status, events::EventKind, incoming::Kind, reasons::FailureReason, stops::Cause};
use engine::incoming::Fate;
use rstest::rstest;

use super::{Desk, SENDER, answers::stops, header_of};
use crate::support::Backend;

const MARTA: &str = "accept.marta@b.example";

/// A feedback report about mail to `whom`.
fn complaint(whom: &str, returned: &str) -> String {
    format!(
        "From: <feedback@provider.example>\r\nTo: <{SENDER}>\r\nSubject: complaint\r\nMessage-ID: <c1@provider.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nAn email abuse report.\r\n\r\n\
         --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\
         User-Agent: Provider/1\r\nOriginal-Rcpt-To: <{whom}>\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\n{returned}To: <{whom}>\r\n\r\nHello\r\n--b--\r\n"
    )
}

#[rstest]
#[tokio::test]
async fn a_complaint_files_the_email_under_spam_and_stops_further_mail(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let received = desk.receive(complaint(MARTA, &header_of(&id))).await;
    assert_eq!((received.kind, received.fate), (Kind::Complaint, Fate::Recorded));
    let after = desk.email(email.id).await;
    assert_eq!((after.status, after.failure_reason), (Status::Spam, Some(FailureReason::SpamComplaint)));
    assert_eq!(desk.evidence(email.id, EventKind::Complained).await.mailbox.as_deref(), Some("Elena's mail"));
    assert_eq!(stops(&desk).await, [Cause::Complaint]);
    desk.rebuilds_the_same().await;
}

#[rstest]
#[tokio::test]
async fn a_complaint_in_the_name_of_somebody_else_is_ignored(
    #[values(Backend::Sqlite, Backend::Postgres)] backend: Backend,
) {
    let desk = Desk::open(backend).await;
    let email = desk.delivered(MARTA).await;
    let id = desk.message_id(email.id).await;
    let received = desk.receive(complaint("accept.other@b.example", &header_of(&id))).await;
    assert_eq!(received.fate, Fate::Refused);
    assert_eq!(desk.email(email.id).await, email);
    assert!(stops(&desk).await.is_empty());
}
