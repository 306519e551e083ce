//! The confirmed set.

use async_trait::async_trait;

use super::rebuild::clear;
use super::{Commit as _, Engine, SqlStore, fence, projection_write};
use crate::Result;
use crate::model::{Claim, Projection, Set};
use crate::repository::Overlay;

#[async_trait]
impl<E: Engine> Overlay for SqlStore<E> {
    async fn replace_confirmed(&self, claim: &Claim, rows: &[Projection]) -> Result<()> {
        let mut session = self.engine.write().await?;
        fence::hold::<E>(&mut session, claim).await?;
        clear::<E>(&mut session, Set::Confirmed).await?;
        projection_write::write(&self.engine, &mut session, Set::Confirmed, rows).await?;
        session.commit().await
    }
}
