//! How many pixels are answered in a second, beside the nginx module that does nothing but that (`empty_gif`), on the same
//! machine in the same run; and how many visits the store takes.

mod nginx;
mod wrk;

use std::{net::SocketAddr, path::Path};

use domain::{EmailId, Status, WorkspaceId};
use engine::{
    Engine, Keys,
    tracking::{Token, Visit, VisitKind},
};
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    cluster::Cluster,
    failed,
    figures::{Figures, Goal},
    filling, folder, process,
    serving::Serving,
};
use crate::error::Result;
use nginx::Nginx;
use wrk::{Load, Measured};

/// Emails in the store; half of them are delivered, and each of those has its pixel.
const EMAILS: u32 = 10_000;

/// Rounds of both servers in turn; the median counts.
const ROUNDS: usize = 3;

/// How many programs look at each email when visits are counted that the store takes.
const PROGRAMS: usize = 4;

/// The emails whose pixels are asked for.
struct Pixels {
    workspace: WorkspaceId,
    emails: Vec<EmailId>,
}

/// `quarterdeck bench --only tracking`.
pub(super) async fn measure(figures: &mut Figures) -> Result<()> {
    if !wrk::is_installed() || !nginx::is_installed() {
        eprintln!("Tracking is not measured: Debian's packages nginx and wrk are not installed.");
        return Ok(());
    }
    let folder = folder()?;
    let data = folder.path().join("data");
    let pixels = fill(&data, None).await?;
    let paths = folder.path().join("paths");
    std::fs::write(&paths, pixels.paths(&data)?)?;
    answers(figures, &data, &paths, &pixels).await?;
    absorbs(figures, "sqlite", &data, None, &pixels).await?;
    if let Some(cluster) = tokio::task::block_in_place(Cluster::start)? {
        let data = folder.path().join("postgres");
        let pixels = fill(&data, Some(&cluster.url)).await?;
        tokio::task::block_in_place(|| cluster.settle())?;
        absorbs(figures, "postgres", &data, Some(&cluster.url), &pixels).await?;
    }
    Ok(())
}

/// Throughput beside nginx, and how late answers are at half of it.
async fn answers(figures: &mut Figures, data: &Path, paths: &Path, pixels: &Pixels) -> Result<()> {
    let nginx = tokio::task::block_in_place(Nginx::start)?.ok_or_else(|| failed("nginx did not start"))?;
    let serving = Serving::start(data, None).await?;
    let process = serving.process()?;
    let (mut rounds, mut asked) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let theirs = wrk::run(nginx.address, paths, Load::Full).await?;
        let before = process::processor_time(process)?;
        let ours = wrk::run(serving.address, paths, Load::Full).await?;
        let processor = process::processor_time(process)?.saturating_sub(before);
        asked += ours.requests;
        eprintln!("nginx {:.0}/s, ours {:.0}/s", theirs.rate, ours.rate);
        #[expect(clippy::cast_precision_loss, reason = "requests of ten seconds")]
        let processor = processor.as_secs_f64() * 1e6 / ours.requests as f64;
        rounds.push(Round { theirs, ours, processor });
    }
    rounds.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let middle = &rounds[ROUNDS / 2];
    Figures::plain("tracking_nginx_rate", middle.theirs.rate, "/s")?;
    Figures::plain("tracking_rate", middle.ours.rate, "/s")?;
    figures.promised("tracking_of_nginx", middle.ratio(), "", Goal::AtLeast(0.5))?;
    Figures::plain("tracking_processor_time", middle.processor, "µs")?;
    let half = wrk::run(serving.address, paths, Load::Rate(middle.ours.rate / 2.0)).await?;
    asked += half.requests;
    Figures::plain("tracking_half_load_rate", half.rate, "/s")?;
    figures.promised("tracking_half_load_p99", half.p99_ms, "ms", Goal::Below(20.0))?;
    #[expect(clippy::cast_precision_loss, reason = "bytes of a process")]
    let memory = process::peak_memory(process)? as f64 / 1e6;
    Figures::plain("tracking_peak_memory", memory, "MB")?;
    serving.stop().await?;
    let kept = kept(data, pixels).await?;
    #[expect(clippy::cast_precision_loss, reason = "requests of a minute")]
    let share = kept as f64 / asked as f64;
    figures.promised("tracking_recorded", share, "", Goal::AtLeast(1.0))
}

/// One after the other, so that neighbours on the machine disturb both alike.
struct Round {
    theirs: Measured,
    ours: Measured,
    /// Ours for each request, in microseconds.
    processor: f64,
}

impl Round {
    fn ratio(&self) -> f64 {
        self.ours.rate / self.theirs.rate
    }
}

/// How many different visits the store takes in a second, with everything that is looked up for them.
async fn absorbs(
    figures: &mut Figures,
    name: &str,
    data: &Path,
    database_url: Option<&str>,
    pixels: &Pixels,
) -> Result<()> {
    let engine = filling::open_store(data, database_url).await?;
    for program in 0..PROGRAMS {
        for email in &pixels.emails {
            engine.note_visit(visit(&engine, pixels.workspace, *email, program));
        }
    }
    let began = Instant::now();
    engine.record_visits().await;
    let visits = pixels.emails.len() * PROGRAMS;
    #[expect(clippy::cast_precision_loss, reason = "some ten thousand visits")]
    let rate = visits as f64 / began.elapsed().as_secs_f64();
    engine.db().close().await;
    figures.promised(&format!("{name}_visits_recorded_rate"), rate, "/s", Goal::AtLeast(10_000.0))
}

fn visit(engine: &Engine, workspace: WorkspaceId, email: EmailId, program: usize) -> Visit {
    Visit {
        workspace,
        email,
        kind: VisitKind::View,
        at: engine.now(),
        ip: Some(std::net::Ipv4Addr::new(198, 51, 100, 7).into()),
        user_agent: Some(format!("Mozilla/5.0 (X11; Linux x86_64; rv:{program}.0) Gecko/20100101 Thunderbird/140.4.0")),
        announced: None,
        session_token: None,
    }
}

/// A store with emails that were delivered.
async fn fill(data: &Path, database_url: Option<&str>) -> Result<Pixels> {
    filling::fill(data, database_url, EMAILS).await?;
    let engine = filling::open_store(data, database_url).await?;
    let mut tx = engine.db().read().await?;
    let workspaces = store::workspaces::list(&mut tx).await?;
    let workspace = workspaces.first().ok_or_else(|| failed("the store is empty"))?.id;
    let emails = store::rebuild::emails_after(&mut tx, workspace, EmailId(Uuid::nil()), EMAILS).await?;
    let emails = emails.into_iter().filter(|email| email.status == Status::Delivered).map(|email| email.id).collect();
    drop(tx);
    engine.db().close().await;
    Ok(Pixels { workspace, emails })
}

impl Pixels {
    /// The paths of all pixels, one a line.
    fn paths(&self, data: &Path) -> Result<String> {
        let random = crate::randomness::from_system()?;
        let keys = Keys::load_or_create(&data.join("keys.json"), &random)?;
        let seal = |email: &EmailId| Token::Pixel { workspace: self.workspace, email: *email }.seal(&keys);
        let paths: Vec<String> = self.emails.iter().filter_map(seal).map(|token| format!("/o/{token}.gif")).collect();
        Ok(paths.join("\n"))
    }
}

/// How many requests the store has counted.
async fn kept(data: &Path, pixels: &Pixels) -> Result<u64> {
    let engine = filling::open_store(data, None).await?;
    let mut tx = engine.db().read().await?;
    let visits = store::visits::since(&mut tx, pixels.workspace, &pixels.emails, domain::Timestamp(0)).await?;
    drop(tx);
    engine.db().close().await;
    Ok(visits.iter().map(|visit| visit.requests).sum())
}

/// Where both listen.
fn local(port: u16) -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], port))
}
