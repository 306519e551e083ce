//! The chain's own thread and runtime. Its run loop blocks, so it never shares a runtime with anything.

use super::ports::Ports;
use super::{LocalChainConfig, Started, genesis};
use crossbeam_channel::{Receiver, Sender};
use std::time::Duration;
use surfpool_core::runloops::start_local_surfnet_runloop;
use surfpool_core::surfnet::locker::SurfnetSvmLocker;
use surfpool_core::surfnet::svm::{SurfnetSvm, SurfnetSvmConfig};
use surfpool_types::{BlockProductionMode, RpcConfig, SimnetCommand, SimnetConfig, SimnetEvent, SurfpoolConfig};
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;

/// Threads of the chain's runtime, besides the one that produces blocks.
const WORKERS: usize = 2;

/// Everything that the thread needs.
pub(super) struct Run {
    pub(super) config: LocalChainConfig,
    pub(super) ports: Ports,
    pub(super) commands: Sender<SimnetCommand>,
    pub(super) received: Receiver<SimnetCommand>,
    pub(super) started: mpsc::Sender<Started>,
}

impl Run {
    /// Runs the chain until it is told to terminate.
    pub(super) fn run(self) {
        let started = self.started.clone();
        if let Err(reason) = self.try_run() {
            tracing::warn!(%reason, "the local chain stopped");
            // If nobody waits any more, it had started, and the line above is all there is to do.
            let _ = started.blocking_send(Started::Failed(reason));
        }
    }

    fn try_run(self) -> Result<(), String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("local-chain-worker")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let Self { config, ports, commands, received, started } = self;
        let (mut svm, events, geyser) = SurfnetSvm::new(SurfnetSvmConfig {
            slot_time: config.slot_ms,
            instruction_profiling_enabled: false,
            max_profiles: 1,
            ..SurfnetSvmConfig::default()
        })
        .map_err(|error| error.to_string())?;
        // Somebody has to read the events: the chain waits when nobody does.
        std::thread::Builder::new()
            .name("local-chain-events".to_owned())
            .spawn(move || drain(&events, &started))
            .map_err(|error| error.to_string())?;
        runtime.block_on(async {
            genesis::prepare(&mut svm, config.seed);
            let locker = SurfnetSvmLocker::new(svm);
            genesis::deploy(&locker, &config).await?;
            tokio::spawn(pace(Duration::from_millis(config.slot_ms), commands.clone()));
            start_local_surfnet_runloop(locker, chain_config(&config, ports), commands, received, geyser)
                .await
                .map_err(|error| error.to_string())
        })
    }
}

fn chain_config(config: &LocalChainConfig, ports: Ports) -> SurfpoolConfig {
    SurfpoolConfig {
        simnets: vec![SimnetConfig {
            offline_mode: true,
            remote_rpc_url: None,
            slot_time: config.slot_ms,
            block_production_mode: BlockProductionMode::Manual,
            instruction_profiling_enabled: false,
            max_profiles: 1,
            ..SimnetConfig::default()
        }],
        rpc: RpcConfig {
            bind_host: "127.0.0.1".to_owned(),
            bind_port: ports.rpc,
            ws_port: ports.ws,
            ..RpcConfig::default()
        },
        ..SurfpoolConfig::default()
    }
}

/// Asks for one block per slot on a schedule that does not drift: late ones are made up for, so that
/// the chain's clock, which counts slots, keeps up with the wall clock. (The chain's own pacing waits
/// a slot's time after each block, and falls behind by the time that blocks take.)
async fn pace(slot: Duration, commands: Sender<SimnetCommand>) {
    let mut schedule = tokio::time::interval(slot);
    schedule.set_missed_tick_behavior(MissedTickBehavior::Burst);
    loop {
        schedule.tick().await;
        if commands.send(SimnetCommand::SlotForward(None)).is_err() {
            return;
        }
    }
}

/// Forwards the chain's events to the log until it ends, and its start to whoever waits for it.
fn drain(events: &Receiver<SimnetEvent>, started: &mpsc::Sender<Started>) {
    for event in events {
        match event {
            SimnetEvent::CoreStarted(_) => {
                let _ = started.blocking_send(Started::Ready);
            }
            SimnetEvent::Aborted(reason) => {
                let _ = started.blocking_send(Started::Failed(reason));
            }
            SimnetEvent::ErrorLog(_, line) => tracing::warn!(target: "mira_chain::local", "{line}"),
            SimnetEvent::WarnLog(_, line) | SimnetEvent::InfoLog(_, line) | SimnetEvent::DebugLog(_, line) => {
                tracing::debug!(target: "mira_chain::local", "{line}");
            }
            _ => {}
        }
    }
}
