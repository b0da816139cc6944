//! What can be said on the command line.

use std::num::NonZero;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

use crate::network::Network;
use crate::replay::Format;
use crate::severity::Severity;
use crate::time_bound::Bound;

const REPLAY_EXAMPLES: &str = "\
Examples:
  certificate-accessed replay logs/
      All rules over everything below a folder, as a table.
  certificate-accessed replay logs/ --min-severity high --since 2026-03-19 --until 2026-03-20
      What is worth a look now, of two days; what is usual is learnt from all of the logs.
  certificate-accessed replay logs/ --rules CertificateDump,UnfamiliarReader --since 7d --format csv > alerts.csv
      Two rules, the last seven days, for a spreadsheet.
  zcat logs.json.gz | certificate-accessed replay - --format ndjson | jq -r .title
      From standard input; each line is the message that the queue gets.
  certificate-accessed replay logs/ --expected expected-access.yml --min-severity medium > /dev/null
      Which alerts of MEDIUM or above that file would take away.";

const INVESTIGATE_EXAMPLES: &str = "\
Examples:
  certificate-accessed investigate logs/ --out case/
      The callers of all alerts of HIGH or above.
  certificate-accessed investigate logs/ --identity 00000000-0000-0000-0000-0000000000c7 --since 2026-03-19 --out case/
      One identity, from a day on.
  certificate-accessed investigate logs/ signin-logs/ --address 203.0.113.0/24 --out case/
      Everybody who called from a network, with names out of sign-in logs.";

/// Detects who reads the certificates of Azure Key Vaults, in logs that Azure writes.
#[derive(Debug, Parser)]
#[command(
    name = "certificate-accessed",
    version,
    after_help = "Settings are read from the environment (RULES, DEDUP_MINUTES, ...); the README lists them.\n\
                  Try: certificate-accessed replay samples/"
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
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
    ///
    /// Windows and what is usual go over all records, whatever is printed: an alert is the same with and without --since,
    /// --until and --min-severity. Ctrl-C prints what was found so far, says that it is partial, and ends with 130; a second
    /// one ends at once.
    #[command(after_long_help = REPLAY_EXAMPLES)]
    Replay {
        /// Files, folders with everything below them, or - for standard input.
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        /// How alerts are printed [default: a table on a terminal, else ndjson]
        ///
        /// The table has times in UTC and the beginning of each id; of more than 200 alerts it shows the worst.
        #[arg(long, value_enum)]
        format: Option<Format>,
        /// Try out an expected-access file: say on standard error which alerts fell away, and by which entry.
        ///
        /// It also says which entries matched nothing, and which have ended. A file that cannot be used is named with line and
        /// column, and ends the command with 1.
        #[arg(long, value_name = "FILE")]
        expected: Option<PathBuf>,
        /// The rules that are on: names in any case, comma-separated, or all [default: RULES, else all]
        #[arg(long, value_name = "NAMES")]
        rules: Option<String>,
        /// Print no alert below it: info, low, medium, high or critical
        #[arg(long, value_name = "SEVERITY", value_parser = severity)]
        min_severity: Option<Severity>,
        /// Print alerts that reach into a period from then on: 2026-03-19T02:41:00Z, a day in UTC, or how long ago, as in 90m, 12h
        /// or 7d.
        #[arg(long, value_name = "TIME", value_parser = |text: &str| Bound::Since.parse(text, Timestamp::now()))]
        since: Option<Timestamp>,
        /// Print alerts that begin before then, in the same form; a day means all of that day.
        #[arg(long, value_name = "TIME", value_parser = |text: &str| Bound::Until.parse(text, Timestamp::now()))]
        until: Option<Timestamp>,
        /// What is usual for each identity, as the command baseline writes it [default: BASELINE, else only these logs]
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
        /// A folder of Sigma rules that are on, too [default: SIGMA_RULES]
        #[arg(long, value_name = "DIR")]
        sigma: Option<PathBuf>,
        /// How many threads read; the output is the same with any number [default: one for each core]
        #[arg(long, value_name = "N")]
        threads: Option<NonZero<usize>>,
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
    /// Ctrl-C ends it with 130, and nothing is written.
    #[command(after_long_help = INVESTIGATE_EXAMPLES)]
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
pub(super) struct Notify {
    /// Post one sample card to TEAMS_WEBHOOK_URL and say what came back.
    #[arg(long)]
    pub(super) test: bool,
    /// Write the card's JSON for a saved alert: a queue message, or lines of them as replay prints; - for standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) preview: Option<PathBuf>,
}

fn severity(text: &str) -> Result<Severity, &'static str> {
    Severity::parse(text).ok_or("not a severity: info, low, medium, high or critical")
}

/// A network as it was written, and what it covers.
fn network(text: &str) -> Result<(String, Network), &'static str> {
    let fault = "not an address or a network: write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32";
    Ok((text.trim().to_owned(), text.parse().map_err(|()| fault)?))
}
