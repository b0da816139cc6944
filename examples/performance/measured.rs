//! Everything that is measured, in the order in which it is taken.

use std::error::Error;
use std::path::PathBuf;

use crate::connection::Request;
use crate::footprint::{self, ColdStart, Memory};
use crate::growth::{self, Curve};
use crate::load::{self, Load};
use crate::peer::Peer;
use crate::pinning::Cores;
use crate::plan::Plan;
use crate::process;
use crate::server::Server;
use support::bench::corpus::Corpus;
use support::bench::group::Group;
use support::bench::host::{self, DataType};
use support::bench::ratios::Ratios;

/// What is measured, and what beside it.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) binary: PathBuf,
    pub(crate) static_binary: Option<PathBuf>,
    pub(crate) python: PathBuf,
}

/// Places in every list of servers; axum's null handler is between the two.
pub(crate) const OURS: usize = 0;
pub(crate) const NAIVE: usize = 2;

/// A load average above this comes from others.
const QUIET: f64 = 0.5;

/// How the batches are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// dataType binary, as function.json asks for, with its length.
    Binary,
    /// The same in chunks.
    BinaryChunked,
    /// dataType string, with its length.
    String,
}

impl Form {
    const ALL: [Self; 3] = [Self::Binary, Self::BinaryChunked, Self::String];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::BinaryChunked => "binary, chunked",
            Self::String => "string",
        }
    }

    fn request(self, events: &[String]) -> Request {
        match self {
            Self::Binary => Request::invocation(&host::body(DataType::Binary, events)),
            Self::BinaryChunked => Request::chunked_invocation(&host::body(DataType::Binary, events)),
            Self::String => Request::invocation(&host::body(DataType::String, events)),
        }
    }
}

/// The figures.
pub(crate) struct Measured {
    pub(crate) cores: Cores,
    /// Decoder against decoder without a server, as a table.
    pub(crate) decoders: String,
    pub(crate) loads: Vec<(Form, Vec<Load>)>,
    /// Bytes of the events in a batch under load, before the host encodes them.
    pub(crate) payload: f64,
    /// Bytes of the body after which memory is read.
    pub(crate) large_body: f64,
    pub(crate) memories: Vec<Memory>,
    pub(crate) cold_starts: Vec<ColdStart>,
    pub(crate) size: u64,
    pub(crate) static_size: Option<u64>,
    pub(crate) curves: Vec<Curve>,
}

impl Measured {
    /// Takes all of it; says on stderr where it is.
    pub(crate) fn take(subject: &Subject, plan: &Plan) -> Result<Self, Box<dyn Error>> {
        let busy = process::load_average()?;
        if busy > QUIET {
            eprintln!(
                "the machine is not quiet (load {busy}): the numbers will be worse than they are, and further apart"
            );
        }
        let cores = Cores::here();
        let mut servers = vec![Server::ours(&subject.binary)];
        for peer in [Peer::Null, Peer::Naive, Peer::Bare] {
            servers.push(Server::peer(peer)?);
        }
        servers.push(Server::ours_with_the_first_rule(&subject.binary));
        servers.extend(Server::others(&subject.python));
        let groups = Group::all(plan.batches);

        let ours_static = subject.static_binary.as_deref().map(Server::ours_static);
        let with_static: Vec<_> = servers.iter().cloned().chain(ours_static).collect();
        eprintln!("time to start");
        let cold_starts = footprint::cold_starts(&with_static, plan, cores.free())?;
        let apart = cores.apart();
        eprintln!("memory");
        let large = host::body(DataType::Binary, &Corpus::large().batches[0]);
        let memories = footprint::memory(&with_static, &Request::invocation(&large), plan, apart)?;
        let usual = Corpus::usual(plan.batches);
        let mut loads = Vec::new();
        for form in Form::ALL {
            eprintln!("load, {}", form.name());
            let requests: Vec<_> = usual.batches.iter().map(|events| form.request(events)).collect();
            loads.push((form, load::measure(&servers, &requests, plan, apart)?));
        }
        eprintln!("growth");
        let curves = growth::measure(&servers[..=NAIVE], plan, apart)?;
        eprintln!("decoders");
        let ratios = if plan.is_quick { Ratios::Quick } else { Ratios::Thorough };
        let decoders = ratios.table(&groups).to_string();

        let payload: usize = usual.batches.iter().flatten().map(String::len).sum();
        Ok(Self {
            cores,
            decoders,
            loads,
            payload: payload as f64 / usual.batches.len() as f64,
            large_body: large.len() as f64,
            memories,
            cold_starts,
            size: subject.binary.metadata()?.len(),
            static_size: subject.static_binary.as_ref().map(|path| path.metadata()).transpose()?.map(|file| file.len()),
            curves,
        })
    }

    /// The loads with bodies of one form.
    pub(crate) fn loads(&self, form: Form) -> &[Load] {
        self.loads.iter().find(|(known, _)| *known == form).map_or(&[], |(_, loads)| loads)
    }
}
