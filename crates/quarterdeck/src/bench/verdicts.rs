//! How often the verdict on a view or a click is right, in worlds that the rules have never seen.
//!
//! The simulator says what people, machines and senders did; the rules see what a server sees. Precision: of what we say is a
//! person's, how much is. Recall: of what is a person's, how much we say is. *Unknown* is no answer: it costs recall and no
//! precision.

use std::collections::{BTreeMap, HashMap};

use domain::{
    EventId, Timestamp,
    engagement::{Announced, Client, Context, Own, Request, Target, Verdict, Visit, judge, judge_together},
};
use engine::networks::{Files, Networks};
use simulator::replay::{Label, Labelled, Replay, Tie, replay};
use uuid::Uuid;

use super::{
    failed,
    figures::{Figures, Goal},
};
use crate::error::Result;

/// The worlds that are measured. The rules were made looking at the worlds 1 to 5, and at none of these: whoever changes the
/// rules looks at those, and not here.
const WORLDS: std::ops::Range<u64> = 1001..1011;

/// Views and clicks in each.
const LEAST: usize = 10_000;

/// What was said how often of what it was.
#[derive(Debug, Default)]
struct Table(BTreeMap<(Label, Verdict), u32>);

/// `quarterdeck bench --only verdicts`.
pub(super) fn measure(figures: &mut Figures) -> Result<()> {
    let mut table = Table::default();
    for seed in WORLDS {
        table.add(&replay(seed, LEAST))?;
    }
    eprintln!("{}", table.text());
    for (label, name, floors) in FLOORS {
        figures.promised(&format!("verdicts_{name}_precision"), table.precision(label), "", Goal::AtLeast(floors.0))?;
        figures.promised(&format!("verdicts_{name}_recall"), table.recall(label), "", Goal::AtLeast(floors.1))?;
    }
    let taken = table.count(|is, said| is == Label::Machine && said == Verdict::Human);
    Figures::plain("verdicts_machines_taken_for_people", taken / table.count(|is, _| is == Label::Machine), "")
}

/// Precision and recall by class that hold in each of the worlds nobody tuned for: a little below the worst of them, as it was
/// when the rules were finished.
const FLOORS: [(Label, &str, (f64, f64)); 3] = [
    (Label::Human, "human", (0.94, 0.93)),
    (Label::Machine, "machine", (0.98, 0.9)),
    (Label::Own, "self", (0.99, 0.65)),
];

impl Table {
    fn add(&mut self, world: &Replay) -> Result<()> {
        let networks = networks(&world.apple_list)?;
        let replies: HashMap<u32, i64> = world.replies.iter().copied().collect();
        for requests in world.requests.chunk_by(|a, b| a.email == b.email) {
            let visits: Vec<Visit> = requests.iter().enumerate().map(|(n, it)| alone(n, it, &networks)).collect();
            let replied_at = replies.get(&requests[0].email).copied().map(Timestamp);
            let context = Context { sent_at: Some(Timestamp(0)), replied_at };
            for (request, said) in requests.iter().zip(judge_together(&visits, context)) {
                *self.0.entry((request.label, said.verdict)).or_default() += 1;
            }
        }
        Ok(())
    }

    fn count(&self, is_wanted: impl Fn(Label, Verdict) -> bool) -> f64 {
        let counted: u32 = self.0.iter().filter(|((label, said), _)| is_wanted(*label, *said)).map(|it| it.1).sum();
        f64::from(counted)
    }

    /// Of what we say is so, how much is.
    fn precision(&self, label: Label) -> f64 {
        self.count(|is, said| is == label && said == verdict_of(label))
            / self.count(|_, said| said == verdict_of(label))
    }

    /// Of what is so, how much we say is.
    fn recall(&self, label: Label) -> f64 {
        self.count(|is, said| is == label && said == verdict_of(label)) / self.count(|is, _| is == label)
    }

    fn text(&self) -> String {
        let all = self.count(|_, _| true);
        let columns = "human  machine     self  unknown";
        let mut lines = vec![format!("{all} views and clicks"), format!("{:>10}    {columns}", "")];
        for (label, name, _) in FLOORS {
            let [human, machine, own, unknown] = [Verdict::Human, Verdict::Machine, Verdict::Own, Verdict::Unknown]
                .map(|said| self.count(|is, it| is == label && it == said));
            let (precision, recall) = (self.precision(label), self.recall(label));
            lines.push(format!(
                "{name:>10} {human:>8} {machine:>8} {own:>8} {unknown:>8}  precision {precision:.4} recall {recall:.4}"
            ));
        }
        lines.join("\n")
    }
}

fn verdict_of(label: Label) -> Verdict {
    match label {
        Label::Human => Verdict::Human,
        Label::Machine => Verdict::Machine,
        Label::Own => Verdict::Own,
    }
}

/// The lists that are shipped, and Apple's of that world.
fn networks(apple_list: &str) -> Result<Networks> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("egress-ip-ranges.csv"), apple_list)?;
    let files = Files { folder: folder.path().to_owned(), numbers: None, places: None };
    files.load().map_err(failed)
}

/// What the rules say of one request by itself.
fn alone(n: usize, request: &Labelled, networks: &Networks) -> Visit {
    let announced = match (request.head, request.prefetch) {
        (true, _) => Some(Announced::Head),
        (false, true) => Some(Announced::Prefetch),
        _ => None,
    };
    let own = request.tie.map(|tie| match tie {
        Tie::Cookie => Own::SignedIn,
        Tie::Address => Own::Address,
    });
    let (verdict, why) = judge(&Request {
        click: request.link.is_some(),
        user_agent: request.user_agent,
        announced,
        own,
        source: networks.look_up(request.ip).source,
        since_sent: Some(request.at),
    });
    Visit {
        id: EventId(Uuid::from_u128(n as u128)),
        at: Timestamp(request.at),
        target: request.link.map_or(Target::Pixel, Target::Link),
        client: Client { ip: Some(request.ip), user_agent: request.user_agent.map(str::to_owned) },
        verdict,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_as_right_as_promised_in_worlds_the_rules_have_not_seen() {
        for seed in WORLDS {
            let mut table = Table::default();
            table.add(&replay(seed, LEAST)).unwrap();
            for (label, name, (precision, recall)) in FLOORS {
                assert!(table.precision(label) >= precision, "{name}, world {seed}\n{}", table.text());
                assert!(table.recall(label) >= recall, "{name}, world {seed}\n{}", table.text());
            }
        }
    }
}
