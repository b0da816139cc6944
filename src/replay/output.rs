//! Alerts on standard output: a table, or a message on each line.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};

use super::{Format, table};
use crate::alert::Alert;
use crate::hidden::escaped_json;
use crate::render::queue_message;

/// Prints alerts.
///
/// # Errors
/// When standard output cannot be written to.
pub(super) fn print<'a>(alerts: impl Iterator<Item = Alert<'a>>, format: Format) -> io::Result<()> {
    let is_terminal = io::stdout().is_terminal();
    let mut stdout = BufWriter::new(io::stdout());
    match format {
        Format::Table => table::print(alerts, &mut stdout)?,
        Format::Ndjson => {
            for alert in alerts {
                let message = queue_message(&alert);
                // A terminal would act on what is in a message; others get each byte as the queue does.
                if is_terminal {
                    writeln!(stdout, "{}", escaped_json(&message))?;
                } else {
                    writeln!(stdout, "{message}")?;
                }
            }
        }
    }
    stdout.flush()
}
