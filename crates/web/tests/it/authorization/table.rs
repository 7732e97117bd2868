//! The table.
//!
//! Things are Mia's unless their name says otherwise. What a caller may not see is not found, so nobody learns of it.
//! A program that shows a token may do what its user may, except what concerns sessions, passwords and tokens. Whoever
//! views as her sees what she sees and changes nothing.

use axum::http::Method;

/// The columns.
pub(super) const CALLERS: [&str; 9] = [
    "nobody",
    "mia",
    "her token",
    "her manager",
    "viewing as her",
    "another manager",
    "an admin",
    "deactivated",
    "a stranger",
];

const TABLE: &str = r#"
                                                     no  mia tok mgr as  oth adm off str
signing in
GET    /setup                                        200 200 200 200 200 200 200 200 200
POST   /setup                                        409 409 409 409 409 409 409 409 409 {"token":"x","name":"x","email":"x@x.example","password":"x","workspace_name":"x","time_zone":"UTC"}
GET    /session                                      401 200 200 200 200 200 200 401 200
POST   /session                                      200 200 200 200 200 200 200 200 200 {"email":"mia@north.example","password":"$password"}
DELETE /session                                      401 204 403 204 204 204 204 401 204
DELETE /sessions                                     401 204 403 204 204 204 204 401 204
PUT    /session/view-as                              401 403 403 200 200 403 200 401 404 {"user_id":"$mia"}
PUT    /session/view-as                              401 403 403 403 403 403 403 401 404 {"user_id":"$ada"}
DELETE /session/view-as                              401 200 403 200 200 200 200 401 200
POST   /password-resets                              202 202 202 202 202 202 202 202 202 {"email":"mia@north.example"}
POST   /password-resets/accept                       204 204 204 204 204 204 204 204 204 {"token":"$reset","password":"another sentence"}
PATCH  /me                                           401 200 200 200 403 200 200 401 200 {"name":"Somebody"}
PUT    /me/password                                  401 204 403 204 403 204 204 401 204 {"current":"$password","new":"another sentence"}
GET    /api-tokens                                   401 200 200 200 200 200 200 401 200
POST   /api-tokens                                   401 201 403 201 403 201 201 401 201 {"name":"Script"}
DELETE /api-tokens/$token                            401 204 403 404 403 404 404 401 404
GET    /live                                         401 200 200 200 200 200 200 401 200

the workspace and its people
GET    /workspace                                    401 200 200 200 200 200 200 401 200
PATCH  /workspace                                    401 403 403 403 403 403 200 401 200 {"name":"Renamed"}
POST   /clock-confirmation                           401 403 403 403 403 403 204 401 204
GET    /audit                                        401 403 403 403 403 403 200 401 200
GET    /members                                      401 403 403 403 403 403 200 401 200
PATCH  /members/$mia                                 401 403 403 403 403 403 200 401 404 {"role":"manager"}
POST   /members/$mia/deactivation                    401 403 403 403 403 403 200 401 404 {"hand_over_to":"$max"}
DELETE /members/$gus/deactivation                    401 403 403 403 403 403 200 401 404
POST   /members/$mia/password-reset                  401 403 403 403 403 403 200 401 404
GET    /invitations                                  401 403 403 403 403 403 200 401 200
POST   /invitations                                  401 403 403 403 403 403 201 401 201 {"email":"new@north.example","role":"member","team_ids":[]}
DELETE /invitations/$invitation                      401 403 403 403 403 403 204 401 404
POST   /invitations/lookup                           200 200 200 200 200 200 200 200 200 {"token":"$invited"}
POST   /invitations/accept                           200 200 200 200 200 200 200 200 200 {"token":"$invited","name":"Nina","password":"$password","time_zone":"UTC"}
GET    /teams                                        401 403 403 403 403 403 200 401 200
POST   /teams                                        401 403 403 403 403 403 201 401 201 {"name":"East"}
PATCH  /teams/$north                                 401 403 403 403 403 403 200 401 404 {"name":"East"}
DELETE /teams/$north                                 401 403 403 403 403 403 204 401 404
PUT    /teams/$north/members/$olga                   401 403 403 403 403 403 200 401 404
DELETE /teams/$north/members/$mia                    401 403 403 403 403 403 200 401 404

domains, which are the administrators'
GET    /sending-domains                              401 403 403 403 403 403 200 401 200
POST   /sending-domains/check                        401 403 403 403 403 403 200 401 404 {"channel_id":"$shared","domain":"north.example"}
POST   /dkim-keys                                    401 403 403 403 403 403 201 401 404 {"channel_id":"$shared","domain":"north.example","algorithm":"ed25519"}
PUT    /dkim-keys/$dkim/signing                      401 403 403 403 403 403 409 401 404 {}
PUT    /dkim-keys/$dkim/signing                      401 403 403 403 403 403 200 401 404 {"unchecked":true}
DELETE /dkim-keys/$dkim/signing                      401 403 403 403 403 403 404 401 404
DELETE /dkim-keys/$dkim                              401 403 403 403 403 403 204 401 404
GET    /tracking-domain                              401 403 403 403 403 403 200 401 200
PUT    /tracking-domain                              401 403 403 403 403 403 200 401 200 {"host":"links.north.example"}
POST   /tracking-domain/check                        401 403 403 403 403 403 200 401 404
PUT    /tracking-domain/active                       401 403 403 403 403 403 200 401 404
DELETE /tracking-domain/active                       401 403 403 403 403 403 200 401 404
DELETE /tracking-domain                              401 403 403 403 403 403 204 401 404

channels: hers and the team's
GET    /channels                                     401 200 200 200 200 200 200 401 200
GET    /channels/presets                             401 200 200 200 200 200 200 401 200
POST   /channels                                     401 201 201 201 403 201 201 401 201 {"name":"Own","team":false,$server}
POST   /channels                                     401 403 403 403 403 403 201 401 201 {"name":"Ours","team":true,$server}
POST   /channels/test                                401 200 200 200 403 200 200 401 200 {"name":"Own","team":false,$server}
GET    /channels/$channel                            401 200 200 404 200 404 404 401 404
PATCH  /channels/$channel                            401 200 200 404 403 404 404 401 404 {"name":"Renamed"}
DELETE /channels/$channel                            401 204 204 404 403 404 404 401 404
PUT    /channels/$channel/pause                      401 200 200 404 403 404 404 401 404
DELETE /channels/$channel/pause                      401 200 200 404 403 404 404 401 404
POST   /channels/$channel/test                       401 200 200 404 403 404 404 401 404
POST   /channels/$channel/test                       401 200 200 404 403 404 404 401 404 {"port":9}
GET    /channels/$channel/feedback                   401 200 200 404 200 404 404 401 404
PUT    /channels/$channel/feedback                   401 200 200 404 403 404 404 401 404 {"return_domain":"bounces.example"}
GET    /channels/$shared/feedback                    401 200 200 200 200 200 200 401 404
PUT    /channels/$shared/feedback                    401 403 403 403 403 403 200 401 404 {"return_domain":"bounces.example"}
GET    /channels/$shared                             401 200 200 200 200 200 200 401 404
PATCH  /channels/$shared                             401 403 403 403 403 403 200 401 404 {"name":"Renamed"}
DELETE /channels/$shared                             401 403 403 403 403 403 204 401 404
PUT    /channels/$shared/pause                       401 403 403 403 403 403 200 401 404
DELETE /channels/$shared/pause                       401 403 403 403 403 403 200 401 404
POST   /channels/$shared/test                        401 403 403 403 403 403 200 401 404

her mailbox
GET    /mailboxes                                    401 200 200 200 200 200 200 401 200
POST   /mailboxes                                    401 201 201 201 403 201 201 401 201 {"name":"Work",$imap}
POST   /mailboxes/test                               401 200 200 200 403 200 200 401 200 {"name":"Work",$imap}
GET    /mailboxes/$mailbox                           401 200 200 404 200 404 404 401 404
PATCH  /mailboxes/$mailbox                           401 200 200 404 403 404 404 401 404 {"name":"Renamed"}
DELETE /mailboxes/$mailbox                           401 204 204 404 403 404 404 401 404
POST   /mailboxes/$mailbox/test                      401 200 200 404 403 404 404 401 404
POST   /mailboxes/$mailbox/test                      401 200 200 404 403 404 404 401 404 {"port":9}
GET    /mailboxes/providers                          401 200 200 200 200 200 200 401 200
POST   /mailboxes/consent                            401 200 403 200 403 200 200 401 409 {"provider":"google"}
POST   /mailboxes/consent                            401 200 403 404 403 404 404 401 404 {"provider":"google","mailbox_id":"$mailbox"}
POST   /mailboxes/consent/code                       401 410 403 410 403 410 410 401 410 {"state":"x","code":"x"}
GET    /providers                                    401 403 403 403 403 403 200 401 200
PUT    /providers/$google                            401 403 403 403 403 403 200 401 200 {"client_id":"desk"}
DELETE /providers/$google                            401 403 403 403 403 403 204 401 404

her identity
GET    /identities                                   401 200 200 200 200 200 200 401 200
POST   /identities                                   401 201 201 201 403 201 201 401 201 {"name":"Mia","address":"other@north.example"}
PATCH  /identities/$identity                         401 200 200 404 403 404 404 401 404 {"name":"Mia M."}
DELETE /identities/$identity                         401 204 204 404 403 404 404 401 404
POST   /identities/$unverified/verification          401 200 200 404 403 404 404 401 404
POST   /identities/verify                            410 410 410 410 410 410 410 410 410 {"token":"x"}

her person
GET    /people                                       401 200 200 200 200 200 200 401 200
POST   /people                                       401 201 201 201 403 201 201 401 201 {"address":"new@far.example"}
POST   /people                                       401 409 409 409 403 409 409 401 201 {"address":"kim@far.example"}
GET    /people/$person                               401 200 200 404 200 404 404 401 404
GET    /people/$person/conversation                  401 200 200 404 200 404 404 401 404
GET    /received/$received                           401 200 200 404 200 404 404 401 404
PATCH  /people/$person                               401 200 200 404 403 404 404 401 404 {"first_name":"Kim"}
GET    /people/$person/stops                         401 200 200 404 200 404 404 401 404
POST   /people/$person/unsubscribe                   401 200 200 404 403 404 404 401 404 {}

who is not to be mailed
GET    /stops                                        401 200 200 200 200 200 200 401 200
POST   /stops/$stop/resume                           401 403 403 403 403 403 204 401 404 {"reason":"mistake"}
GET    /blocked-domains                              401 403 403 403 403 403 200 401 200
POST   /blocked-domains                              401 403 403 403 403 403 200 401 200 {"domain":"new.example"}
DELETE /blocked-domains/$blocked                     401 403 403 403 403 403 204 401 404
GET    /unsubscribe-message                          401 200 200 200 200 200 200 401 200
PATCH  /unsubscribe-message                          401 403 403 403 403 403 200 401 200 {"appended":true}
PUT    /unsubscribe-message/own                      401 409 409 409 403 409 409 401 409 {"html":""}

her emails
GET    /dynamic-fields                               401 200 200 200 200 200 200 401 200
GET    /emails                                       401 400 400 400 400 400 400 401 400
GET    /emails?folder=draft                          401 200 200 200 200 200 200 401 200
GET    /emails/ids?folder=draft                      401 200 200 200 200 200 200 401 200
GET    /emails/counts                                401 200 200 200 200 200 200 401 200
POST   /emails                                       401 201 201 201 403 201 201 401 201 {"subject":"Hello"}
POST   /emails                                       401 201 201 404 403 404 404 401 404 {"follow_up_of":"$sent"}
POST   /emails                                       401 201 201 404 403 404 404 401 404 {"reply_to":"$received"}
POST   /emails                                       401 201 201 404 403 404 404 401 404 {"reply_of":"$sent"}
GET    /emails/$draft                                401 200 200 404 200 404 404 401 404
PATCH  /emails/$draft                                401 200 200 404 403 404 404 401 404 {"subject":"Hello"}
GET    /emails/$sent/message                         401 200 200 404 200 404 404 401 404
POST   /emails/$draft/preview                        401 200 200 404 200 404 404 401 404 {}
POST   /emails/$draft/sending                        401 200 200 404 403 404 404 401 404 {}
DELETE /emails/$draft/sending                        401 409 409 404 403 404 404 401 404
GET    /emails/$uncertain/uncertain                  401 200 200 404 200 404 404 401 404
POST   /emails/$uncertain/uncertain                  401 200 200 404 403 404 404 401 404 {"outcome":"arrived"}
POST   /emails/$draft/attachments                    401 201 201 404 403 404 404 401 404 FILE
GET    /emails/$draft/attachments/$attachment        401 200 200 404 200 404 404 401 404
DELETE /emails/$draft/attachments/$attachment        401 204 204 404 403 404 404 401 404
POST   /email-actions                                401 200 200 200 403 200 200 401 200 {"action":"delete","email_ids":["$draft"]}
POST   /email-actions/forecast                       401 200 200 200 403 200 200 401 200 {"action":"retry","email_ids":["$draft"]}
GET    /feed                                         401 200 200 200 200 200 200 401 200
GET    /feed?kinds=viewed,sighted                    401 422 422 422 422 422 422 401 422
GET    /feed/news                                    401 200 200 200 200 200 200 401 200
PUT    /feed/look                                    401 204 204 204 403 204 204 401 204 {"until":"2025-10-09T00:00:00Z"}
DELETE /email-actions/$action                        401 200 200 404 403 404 404 401 404
"#;

/// One line: a request, and the status each caller gets.
pub(super) struct Row {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) expected: Vec<u16>,
    pub(super) body: String,
}

pub(super) fn rows() -> Vec<Row> {
    TABLE.lines().filter_map(row).collect()
}

/// `None` for headings.
fn row(line: &str) -> Option<Row> {
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?, words.next()?);
    let expected: Vec<u16> = words.by_ref().take(CALLERS.len()).map_while(|word| word.parse().ok()).collect();
    let body = words.collect::<Vec<_>>().join(" ");
    let is_row = path.starts_with('/') && expected.len() == CALLERS.len();
    is_row.then(|| Row { method: method.parse().unwrap(), path: path.to_owned(), expected, body })
}
