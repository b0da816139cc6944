//! Client and server on cores of their own, by `taskset` where there is one.

use std::path::Path;
use std::process::{Command, Stdio};

const SERVER_CORE: &str = "0";
const CLIENT_CORE: &str = "1";

/// The cores of this machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cores {
    /// How many.
    pub(crate) count: usize,
    /// Whether processes can be bound to them.
    pub(crate) can_pin: bool,
}

/// Whether servers are bound to a core.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pinning {
    /// The server has one core, the client the other.
    Apart,
    /// The system decides.
    Free,
}

impl Cores {
    /// The cores as they are, asked before anything is bound.
    pub(crate) fn here() -> Self {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        Self { count, can_pin: count > 1 && bind_this_process(&all(count)) }
    }

    /// Binds this process to the client's core, and servers to the other.
    pub(crate) fn apart(self) -> Pinning {
        if self.can_pin && bind_this_process(CLIENT_CORE) { Pinning::Apart } else { Pinning::Free }
    }

    /// Lets client and servers run anywhere, because the start of `taskset` would count as the start of a server.
    pub(crate) fn free(self) -> Pinning {
        // Where it cannot be bound, it never was.
        let _unbound = self.can_pin && bind_this_process(&all(self.count));
        Pinning::Free
    }
}

impl Pinning {
    /// A command that starts a server.
    pub(crate) fn command(self, program: &Path) -> Command {
        match self {
            Self::Apart => {
                let mut command = Command::new("taskset");
                command.args(["-c", SERVER_CORE]).arg(program);
                command
            }
            Self::Free => Command::new(program),
        }
    }
}

fn all(count: usize) -> String {
    format!("0-{}", count - 1)
}

fn bind_this_process(cores: &str) -> bool {
    let id = std::process::id().to_string();
    let mut taskset = Command::new("taskset");
    let bound = taskset.args(["-a", "-c", "-p", cores, &id]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    bound.is_ok_and(|status| status.success())
}
