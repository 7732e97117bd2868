//! The steps that somebody sees who sets up a channel.

use mail::smtp::{Server, Speaker, Step, probe};

use crate::{
    client::{clear_text, client, password},
    script::{Script, hear, say, welcome},
};

#[tokio::test]
async fn every_step_is_shown_with_what_was_said() {
    let play =
        [welcome(&["SIZE 5000", "AUTH PLAIN"]), vec![hear("AUTH PLAIN"), say("235 in"), hear("QUIT"), say("221 bye")]]
            .concat();
    let script = Script::play(play).await;
    let server = Server { credentials: Some(password()), ..clear_text(script.address) };
    let probe = probe(&server, &client()).await;
    assert!(probe.is_ok());
    assert_eq!(probe.size_limit, Some(5_000));
    let steps: Vec<Step> = probe.steps.iter().map(|step| step.step).collect();
    assert_eq!(steps, [Step::Resolve, Step::Connect, Step::Greeting, Step::Ehlo, Step::Auth, Step::SignOff]);
    let said: Vec<(Speaker, &str)> = probe.steps[4].lines.iter().map(|line| (line.from, line.text.as_str())).collect();
    assert_eq!(said, [(Speaker::Us, "AUTH PLAIN ***"), (Speaker::Server, "235 in")]);
}

#[tokio::test]
async fn the_step_that_failed_is_the_last_and_says_why() {
    let play = [welcome(&["AUTH PLAIN"]), vec![hear("AUTH PLAIN"), say("535 5.7.8 wrong")]].concat();
    let script = Script::play(play).await;
    let server = Server { credentials: Some(password()), ..clear_text(script.address) };
    let probe = probe(&server, &client()).await;
    assert!(!probe.is_ok());
    let last = probe.steps.last().unwrap();
    let problem = last.problem.as_ref().unwrap();
    assert_eq!(
        (last.step, problem.code, problem.detail.as_str()),
        (Step::Auth, "credentials_refused", "535 5.7.8 wrong")
    );
    assert!(probe.steps.iter().rev().skip(1).all(|step| step.problem.is_none()));
}

#[tokio::test]
async fn a_host_that_is_none_fails_at_the_first_step() {
    let server = Server { host: "not a host".into(), ..clear_text("127.0.0.1:1".parse().unwrap()) };
    let probe = probe(&server, &client()).await;
    assert_eq!(probe.steps.len(), 1);
    assert_eq!(probe.steps[0].problem.as_ref().unwrap().code, "invalid_host");
}
