//! The feeder: claims, loads and renders a channel's mail, each step for some emails while the step before it is on the next.
//!
//! ```text
//! claim    a few emails of each lane
//! load     what belongs to them
//! render   off the async threads, for the hands
//! ```
//! Each step begins only when the next has room, so that a slow server holds up the claims.

use domain::EmailId;
use tokio::sync::mpsc;

use super::{
    claims::Seen,
    crew::Crew,
    portions::Portion,
    prepare::{Materials, Parcel},
};
use crate::{Engine, Error, Result};

impl Engine {
    /// Feeds the hands until nothing is due that may leave.
    pub(super) async fn feed(&self, crew: &Crew, rendered: mpsc::Sender<Parcel>) -> Result<()> {
        let (claimed, to_load) = mpsc::channel(1);
        let (loaded, to_render) = mpsc::channel(1);
        let (claiming, loading, rendering) = tokio::join!(
            self.claim_all(crew, claimed),
            self.load_all(crew, to_load, loaded),
            self.render_all(crew, to_render, rendered),
        );
        claiming.and(loading).and(rendering)
    }

    async fn claim_all(&self, crew: &Crew, claimed: mpsc::Sender<Portion>) -> Result<()> {
        let mut queue = Seen::default();
        while claimed.reserve().await.is_ok() {
            let emails = self.claim(crew, &mut queue).await?;
            if emails.is_empty() {
                break;
            }
            let ids: Vec<EmailId> = emails.iter().map(|email| email.id).collect();
            let portions = match self.portions(crew, &ids, emails).await {
                Ok(portions) => portions,
                Err(error) => return Err(leave(crew, ids, error)),
            };
            for portion in portions {
                self.tell_of(crew.workspace(), portion.emails.iter().map(|email| (email.owner_id, email.id)));
                if let Err(unwanted) = claimed.send(portion).await {
                    crew.leave_all(unwanted.0.ids());
                }
            }
        }
        Ok(())
    }

    async fn load_all(
        &self,
        crew: &Crew,
        mut claimed: mpsc::Receiver<Portion>,
        loaded: mpsc::Sender<Vec<Materials>>,
    ) -> Result<()> {
        let mut result = Ok(());
        while result.is_ok()
            && let Ok(place) = loaded.reserve().await
            && let Some(portion) = claimed.recv().await
        {
            let ids = portion.ids();
            match self.materials(crew, portion).await {
                Ok(materials) => place.send(materials),
                Err(error) => result = Err(leave(crew, ids, error)),
            }
        }
        claimed.close();
        while let Some(portion) = claimed.recv().await {
            crew.leave_all(portion.ids());
        }
        result
    }

    async fn render_all(
        &self,
        crew: &Crew,
        mut loaded: mpsc::Receiver<Vec<Materials>>,
        rendered: mpsc::Sender<Parcel>,
    ) -> Result<()> {
        let mut result = Ok(());
        while result.is_ok()
            && let Some(materials) = loaded.recv().await
        {
            let ids = ids(&materials);
            match self.parcels(crew, materials).await {
                Ok(parcels) => hand_out(crew, parcels, &rendered).await,
                Err(error) => result = Err(leave(crew, ids, error)),
            }
        }
        loaded.close();
        while let Some(materials) = loaded.recv().await {
            crew.leave_all(ids(&materials));
        }
        result
    }
}

/// Leaves parcels where the hands take them, as there is room.
async fn hand_out(crew: &Crew, parcels: Vec<Parcel>, rendered: &mpsc::Sender<Parcel>) {
    for mut parcel in parcels {
        parcel.place = crew.room.take(parcel.weight()).await;
        // The hands take what comes as long as there is a feeder.
        let _ = rendered.send(parcel).await;
    }
}

/// None of `ids` will begin, because of `error`.
fn leave(crew: &Crew, ids: Vec<EmailId>, error: Error) -> Error {
    crew.leave_all(ids);
    error
}

fn ids(materials: &[Materials]) -> Vec<EmailId> {
    materials.iter().map(|it| it.email.id).collect()
}
