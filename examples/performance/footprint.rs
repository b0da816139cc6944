//! What a server takes before and beside its work: time to start, memory, size.

use std::error::Error;
use std::time::Duration;

use crate::connection::Request;
use crate::pinning::Pinning;
use crate::plan::Plan;
use crate::process;
use crate::server::Server;
use support::bench::spread::Spread;

/// How long a server is left alone before its memory counts as idle.
const REST: Duration = Duration::from_millis(200);

/// One server's memory.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    pub(crate) server: String,
    /// Bytes while nothing is asked of it.
    pub(crate) idle: f64,
    /// The most bytes that it had after one large body, above what it had before.
    pub(crate) peak_over_idle: f64,
}

/// One server's way from its start to its first answer, in milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct ColdStart {
    pub(crate) server: String,
    pub(crate) ms: Spread,
}

/// The memory of each server, idle and after one request; a fresh process each time.
pub(crate) fn memory(
    servers: &[Server],
    request: &Request,
    plan: &Plan,
    pinning: Pinning,
) -> Result<Vec<Memory>, Box<dyn Error>> {
    let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); servers.len()];
    for _ in 0..plan.repeats {
        for (server, taken) in servers.iter().zip(&mut taken) {
            taken.push(idle_and_peak(server, request, pinning)?);
        }
    }
    let memories = servers.iter().zip(taken).map(|(server, taken)| Memory {
        server: server.name.clone(),
        idle: Spread::of(taken.iter().map(|(idle, _)| *idle)).median,
        peak_over_idle: Spread::of(taken.iter().map(|(idle, peak)| peak - idle)).median,
    });
    Ok(memories.collect())
}

fn idle_and_peak(server: &Server, request: &Request, pinning: Pinning) -> Result<(f64, f64), Box<dyn Error>> {
    let running = server.start(pinning)?;
    std::thread::sleep(REST);
    let idle = process::resident_bytes(running.id())?;
    running.connect()?.exchange(request)?;
    Ok((idle, process::peak_bytes(running.id())?))
}

/// How long each server takes to its first answer, in turns.
pub(crate) fn cold_starts(servers: &[Server], plan: &Plan, pinning: Pinning) -> Result<Vec<ColdStart>, Box<dyn Error>> {
    let mut taken: Vec<Vec<f64>> = vec![Vec::new(); servers.len()];
    for _ in 0..plan.starts {
        for (server, taken) in servers.iter().zip(&mut taken) {
            taken.push(server.start(pinning)?.started_in.as_secs_f64() * 1e3);
        }
    }
    let starts = servers.iter().zip(taken);
    Ok(starts.map(|(server, taken)| ColdStart { server: server.name.clone(), ms: Spread::of(taken) }).collect())
}
