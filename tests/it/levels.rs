//! The level that each line has in the host's log: it goes by stream and letters, whatever a line says of itself.

use std::path::{Path, PathBuf};
use std::time::Duration;

use certificate_accessed::process_log::as_error;

use crate::given::READ;
use crate::host::{FUNCTION, app_folder, batch, host_with};
use support::functions_host::app::SetupFailure;
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::functions_host::lines::Level;

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder of the repository.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Lines of code with these letters, as `file: line`; comments may say what they like.
fn code_with(letters: &str) -> Vec<String> {
    let of_file = |path: PathBuf| {
        let name = path.strip_prefix(repository()).unwrap().to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let lines = lines.into_iter().filter(|line| line.to_ascii_lowercase().contains(letters));
        lines.map(|line| format!("{name}: {}", line.trim())).collect::<Vec<_>>()
    };
    files("src")
        .into_iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "rs"))
        .flat_map(of_file)
        .collect()
}

/// The level of the first line with these words, once it is there.
async fn level_of(host: &FunctionsHost, words: &str) -> Option<Level> {
    for _attempt in 0..100 {
        if let Some((level, _)) = host.logged().into_iter().rev().find(|(_, line)| line.contains(words)) {
            return Some(level);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    None
}

#[test]
fn no_text_of_the_product_holds_the_letters_of_a_warning_but_where_one_is_meant() {
    let elsewhere = [
        // The one place that writes warnings.
        "src/process_log.rs: ",
        "src/http/certificate_accessed.rs: app.errors.warning(",
        "src/http/notify_teams.rs: app.errors.warning(",
        "src/serve.rs: errors.warning(",
        "src/serve/expectations.rs: Some(fault) => self.errors.warning(",
        // A colour of a card, and a level in host.json that is compared with.
        "src/render/card/layout.rs: Some(Severity::Medium) => \"warning\",",
        // By hand only, and on standard output.
        "src/doctor/",
    ];

    let accidents: Vec<_> = code_with("warn").into_iter().collect();

    let accidents: Vec<_> =
        accidents.iter().filter(|line| !elsewhere.iter().any(|known| line.starts_with(known))).collect();
    assert!(accidents.is_empty(), "an error with these letters is no error for the host: {accidents:#?}");
}

#[test]
fn an_error_never_holds_the_letters_of_a_warning() {
    let text = as_error("no connection (Warned; WARNING, éwarnwarn)");
    assert_eq!(text, "no connection (W-arned; W-ARNING, éw-arnw-arn)");
    assert_eq!(as_error("war ends"), "war ends");
}

#[test]
fn stdout_bears_nothing_that_needs_a_person() {
    let levels = ["warn!(", "error!("].map(|level| format!("tracing::{level}"));

    let alone: Vec<_> = levels.iter().flat_map(|level| code_with(level)).collect();

    assert!(alone.is_empty(), "the host makes an Information of it: {alone:#?}");
}

#[tokio::test]
async fn everything_that_is_wrong_with_the_settings_is_an_error_for_the_host() {
    let wrong = [
        ("RULES", "none"),
        ("RULE_SEVERITY", "none"),
        ("DEDUP_MINUTES", "none"),
        ("DUMP_THRESHOLD", "none"),
        ("TEAMS_MIN_SEVERITY", "none"),
        ("TEAMS_ALLOWED_HOSTS", "https://"),
        ("TEAMS_ALLOW_LOOPBACK", "none"),
        ("TEAMS_NAMES", "none"),
        ("TEAMS_WEBHOOK_URL", "none"),
        ("EXPECTED_ACCESS", "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/x)"),
        ("LOG_LEVEL", "bogus"),
    ];
    let settings = wrong.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let folder = app_folder();

    let refused = FunctionsHost::start(folder.path(), &settings).await.err().unwrap();

    let SetupFailure::Exited { stderr, .. } = refused else { panic!("{refused}") };
    for (name, _) in wrong {
        assert!(stderr.contains(name), "{name}: {stderr}");
    }
    assert!(stderr.lines().all(|line| Level::of_stderr(line) == Level::Error), "{stderr}");
    assert!(!stderr.contains("w-arn"), "our own wording does without: {stderr}");
}

#[tokio::test]
async fn a_failed_invocation_is_an_error_and_what_goes_on_and_should_not_a_warning() {
    let unreachable = "AccountName=stlogs;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/stlogs";
    let settings = [
        ("RULES", "CertificateAccessed"),
        ("STATE_STORE", "blob"),
        ("AzureWebJobsStorage", unreachable),
        ("EXPECTED_ACCESS", "no-such-file.yml"),
    ];
    let (host, _folder) = host_with(&settings).await;

    host.invoke(FUNCTION, b"no invocation".to_vec()).await.unwrap_err();
    host.deliver(FUNCTION, &batch(&[READ]), Patience { max_attempts: 1, ..Patience::default() }).await.unwrap();

    for words in ["CertificateAccessed: the body is not", "CertificateAccessed: no verdicts"] {
        assert_eq!(level_of(&host, words).await, Some(Level::Error), "{words}");
    }
    for words in ["EXPECTED_ACCESS cannot be used", "no audit rule is on"] {
        assert_eq!(level_of(&host, words).await, Some(Level::Warning), "{words}");
    }
}

#[test]
fn alarms_and_queries_read_fields_and_no_levels() {
    for path in files("infra/queries").into_iter().chain(files("docs/queries")) {
        let query = std::fs::read_to_string(&path).unwrap().to_ascii_lowercase();

        let of_levels =
            ["severitylevel", "level\"", "warn", "appexceptions"].into_iter().find(|word| query.contains(word));

        assert_eq!(of_levels, None, "{}", path.display());
    }
}
