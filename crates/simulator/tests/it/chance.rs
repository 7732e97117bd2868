//! The same seed makes the same world.

use crate::client::{Client, Hands, visit};
use crate::web::Web;
use simulator::{Habit, Options, Reaction, World, people};

const HOUR: i64 = 3600 * crate::client::SECOND;

/// What a cast does with a letter in the world of a seed, in this order of delivery.
async fn history(seed: u64, cast: &[String], web: &Web) -> Vec<Reaction> {
    let world = World::start(Options { slow: std::time::Duration::ZERO, ..Options::new(seed, Hands::new().clock()) })
        .await
        .unwrap();
    let letter = format!(
        "Content-Type: text/html\r\n\r\n<a href=\"http://{0}/c/1\">x</a><img src=\"http://{0}/o/1.gif\">\r\n",
        web.address
    );
    let mut client = Client::greeted(&world).await;
    for address in cast {
        client.deliver(address, &letter).await;
        client.ask("RSET").await;
    }
    let mut reactions = world.due(i64::MAX);
    reactions.sort_by(|a, b| (a.at, &a.recipient, &visit(a).url).cmp(&(b.at, &b.recipient, &visit(b).url)));
    reactions
}

fn cast() -> Vec<String> {
    people(7, 60).into_iter().map(|person| person.address).collect()
}

#[tokio::test]
async fn the_same_seed_gives_the_same_history_in_any_order_of_delivery() {
    let web = Web::start().await;
    let forwards = cast();
    let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
    let first = history(7, &forwards, &web).await;
    assert!(first.len() > 30);
    assert_eq!(first, history(7, &backwards, &web).await);
    assert_ne!(first, history(8, &forwards, &web).await);
}

#[tokio::test]
async fn a_second_letter_is_not_read_like_the_first() {
    let web = Web::start().await;
    let world = World::start(Options::new(7, Hands::new().clock())).await.unwrap();
    let reader = cast().into_iter().find(|address| world.behaviour(address).habit == Habit::Opens).unwrap();
    let first = history(7, std::slice::from_ref(&reader), &web).await;
    let both = history(7, &[reader.clone(), reader], &web).await;
    assert!(first.iter().all(|reaction| both.contains(reaction)));
    assert!(both.len() > first.len());
}

#[tokio::test]
async fn people_read_soon_or_days_later_and_not_at_night() {
    let web = Web::start().await;
    let human =
        |reaction: &Reaction| ["Gecko/", "MSOffice"].iter().any(|name| visit(reaction).user_agent.contains(name));
    let reactions = history(7, &cast(), &web).await;
    let late = reactions
        .iter()
        .filter(|reaction| human(reaction))
        .filter(|reaction| (12 * HOUR..20 * HOUR).contains(&((reaction.at - crate::client::BEGINNING) % (24 * HOUR))))
        .count();
    assert_eq!(late, 0);
}
