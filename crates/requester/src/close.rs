//! Closing a job: leases end, what was vouched is cashed, the rest comes back.
//!
//! Every step is decided anew from the chain's state and its own clock, so that it may be interrupted and
//! repeated at any time, and others may crank beside us.

mod plan;

use std::time::Duration;

use mira_chain::{account, ix, ix::SettleAccounts, token, voucher};
use mira_core::{
    Key,
    amount::{Payment, Units},
    job::JobStatus,
};
use mira_wire::{job::LeaseDue, lease::LeasesQuery, voucher::Voucher};
use solana_sdk::{instruction::Instruction, pubkey::Pubkey};
use tokio_util::sync::CancellationToken;

use crate::{Error, Requester, Sent};
use plan::{LeaseView, Step};

const POLL: Duration = Duration::from_millis(100);
/// How often a step is refused before that is an error. Others crank too, and what they sent shows in
/// what is read here only when it is confirmed, a second or two after it is refused to us.
const ATTEMPTS: u32 = 30;

/// How to close.
#[derive(Clone, Copy, Debug)]
pub struct CloseOptions {
    /// Cash vouchers that their providers have not cashed when the time is up: what was promised is
    /// paid, also to a provider that is gone.
    pub settle_for_providers: bool,
    /// How long to wait for all deadlines.
    pub timeout: Duration,
}

/// Something that was done.
pub type CloseStep = Sent;

/// A closed job. Amounts are payment base units; `funded = paid + refunded`.
#[derive(Clone, Debug)]
pub struct Closed {
    /// What was in escrow.
    pub funded: u64,
    /// What providers got, fees included.
    pub paid: u64,
    /// What came back.
    pub refunded: u64,
    /// The transactions that were ours.
    pub transactions: Vec<Sent>,
}

/// One lease with its parts read.
struct LeaseState {
    key: Pubkey,
    provider: Pubkey,
    account: Option<account::Lease>,
    voucher: Option<Voucher>,
}

impl Requester {
    /// Brings a job to its end and takes back what was not paid.
    ///
    /// # Errors
    /// [`Error::NoJob`], `wrong-signer` if the job is open and another's, [`Error::Timeout`]; the
    /// chain's. Nothing is lost: call it again.
    pub async fn close(
        &self,
        job: Pubkey,
        options: &CloseOptions,
        cancel: &CancellationToken,
        on: &mut dyn FnMut(&CloseStep),
    ) -> Result<Closed, Error> {
        let mut transactions = Vec::new();
        let closing = self.close_without_limit(job, options, &mut transactions, on);
        let books = tokio::select! {
            books = tokio::time::timeout(options.timeout, closing) => books,
            () = cancel.cancelled() => return Err(Error::Timeout("closing was interrupted; close again".to_owned())),
        };
        let books = books.map_err(|_| {
            let message =
                format!("job {job} was not closed in {:?}: its deadlines are later; close again", options.timeout);
            Error::Timeout(message)
        })??;
        let refunded = books.funded.saturating_sub(books.paid);
        Ok(Closed { funded: books.funded, paid: books.paid, refunded, transactions })
    }

    async fn close_without_limit(
        &self,
        job: Pubkey,
        options: &CloseOptions,
        transactions: &mut Vec<Sent>,
        on: &mut dyn FnMut(&CloseStep),
    ) -> Result<account::Job, Error> {
        let mut refusals = 0;
        loop {
            let account: Option<account::Job> = self.account(&job).await?;
            let account = account.ok_or_else(|| Error::NoJob(job.to_string()))?;
            if account.status == JobStatus::Open.as_u8() {
                self.require_own(&job, &account)?;
            }
            let leases = self.leases(&job, &account).await?;
            let views = leases.iter().map(view).collect::<Result<Vec<_>, Error>>()?;
            let books = account.to_core().map_err(Error::corrupt)?;
            let now = self.chain_now().await?;
            let steps = plan::plan(&books, &views, now, options.settle_for_providers);
            let mut refused = None;
            for step in &steps {
                let Some((what, instructions)) = self.instructions(*step, &job, &account, &leases).await? else {
                    continue;
                };
                match self.send(what, &instructions).await {
                    Ok(sent) => {
                        on(&sent);
                        transactions.push(sent);
                        refusals = 0;
                        if *step == Step::CloseJob {
                            return Ok(account);
                        }
                    }
                    // One lease that cannot be settled must not hold up the others.
                    Err(error @ Error::Send { .. }) => refused = Some(error),
                    Err(error) => return Err(error),
                }
            }
            if let Some(error) = refused {
                refusals = u32::saturating_add(refusals, 1);
                if refusals >= ATTEMPTS {
                    return Err(error);
                }
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Takes the steps that are due for leases which a job that goes on does not want any more, so that what they hold
    /// is free for others. Nothing was earned under them. Gives those that are gone, or are nothing to this wallet.
    pub(crate) async fn wind_down(&self, job: &Pubkey, unwanted: &[&LeaseDue]) -> Result<Vec<Key>, Error> {
        let account: Option<account::Job> = self.account(job).await?;
        let account = account.ok_or_else(|| Error::NoJob(job.to_string()))?;
        if account.requester != self.address() {
            return Ok(unwanted.iter().map(|due| due.lease.get()).collect());
        }
        let mut leases = Vec::with_capacity(unwanted.len());
        for due in unwanted {
            let (key, provider) = (due.lease.get().into(), due.provider.get().into());
            leases.push(LeaseState { key, provider, account: self.account(&key).await?, voucher: None });
        }
        let (books, now) = (account.to_core().map_err(Error::corrupt)?, self.chain_now().await?);
        for (index, state) in leases.iter().enumerate() {
            let Some(step) = plan::of_lease(&books, index, &view(state)?, now, false) else { continue };
            if let Some((what, instructions)) = self.instructions(step, job, &account, &leases).await? {
                self.send(what, &instructions).await?;
            }
        }
        let gone = leases.iter().filter(|state| state.account.is_none());
        Ok(gone.map(|state| state.key.to_bytes()).collect())
    }

    /// Every lease the job ever had; waits until the index shows as many as the chain counts.
    async fn leases(&self, job: &Pubkey, account: &account::Job) -> Result<Vec<LeaseState>, Error> {
        let wanted = usize::try_from(account.leases_total).map_err(Error::corrupt)?;
        let mut keys = Vec::new();
        while keys.len() < wanted {
            keys.clear();
            let mut query = LeasesQuery { limit: Some(100), ..LeasesQuery::default() };
            loop {
                let page = self.api.job_leases(job.to_bytes().into(), &query).await?;
                keys.extend(page.data.iter().map(|lease| (lease.lease, lease.provider)));
                match page.next_cursor {
                    Some(cursor) => query.cursor = Some(cursor),
                    None => break,
                }
            }
            if keys.len() < wanted {
                tokio::time::sleep(POLL).await;
            }
        }
        let mut leases = Vec::with_capacity(keys.len());
        for (lease, provider) in keys {
            let key = Pubkey::new_from_array(lease.get());
            let account = self.account(&key).await?;
            let voucher = self.newest_voucher(lease).await?;
            leases.push(LeaseState { key, provider: Pubkey::new_from_array(provider.get()), account, voucher });
        }
        Ok(leases)
    }

    /// The transaction of a step; nothing where somebody else was faster.
    async fn instructions(
        &self,
        step: Step,
        job: &Pubkey,
        account: &account::Job,
        leases: &[LeaseState],
    ) -> Result<Option<(&'static str, Vec<Instruction>)>, Error> {
        let me = self.address();
        let at = |index: usize| {
            let state = leases.get(index)?;
            Some((state, state.account.as_ref()?))
        };
        Ok(match step {
            Step::CloseLease(index) => {
                at(index).map(|(lease, _)| ("closing a lease", vec![ix::close_lease(&me, &lease.provider, &lease.key)]))
            }
            Step::BeginClose => Some(("closing the job to new leases", vec![ix::begin_close_job(&me, job)])),
            Step::Settle(index) => match at(index) {
                Some((lease, account)) => self.settle_for(job, lease, account).await?,
                None => None,
            },
            Step::Release(index) => {
                at(index).map(|(lease, _)| ("releasing a lease", vec![ix::release_lease(&me, job, &lease.key)]))
            }
            Step::End(index) => at(index).map(|(lease, account)| {
                ("ending a lease", vec![ix::end_lease(&me, &lease.provider, &lease.key, &account.rent_payer)])
            }),
            Step::CloseJob => {
                let mint = self.network.config.payment_mint;
                let destination = token::associated(&account.requester, &mint);
                let refund = ix::close_job(&me, job, &account.requester, &destination);
                Some(("closing the job", vec![token::create_associated(&me, &account.requester, &mint), refund]))
            }
        })
    }

    async fn settle_for(
        &self,
        job: &Pubkey,
        lease: &LeaseState,
        account: &account::Lease,
    ) -> Result<Option<(&'static str, Vec<Instruction>)>, Error> {
        let provider: Option<account::Provider> = self.account(&lease.provider).await?;
        let (Some(provider), Some(signed)) = (provider, &lease.voucher) else { return Ok(None) };
        let accounts = SettleAccounts {
            submitter: self.address(),
            job: *job,
            lease: lease.key,
            provider: lease.provider,
            payout: provider.payout,
        };
        let amount = Payment::new(signed.cumulative_amount.get());
        let units = Units::new(signed.cumulative_units.get());
        let unsigned = voucher::voucher(self.network.config.cluster_id, &lease.key, amount, units);
        let signature = signed.signature.get();
        Ok(Some(("settling a voucher", ix::settle(&accounts, &account.voucher_signer, &unsigned, &signature).to_vec())))
    }
}

fn view(state: &LeaseState) -> Result<LeaseView, Error> {
    let lease = state.account.as_ref().map(|account| account.to_core().map_err(Error::corrupt)).transpose()?;
    let vouchered = state.voucher.as_ref().map_or(0, |voucher| voucher.cumulative_amount.get());
    Ok(LeaseView { lease, vouchered })
}
