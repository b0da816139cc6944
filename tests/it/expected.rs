//! Expected access: what raises no alert, and a file that is broken.

/// A list in a blob.
mod blob;

/// Networks: whom they cover, and when they are everyone.
mod networks;

/// Where the list is.
mod place;

/// A list that is tried out.
mod trial;

use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;

use crate::given::{READ, alerts, answer_at, binary_batch, pipeline, read_of, summary};

const APP: &str = "00000000-0000-0000-0000-00000000000a";

fn detector(expected: ExpectedAccess) -> Detector {
    Detector::new(pipeline(), Some(0), expected)
}

fn alerts_with(file: &str, event: &str, now: &str) -> usize {
    let detector = detector(ExpectedAccess::parse(file).unwrap());
    alerts(&answer_at(&detector, &binary_batch(&[event]), now)).len()
}

#[test]
fn panthers_rule_is_expected_by_what_its_alert_names_and_not_by_an_address_in_the_record() {
    let file = format!(
        "expected:\n  - rules: [CertificateAccessed]\n    appIds: [{APP}]\n    certificates: [tls]\n    reason: web reads its certificate\n"
    );
    let address = r#""requestUri":"https://kv-web.vault.azure.net/certificates/tls","#;
    let with_address = |event: &str| event.replacen('{', &format!("{{{address}"), 1);
    let other = with_address(&READ.replace("certificates/tls", "certificates/root-ca"));
    let unnamed = with_address(&READ.replace("resourceId", "resource"));

    let counts = [READ, &other, &unnamed].map(|event| alerts_with(&file, event, "2026-03-02T08:15:31Z"));

    assert_eq!(counts, [0, 1, 1]);
}

#[test]
fn an_entry_covers_exactly_what_it_names() {
    let file = |narrowed: &str| {
        format!(
            "expected:\n  - rules: [CertificateAccessed]\n    appIds: [{APP}]\n    reason: web reads its certificate\n{narrowed}"
        )
    };
    let cases = [
        (file(""), 0),
        (file("    vaults: [kv-*]\n    certificates: [tls]\n"), 0),
        (file("    vaults: [kv-b]\n"), 1),
        (file("    certificates: ['sign-*']\n"), 1),
        (file("    networks: [192.0.2.0/24]\n"), 0),
        (file("    networks: [198.51.100.0/24]\n"), 1),
        (file("    upns: [ada@example.com]\n"), 1),
        (file("    until: 2026-03-02\n"), 0),
        (file("    until: 2026-03-01\n"), 1),
    ];
    for (file, expected) in cases {
        assert_eq!(alerts_with(&file, READ, "2026-03-02T23:59:59Z"), expected, "{file}");
    }
}

#[test]
fn what_is_expected_is_counted_with_its_reason() {
    let file =
        "expected:\n  - rules: [CertificateAccessed]\n    networks: [192.0.2.7]\n    reason: the pipeline of web\n";
    let detector = detector(ExpectedAccess::parse(file).unwrap());

    let answer =
        answer_at(&detector, &binary_batch(&[READ, READ, &read_of("kv-b", "192.0.2.8")]), "2026-03-02T10:00:00Z");

    assert_eq!(alerts(&answer).len(), 1);
    assert_eq!(summary(&answer)["expected"], 2);
    assert!(answer["Logs"].to_string().contains("2 match(es) expected: the pipeline of web"), "{answer}");
}

#[test]
fn a_broken_file_is_named_with_line_and_column() {
    let cases = [
        (
            "expected:\n  - rules: [NoSuchRule]\n    networks: [192.0.2.7]\n    reason: x\n",
            "line 2 column 13",
            "no rule of this name",
        ),
        ("expected:\n  - rules: [CertificateAccessed]\n    reason: x\n", "line 2 column 5", "needs somebody"),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: [0.0.0.0/0]\n    vaults: ['*']\n    reason: x\n",
            "line 2 column 5",
            "everyone and everything",
        ),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: [192.0.2.0/40]\n    reason: x\n",
            "line 3 column 16",
            "not a network",
        ),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: [192.0.2.7]\n    until: soon\n    reason: x\n",
            "line 4 column 12",
            "not a day",
        ),
        ("expected:\n  - rules: [CertificateAccessed]\n    network: [192.0.2.7]\n    reason: x\n", "line 3", "network"),
        ("expected: [\n", "line", ""),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: [0.0.0.0/0]\n    vaults: ['*v*', '*a*', '*e*']\n    reason: x\n",
            "line 2 column 5",
            "everyone and everything",
        ),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: [0.0.0.0/1, 128.0.0.0/1]\n    reason: x\n",
            "line 2 column 5",
            "everyone and everything",
        ),
        (
            "expected:\n  - {rules: [CertificateAccessed], networks: ['::/4'], vaults: ['kv-*'], reason: x}\n  - {rules: [CertificateAccessed, CertificateDump], networks: ['2000::/3'], certificates: ['?*'], reason: x}\n",
            "line 3 column 5",
            "everyone and everything",
        ),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: ['::ffff:0:0/96']\n    reason: x\n",
            "line 2 column 5",
            "everyone and everything",
        ),
        (
            "expected:\n  - rules: [CertificateAccessed]\n    networks: ['::ffff:0:0/90']\n    reason: x\n",
            "line 3 column 16",
            "not a network",
        ),
    ];
    for (file, place, message) in cases {
        let error = ExpectedAccess::parse(file).unwrap_err().to_string();
        assert!(error.contains(place) && error.contains(message), "{error}\n{file}");
    }
}

#[test]
fn many_people_are_expected_where_they_or_what_they_read_are_named() {
    let entry = |narrowed: &str| format!("expected:\n  - {{rules: [CertificateAccessed], {narrowed}, reason: x}}\n");
    for narrowed in [
        "networks: [0.0.0.0/0], vaults: [kv-web]",
        "networks: [0.0.0.0/0], certificates: [tls, public]",
        "networks: ['::ffff:192.0.2.0/120'], vaults: ['kv-*']",
        "networks: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 'fd00::/8']",
        "networks: [0.0.0.0/1, 128.0.0.0/1], appIds: [00000000-0000-0000-0000-00000000000a]",
    ] {
        let expected = usize::from(narrowed.contains("10.0.0.0"));
        assert_eq!(alerts_with(&entry(narrowed), READ, "2026-03-02T10:00:00Z"), expected, "{narrowed}");
    }
}

#[test]
fn nothing_of_a_wrong_file_is_repeated() {
    for wrong in [
        "canary",
        "canary: canary",
        "expected: canary",
        "expected: [canary]",
        "expected: {canary: canary}",
        "expected:\n  - canary: canary",
        "expected:\n  - rules: canary",
        "expected:\n  - rules: [canary]\n    networks: [canary]\n    reason: canary\n    until: canary",
        "expected: &canary [*canary]",
        "expected: !canary x",
        "\"canary",
        "canary:x:0:0:canary:/canary:/bin/sh\ncanary: *canary\n\t- canary",
        "{\"canary\": \"canary\"}",
        "-----BEGIN CANARY-----\ncanary\n",
    ] {
        let fault = ExpectedAccess::parse(wrong).unwrap_err();

        assert!(!format!("{fault} {fault:?}").to_lowercase().contains("canary"), "{wrong}: {fault}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_small_file_is_told_at_once_and_the_detection_runs() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    std::fs::write(at("long"), "x".repeat((1 << 20) + 1)).unwrap();
    std::fs::write(at("binary"), [0xff, 0xfe]).unwrap();
    std::fs::write(at("wrong"), "canary: canary").unwrap();
    let cases = [
        (at("pipe"), "no file"),
        ("/dev/zero".to_owned(), "no file"),
        (at(""), "no file"),
        (at("long"), "over 1 MiB"),
        (at("binary"), "not UTF-8"),
        (at("missing"), "cannot be read"),
        (at("wrong"), "line 1 column 1"),
    ];
    for (path, told) in cases {
        let (host, app) = crate::host::host_with(&[("EXPECTED_ACCESS", &path)]).await;

        let delivery =
            host.deliver(crate::host::FUNCTION, &crate::host::batch(&[READ]), Default::default()).await.unwrap();

        assert!(delivery.succeeded(), "{path}");
        let said = format!("{delivery:?} {:?}", host.stdout());
        assert!(said.contains("expectedAccessFault") && said.contains(told) && !said.contains("canary"), "{said}");
        #[cfg(target_os = "linux")]
        assert!(crate::host::peak_kib(&host).await < 100 << 10, "{path}");

        let replay = std::process::Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
            .args(["replay", "--expected", &path, "samples/ndjson"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&replay.stderr);
        assert!(replay.status.code() == Some(1) && said.contains(told) && !said.contains("canary"), "{said}");

        let doctor = std::process::Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
            .arg("doctor")
            .arg(app.path())
            .env("EXPECTED_ACCESS", &path)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&doctor.stdout);
        assert!(said.contains("FAULT  the ") && said.to_lowercase().contains("expected"), "{path}: {said}");
    }
}

#[test]
fn a_broken_file_leaves_the_detection_running_and_is_told_in_every_summary() {
    let detector = detector(ExpectedAccess::broken("line 2 column 5: an entry needs somebody".to_owned()));

    for _ in 0..2 {
        let answer = answer_at(&detector, &binary_batch(&[READ]), "2026-03-02T10:00:00Z");

        assert_eq!(alerts(&answer).len(), 1);
        assert_eq!(summary(&answer)["expectedAccessFault"], "line 2 column 5: an entry needs somebody");
    }
}

#[test]
fn the_example_file_of_the_documents_quietens_the_samples_but_not_the_theft() {
    let replay = |expected: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
            .args(["replay", "samples/"])
            .args(expected)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        let alerts = String::from_utf8(output.stdout).unwrap();
        let dumps = alerts.lines().filter(|alert| alert.contains("\"severity\":\"HIGH\"")).count();
        (dumps, alerts.contains("203.0.113.66"), String::from_utf8(output.stderr).unwrap())
    };

    let (dumps_before, _, _) = replay(&[]);
    let (dumps_after, theft_is_told, summary) = replay(&["--expected", "docs/expected-access.yml"]);

    assert_eq!((dumps_before, dumps_after), (5, 1));
    assert!(theft_is_told);
    assert!(summary.contains("booking loads its thirty secrets at each start"), "{summary}");
    assert!(summary.contains("App Service reads the certificates of its web sites"), "{summary}");
}

#[test]
fn replay_names_what_is_wrong_with_a_file_and_fails() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "expected:\n  - rules: [CertificateAccessed]\n    reason: x\n").unwrap();

    let output = std::process::Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(["replay", "--expected", file.path().to_str().unwrap(), "samples/"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2 column 5: an entry needs somebody"));
}
