//! How time and memory grow with what comes in.

use std::error::Error;
use std::time::{Duration, Instant};

use crate::connection::Request;
use crate::pinning::Pinning;
use crate::plan::Plan;
use crate::process;
use crate::server::Server;
use support::bench::corpus::{self, Batch};
use support::bench::host::{self, DataType};
use support::bench::spread::Spread;

/// A page: less memory than that cannot be told apart.
const LEAST_BYTES: f64 = 4096.0;
/// A slope up to here counts as in proportion; beyond lies more than caches and noise can do.
const IN_PROPORTION: f64 = 1.05;

/// What is made larger from point to point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Axis {
    /// Events in a batch of the usual mix.
    Events,
    /// Bytes of each of sixteen events.
    EventBytes,
    /// Matches among a hundred records of a batch of 256.
    Matches,
}

/// One server along one axis.
#[derive(Debug, Clone)]
pub(crate) struct Curve {
    pub(crate) axis: Axis,
    pub(crate) server: String,
    pub(crate) points: Vec<Point>,
}

/// One size.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    /// On the axis.
    pub(crate) at: usize,
    /// Bytes of the request's body.
    pub(crate) body: f64,
    /// From the first byte sent to the last byte of the answer.
    pub(crate) seconds: f64,
    /// The most memory after one such body, above what the process had idle.
    pub(crate) peak: f64,
}

/// A fresh process that gets one request again and again.
#[derive(Debug, Clone, Copy)]
struct Visit {
    seconds: f64,
    peak: f64,
}

impl Axis {
    pub(crate) const ALL: [Self; 3] = [Self::Events, Self::EventBytes, Self::Matches];

    /// The words of a table or a legend.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Events => "events in the batch",
            Self::EventBytes => "bytes of an event, 16 in the batch",
            Self::Matches => "matches, % of 256 records",
        }
    }

    fn sizes(self) -> &'static [usize] {
        match self {
            Self::Events => &[1, 10, 100, 1_000, 10_000],
            Self::EventBytes => &[100, 1_000, 10_000, 100_000, 1_000_000],
            Self::Matches => &[0, 1, 10, 25, 50, 75, 100],
        }
    }

    fn batch(self, size: usize) -> Batch {
        match self {
            Self::Events => corpus::of_events(size),
            Self::EventBytes => corpus::of_sized_events(16, size),
            Self::Matches => corpus::with_matches(corpus::BATCH_EVENTS, size),
        }
    }
}

impl Curve {
    /// The exponent with which a figure grows with the body: 1 is in proportion, less is slower.
    pub(crate) fn slope(&self, figure: fn(&Point) -> f64) -> f64 {
        let logs: Vec<_> = self.points.iter().map(|point| (point.body.ln(), figure(point).ln())).collect();
        let count = logs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|log| log.0), mean(|log| log.1));
        let covariance: f64 = logs.iter().map(|log| (log.0 - x) * (log.1 - y)).sum();
        let variance: f64 = logs.iter().map(|log| (log.0 - x).powi(2)).sum();
        covariance / variance
    }

    /// The steepest step between neighbours, which a small start can't hide.
    pub(crate) fn steepest(&self, figure: fn(&Point) -> f64) -> f64 {
        let steps = self.points.iter().zip(self.points.iter().skip(1));
        steps.map(|(from, to)| (figure(to) / figure(from)).ln() / (to.body / from.body).ln()).fold(0.0, f64::max)
    }

    /// What the slope says, in words.
    pub(crate) fn verdict(slope: f64) -> &'static str {
        if slope <= IN_PROPORTION { "no faster than its input" } else { "FASTER than its input" }
    }
}

/// Measures the servers along every axis.
pub(crate) fn measure(servers: &[Server], plan: &Plan, pinning: Pinning) -> Result<Vec<Curve>, Box<dyn Error>> {
    let mut curves = Vec::new();
    for axis in Axis::ALL {
        let bodies: Vec<_> = axis.sizes().iter().map(|&size| host::body(DataType::Binary, &axis.batch(size))).collect();
        let requests: Vec<_> = bodies.iter().map(|body| Request::invocation(body)).collect();
        // Sizes take turns, too: what one is to another is the result.
        let mut visits: Vec<Vec<Vec<Visit>>> = vec![vec![Vec::new(); requests.len()]; servers.len()];
        for _ in 0..plan.repeats {
            for (number, request) in requests.iter().enumerate() {
                for (server, visits) in servers.iter().zip(&mut visits) {
                    visits[number].push(Visit::to(server, request, plan.round / 4, pinning)?);
                }
            }
        }
        for (server, visits) in servers.iter().zip(visits) {
            let sizes = axis.sizes().iter().zip(&bodies).zip(visits);
            let points = sizes.map(|((at, body), visits)| Point {
                at: *at,
                body: body.len() as f64,
                seconds: Spread::of(visits.iter().map(|visit| visit.seconds)).median,
                peak: Spread::of(visits.iter().map(|visit| visit.peak)).median,
            });
            curves.push(Curve { axis, server: server.name.clone(), points: points.collect() });
        }
    }
    Ok(curves)
}

impl Visit {
    fn to(server: &Server, request: &Request, duration: Duration, pinning: Pinning) -> Result<Self, Box<dyn Error>> {
        let running = server.start(pinning)?;
        let idle = process::resident_bytes(running.id())?;
        let mut connection = running.connect()?;
        connection.exchange(request)?;
        let peak = (process::peak_bytes(running.id())? - idle).max(LEAST_BYTES);
        let mut seconds = Vec::new();
        let begun = Instant::now();
        while seconds.is_empty() || begun.elapsed() < duration {
            let sent = Instant::now();
            connection.exchange(request)?;
            seconds.push(sent.elapsed().as_secs_f64());
        }
        Ok(Self { seconds: Spread::of(seconds).median, peak })
    }
}
