//! Load: every server in turns, over few and many connections.

use std::error::Error;
use std::io;
use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::connection::Request;
use crate::pinning::Pinning;
use crate::plan::Plan;
use crate::process;
use crate::server::{Running, Server};
use support::bench::spread::{Spread, quantile};

/// How many connections there are: one batch at a time, and as many as an instance may own partitions.
pub(crate) const CONNECTIONS: [usize; 2] = [1, 8];

/// What one server did over so many connections.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    pub(crate) server: String,
    pub(crate) connections: usize,
    pub(crate) rounds: Vec<Round>,
}

/// A second or so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Round {
    pub(crate) requests_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) cpu_ms: f64,
}

impl Load {
    /// The median of one figure over the rounds.
    pub(crate) fn median(&self, figure: fn(&Round) -> f64) -> f64 {
        Spread::of(self.rounds.iter().map(figure)).median
    }

    /// One figure as a multiple of another server's, round by round.
    pub(crate) fn against(&self, other: &Self, figure: fn(&Round) -> f64) -> Spread {
        let rounds = self.rounds.iter().zip(&other.rounds);
        Spread::of(rounds.map(|(this, other)| figure(this) / figure(other)))
    }
}

/// Loads the servers with the same requests. They all run from the first round to the last.
pub(crate) fn measure(
    servers: &[Server],
    requests: &[Request],
    plan: &Plan,
    pinning: Pinning,
) -> Result<Vec<Load>, Box<dyn Error>> {
    let running: Vec<_> = servers.iter().map(|server| server.start(pinning)).collect::<Result<_, _>>()?;
    let mut loads = Vec::new();
    for connections in CONNECTIONS {
        let first = loads.len();
        for server in servers {
            loads.push(Load { server: server.name.clone(), connections, rounds: Vec::new() });
        }
        // The first round warms up: heaps grow, and what compiles while it runs has compiled.
        for number in 0..=plan.rounds {
            for (server, load) in running.iter().zip(&mut loads[first..]) {
                let round = round(server, requests, connections, plan.round)?;
                if number > 0 {
                    load.rounds.push(round);
                }
            }
        }
    }
    Ok(loads)
}

fn round(server: &Running, requests: &[Request], connections: usize, duration: Duration) -> io::Result<Round> {
    let start = Barrier::new(connections);
    let cpu_before = process::cpu_seconds(server.id())?;
    let begun = Instant::now();
    let answered: io::Result<Vec<Vec<f64>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|number| {
                let start = &start;
                // Each begins elsewhere, so that no two send the same batch at once.
                let requests = requests.iter().cycle().skip(number * 3);
                scope.spawn(move || one_connection(server, requests, start, duration))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a client thread")).collect()
    });
    let elapsed = begun.elapsed().as_secs_f64();
    let mut latencies: Vec<f64> = answered?.concat();
    latencies.sort_by(f64::total_cmp);
    let count = latencies.len() as f64;
    Ok(Round {
        requests_per_second: count / elapsed,
        p50_ms: quantile(&latencies, 0.5) * 1e3,
        p99_ms: quantile(&latencies, 0.99) * 1e3,
        cpu_ms: (process::cpu_seconds(server.id())? - cpu_before) / count * 1e3,
    })
}

fn one_connection<'r>(
    server: &Running,
    requests: impl Iterator<Item = &'r Request>,
    start: &Barrier,
    duration: Duration,
) -> io::Result<Vec<f64>> {
    let connection = server.connect();
    start.wait();
    let mut connection = connection?;
    let mut latencies = Vec::new();
    let begun = Instant::now();
    for request in requests {
        let sent = Instant::now();
        connection.exchange(request)?;
        latencies.push(sent.elapsed().as_secs_f64());
        if begun.elapsed() >= duration {
            break;
        }
    }
    Ok(latencies)
}
