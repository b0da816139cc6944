//! The command line.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, CommandFactory as _, Parser, Subcommand};
use jiff::Timestamp;

use crate::config::read_environment;
use crate::hidden::sanitized;
use crate::network::Network;
use crate::replay::{self, Format, Options};
use crate::severity::Severity;
use crate::time_bound::{Bound, TimeBounds};
use crate::{doctor, explain, investigate, notify, process_log, rule_tests, serve, show_windows};

/// Exit code of a fault: bad settings, an input that cannot be read, a failed test.
const FAULT: u8 = 1;
/// Exit code of wrong arguments, the same as clap's.
const USAGE: u8 = 2;

/// Detects who reads the certificates of Azure Key Vaults, in logs that Azure writes.
#[derive(Debug, Parser)]
#[command(
    name = "certificate-accessed",
    version,
    after_help = "Settings are read from the environment (RULES, DEDUP_MINUTES, ...); the README lists them.\n\
                  Try: certificate-accessed replay samples/"
)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run as the custom handler that the Azure Functions host starts.
    ///
    /// Listens on 127.0.0.1 at the port in FUNCTIONS_CUSTOMHANDLER_PORT, which the host sets. Ctrl-C and SIGTERM let the
    /// answers under way go out; then the exit code is 200 if the host started it (FUNCTIONS_CUSTOMHANDLER_WORKER_ID is
    /// set), because the host starts it again after 200 and never after 0, and 0 by hand. Exit code 1 on a fault, which
    /// is named on stderr.
    Serve,
    /// Run the rules over saved logs and print the alerts.
    ///
    /// Reads JSON, lines of JSON, {"records":[...]} envelopes, trees of PT1H.json from a storage account, CSV of the
    /// tables of Log Analytics, Avro of Event Hubs Capture, the product's own rejected files, UTF-16, and gzip or zip of
    /// any of them; the content tells which it is, not the name. Alerts go to standard output, a summary goes to
    /// standard error. Exit code 0 whether or not there were alerts, 1 if an input could
    /// not be read, or nothing in it could.
    Replay {
        /// Files, folders with everything below them, or - for standard input.
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        /// How alerts are printed [default: a table on a terminal, else ndjson]
        #[arg(long, value_enum)]
        format: Option<Format>,
        /// Try out an expected-access file: show what it would have silenced.
        ///
        /// A file that cannot be used is named with line and column, and ends the command with 1.
        #[arg(long, value_name = "FILE")]
        expected: Option<PathBuf>,
        /// The rules that are on: names in any case, comma-separated, or all [default: RULES]
        #[arg(long, value_name = "NAMES")]
        rules: Option<String>,
        /// Print no alert below it: info, low, medium, high or critical
        #[arg(long, value_name = "SEVERITY", value_parser = severity)]
        min_severity: Option<Severity>,
        /// What is usual for each identity, as the command baseline writes it [default: BASELINE, else only these logs]
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
        /// A folder of Sigma rules that are on, too [default: SIGMA_RULES]
        #[arg(long, value_name = "DIR")]
        sigma: Option<PathBuf>,
    },
    /// Learn from saved logs what is usual for each identity.
    ///
    /// Reads what replay reads, and writes for each identity its vaults, address ranges and clients, each with its first and last
    /// day, as sorted JSON without the name of any secret. UnfamiliarReader judges by it: with BASELINE in serve, with --baseline
    /// in replay. Exit code 1 if an input could not be read.
    Baseline {
        /// Files, folders with everything below them, or - for standard input.
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        /// The file to write, or - for standard output.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Find out from saved logs what somebody read, and write what has to be rotated.
    ///
    /// Reads what replay reads, and sign-in logs for names. Writes report.html for people, rotate.csv with every name that was
    /// read, those first whose private key may have left, timeline.csv with every record (Timesketch imports it), queries.kql
    /// for Log Analytics, report.json with the hash of each input, and SHA256SUMS. Without --identity and --address it looks at
    /// the callers of all alerts of severity HIGH or above. Exit code 1 if an input could not be read, which the report names,
    /// or if the folder is not empty.
    ///
    /// Example: certificate-accessed investigate logs/ --identity 00000000-0000-0000-0000-0000000000c7 --since 2026-03-19 --out case/
    Investigate {
        /// Files, or folders with everything below them.
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        /// Whose calls: an object id, an application id or a user principal name; may be given several times.
        #[arg(long = "identity", value_name = "OID|APPID|UPN", value_parser = NonEmptyStringValueParser::new())]
        identities: Vec<String>,
        /// Calls from where: an address or a network such as 192.0.2.0/24; may be given several times.
        #[arg(long = "address", value_name = "IP|CIDR", value_parser = network)]
        addresses: Vec<(String, Network)>,
        /// Records from when on: 2026-03-19T02:41:00Z, a day in UTC, or how long ago, as in 90m, 12h or 7d.
        #[arg(long, value_name = "TIME", value_parser = |text: &str| Bound::Since.parse(text, Timestamp::now()))]
        since: Option<Timestamp>,
        /// Records before when, in the same form; a day means all of that day.
        #[arg(long, value_name = "TIME", value_parser = |text: &str| Bound::Until.parse(text, Timestamp::now()))]
        until: Option<Timestamp>,
        /// The rules whose alerts count where nobody is named: all, or names, comma-separated [default: all]
        #[arg(long, value_name = "NAMES")]
        rules: Option<String>,
        /// A folder of Sigma rules whose alerts count, too, where nobody is named [default: SIGMA_RULES]
        #[arg(long, value_name = "DIR")]
        sigma: Option<PathBuf>,
        /// The folder to write into, empty or absent.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Print the windows that instances share, from the log in the storage account.
    ///
    /// Reads the container certificate-state of the account that AzureWebJobsStorage names, and writes nothing. One row
    /// for each rule and identity or dedup string. Exit code 1 if there is no log or it cannot be read.
    Windows {
        /// How they are printed [default: a table on a terminal, else ndjson]
        #[arg(long, value_enum)]
        format: Option<Format>,
    },
    /// Tell why each rule matches one saved record, or why not.
    ///
    /// For the record at a line of a file, and for every rule, built-in and Sigma: its conditions with what the record has, which
    /// window the match would join, and which expected access would silence it. A line with several records explains each.
    /// Exit code 1 if there is no record.
    ///
    /// Example: certificate-accessed explain logs/PT1H.json:12 --sigma sigma/
    Explain {
        /// The file, and after a colon the line [default: the first record].
        #[arg(value_name = "FILE[:LINE]")]
        place: String,
        /// A folder of Sigma rules [default: SIGMA_RULES]
        #[arg(long, value_name = "DIR")]
        sigma: Option<PathBuf>,
        /// An expected-access file [default: EXPECTED_ACCESS]
        #[arg(long, value_name = "FILE")]
        expected: Option<PathBuf>,
    },
    /// Run the tests in the rules' YAML.
    ///
    /// Without a file or folder, the tests of all built-in rules and of those in SIGMA_RULES. Prints each verdict; exit code 1 if
    /// one fails, or if a Sigma rule in the folder cannot run.
    Test {
        /// Rule files in Panther's form, whose RuleID is one of this program's; or name.tests.yml beside the Sigma rule name.yml.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
        /// A folder of Sigma rules, each with its tests in name.tests.yml beside it.
        #[arg(long, value_name = "DIR")]
        sigma: Option<PathBuf>,
    },
    /// Examine an app folder or package, and the settings, as the host would read them.
    ///
    /// Prints one line a check: ok, FAULT with how to fix it, or note. Settings are read from the environment, and in a
    /// folder also from local.settings.json; none of their values is printed. Exit code 1 on a fault.
    Doctor {
        /// The app's folder, or the zip that is deployed.
        #[arg(value_name = "DIR|ZIP", default_value = ".")]
        app: PathBuf,
    },
    /// Try the Teams notification by hand.
    ///
    /// Exit code 0 if the card was accepted or written, 1 if it was not, with the reason on stderr.
    Notify(Notify),
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Notify {
    /// Post one sample card to TEAMS_WEBHOOK_URL and say what came back.
    #[arg(long)]
    test: bool,
    /// Write the card's JSON for a saved alert: a queue message, or lines of them as replay prints; - for standard input.
    #[arg(long, value_name = "FILE")]
    preview: Option<PathBuf>,
}

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
    let is_right = match command {
        Command::Serve => {
            let ended = serve::serve(&read_environment);
            return ended.map_err(|error| process_log::as_error(&error.to_string()).into());
        }
        Command::Replay { paths, format, expected, rules, min_severity, baseline, sigma } => {
            let options = Options { format, expected, rules, min_severity, baseline, sigma };
            replay::replay(&paths, &options, &read_environment)?
        }
        Command::Baseline { paths, out } => replay::baseline(&paths, &out, &read_environment)?,
        Command::Investigate { paths, identities, addresses, since, until, rules, sigma, out } => {
            let bounds = TimeBounds { since, until };
            let command = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned()).collect();
            let options = investigate::Options { identities, addresses, rules, sigma, bounds, out, command };
            investigate::investigate(&paths, options, &read_environment)?
        }
        Command::Doctor { app } => doctor::examine(&app, &read_environment, out)?,
        Command::Notify(Notify { preview: Some(file), .. }) => notify::preview(&file, &read_environment, out)?,
        Command::Notify(Notify { preview: None, .. }) => notify::test(&read_environment, out)?,
        Command::Windows { format } => show_windows::show(format, &read_environment)?,
        Command::Explain { place, sigma, expected } => {
            explain::explain(&explain::Options { place, sigma, expected }, &read_environment, out)?
        }
        Command::Test { files, sigma } => rule_tests::run(&files, sigma.as_deref(), &read_environment, out)?,
    };
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::from(FAULT) })
}

/// Whether a reader of only the first lines, such as `head`, has closed the pipe: no fault.
fn is_closed_pipe(error: &(dyn Error + 'static)) -> bool {
    let is_pipe = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    is_pipe(error) || error.source().is_some_and(is_closed_pipe)
}

fn severity(text: &str) -> Result<Severity, &'static str> {
    Severity::parse(text).ok_or("not a severity: info, low, medium, high or critical")
}

/// A network as it was written, and what it covers.
fn network(text: &str) -> Result<(String, Network), &'static str> {
    let fault = "not an address or a network: write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32";
    Ok((text.trim().to_owned(), text.parse().map_err(|()| fault)?))
}

/// Writes to stderr, whether or not somebody reads it.
fn print_error(text: &str) {
    use std::io::Write as _;
    let _unread = writeln!(std::io::stderr(), "{text}");
}
