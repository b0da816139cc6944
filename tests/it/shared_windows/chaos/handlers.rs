//! Handlers as processes, which are killed, restarted with another threshold, and asked.

use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use super::thefts::{Dice, Event};

/// How many there are at once.
const HANDLERS: usize = 4;

/// The processes.
pub(super) struct Handlers {
    connection_string: String,
    thresholds: [&'static str; 2],
    middle: Instant,
    ports: Vec<u16>,
    children: Mutex<Vec<Child>>,
    client: reqwest::Client,
    kills: AtomicUsize,
    failures: AtomicUsize,
    batches: AtomicUsize,
}

impl Handlers {
    pub(super) async fn start(
        connection_string: &str,
        thresholds: [&'static str; 2],
        begun: Instant,
        end: Instant,
    ) -> Self {
        let free = || std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let handlers = Self {
            connection_string: connection_string.to_owned(),
            thresholds,
            middle: begun + (end - begun) / 2,
            ports: (0..HANDLERS).map(|_| free()).collect(),
            children: Mutex::default(),
            client: reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap(),
            kills: AtomicUsize::new(0),
            failures: AtomicUsize::new(0),
            batches: AtomicUsize::new(0),
        };
        let children = handlers.ports.iter().map(|port| handlers.spawn(*port)).collect();
        *handlers.children.lock().unwrap() = children;
        tokio::time::sleep(Duration::from_millis(500)).await;
        handlers
    }

    /// Kills one after another, at odd moments; each is followed by one with the settings of the time.
    pub(super) async fn come_and_go(&self, end: Instant) {
        let mut dice = Dice::new(31);
        while Instant::now() + Duration::from_secs(3) < end {
            tokio::time::sleep(Duration::from_millis(1_000 + dice.below(4_000))).await;
            let at = dice.below(HANDLERS as u64) as usize;
            let mut killed = std::mem::replace(&mut self.children.lock().unwrap()[at], self.absent());
            killed.kill().await.unwrap();
            tokio::time::sleep(Duration::from_millis(dice.below(1_500))).await;
            self.children.lock().unwrap()[at] = self.spawn(self.ports[at]);
            self.kills.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Posts a batch to the instance of the partition; none where it was not answered with 200.
    pub(super) async fn post(&self, partition: usize, events: &[Event], dice: &mut Dice) -> Option<Value> {
        let list = |of: &dyn Fn(&Event) -> Value| Value::from(events.iter().map(of).collect::<Vec<_>>()).to_string();
        let body = json!({
            "Data": {"events": list(&|event| BASE64_STANDARD.encode(&event.body).into())},
            "Metadata": {
                "PartitionContext": {"PartitionId": partition.to_string()},
                "SequenceNumberArray": list(&|event| event.sequence.into()),
                "EnqueuedTimeUtcArray": list(&|event| event.hub.clone().into()),
            },
        });
        // Partitions move from instance to instance now and then.
        let at = if dice.below(10) == 0 { dice.below(HANDLERS as u64) as usize } else { partition % HANDLERS };
        let url = format!("http://127.0.0.1:{}/CertificateAccessed", self.ports[at]);
        let answered =
            self.client.post(url).header("Content-Type", "application/json").body(body.to_string()).send().await;
        self.batches.fetch_add(1, Ordering::Relaxed);
        match answered {
            Ok(answer) if answer.status() == 200 => serde_json::from_slice(&answer.bytes().await.ok()?).ok(),
            _ => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(100 + dice.below(400))).await;
                None
            }
        }
    }

    pub(super) fn figures(&self) -> String {
        let [batches, failures, kills] =
            [&self.batches, &self.failures, &self.kills].map(|n| n.load(Ordering::Relaxed));
        format!("{batches} batches, {failures} of them failed, {kills} kills and joins")
    }

    fn spawn(&self, port: u16) -> Child {
        let threshold = self.thresholds[usize::from(Instant::now() > self.middle)];
        Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
            .arg("serve")
            .env("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string())
            .env("STATE_STORE", "blob")
            .env("AzureWebJobsStorage", &self.connection_string)
            .env("RULES", "all")
            .env("DUMP_THRESHOLD", threshold)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// What stands in the place of a process that was killed.
    fn absent(&self) -> Child {
        Command::new("true").stdout(Stdio::null()).spawn().unwrap()
    }
}
