//! The command line.

mod arguments;

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::config::read_environment;
use crate::hidden::sanitized;
use crate::outcome::Outcome;
use crate::replay::{self, Options, Shown};
use crate::time_bound::TimeBounds;
use crate::{doctor, explain, interrupt, investigate, notify, process_log, rule_tests, serve, show_windows};
use arguments::{Arguments, Command, Notify};

/// Exit code of a fault: bad settings, an input that cannot be read, a failed test.
const FAULT: u8 = 1;
/// Exit code of wrong arguments, the same as clap's.
const USAGE: u8 = 2;

/// Runs the command line of this process and returns its exit code.
#[must_use]
pub fn run() -> ExitCode {
    process_log::hook_panics(print_error);
    // The arguments in host.json need no parser, whose code would take memory in every instance.
    let is_handler = std::env::args_os().skip(1).eq(["serve"]);
    let arguments = if is_handler { Ok(Arguments { command: Some(Command::Serve) }) } else { Arguments::try_parse() };
    let command = match arguments {
        Ok(Arguments { command }) => command,
        Err(error) if error.use_stderr() => {
            // It repeats arguments, which may be names of files that others chose.
            error.render().to_string().lines().for_each(|line| print_error(&sanitized(line)));
            return ExitCode::from(USAGE);
        }
        // Help and version were asked for.
        Err(help) => help.exit(),
    };
    let Some(command) = command else {
        let help = Arguments::command().render_help();
        print_error(&help.to_string());
        return ExitCode::from(USAGE);
    };
    run_command(command).unwrap_or_else(|error| {
        if is_closed_pipe(error.as_ref()) {
            return ExitCode::SUCCESS;
        }
        print_error(&sanitized(&format!("certificate-accessed: {error}")));
        ExitCode::from(FAULT)
    })
}

fn run_command(command: Command) -> Result<ExitCode, Box<dyn Error>> {
    let out = &mut std::io::stdout();
    let outcome = match command {
        Command::Serve => {
            let ended = serve::serve(&read_environment);
            return ended.map_err(|error| process_log::as_error(&error.to_string()).into());
        }
        Command::Replay { paths, format, expected, rules, min_severity, since, until, baseline, sigma, threads } => {
            let shown = Shown { min_severity, bounds: TimeBounds::between(since, until)? };
            let options = Options { format, expected, rules, shown, baseline, sigma, threads };
            replay::replay(&paths, &options, &read_environment)?
        }
        Command::Baseline { paths, out } => replay::baseline(&paths, &out, &read_environment)?,
        Command::Investigate { paths, identities, addresses, since, until, rules, sigma, out } => {
            let bounds = TimeBounds::between(since, until)?;
            let command = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
            let options = investigate::Options { identities, addresses, rules, sigma, bounds, out, command };
            investigate::investigate(&paths, options, &read_environment)?
        }
        Command::Doctor { app } => doctor::examine(&app, &read_environment, out)?.into(),
        Command::Notify(Notify { preview: Some(file), .. }) => notify::preview(&file, &read_environment, out)?.into(),
        Command::Notify(Notify { preview: None, .. }) => notify::test(&read_environment, out)?.into(),
        Command::Windows { format } => show_windows::show(format, &read_environment)?.into(),
        Command::Explain { place, sigma, expected } => {
            explain::explain(&explain::Options { place, sigma, expected }, &read_environment, out)?.into()
        }
        Command::Test { files, sigma } => rule_tests::run(&files, sigma.as_deref(), &read_environment, out)?.into(),
    };
    Ok(match outcome {
        Outcome::Right => ExitCode::SUCCESS,
        Outcome::Wrong => ExitCode::from(FAULT),
        Outcome::Interrupted => ExitCode::from(interrupt::EXIT_CODE),
    })
}

/// Whether a reader of only the first lines, such as `head`, has closed the pipe: no fault.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let is_pipe = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    is_pipe(error) || error.source().is_some_and(is_closed_pipe)
}

/// Writes to stderr, whether or not somebody reads it.
fn print_error(text: &str) {
    use std::io::Write as _;
    let _unread = writeln!(std::io::stderr(), "{text}");
}
