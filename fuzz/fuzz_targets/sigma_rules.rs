//! Any text as a Sigma rule: no panic, and what it matches is never hidden from what a broken record is looked through for.

#![no_main]

use std::sync::LazyLock;

use certificate_accessed::decode::{Record, RecordKind};
use certificate_accessed::sigma::{RuleText, SigmaRules};

/// A record of each log, with texts that rules may ask for.
const RECORDS: [&str; 4] = [
    r#"{"operationName":"MICROSOFT.KEYVAULT/VAULTS/WRITE","category":"Administrative","resultType":"Success","properties":{"a":"1"}}"#,
    r#"{"operationName":"SecretGet","category":"AuditEvent","properties":{"httpStatusCode":200,"id":"https://kv-web.vault.azure.net/secrets/tls"}}"#,
    r#"{"operationName":"Sign-in activity","category":"SignInLogs","resultType":"50057","properties":{"appId":"a","userId":"b"}}"#,
    r#"{"operationName":"Add owner to application","category":"AuditLogs","properties":{"initiatedBy":{"user":{"id":"c"}}}}"#,
];

static PARSED: LazyLock<Vec<(Record<'static>, RecordKind)>> = LazyLock::new(|| {
    let parsed = RECORDS.map(|text| Record::parse(text).expect("a record"));
    parsed.into_iter().map(|record| (record.clone(), RecordKind::of(&record))).collect()
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let rules = SigmaRules::read([RuleText { file: "rule.yml", bytes }]);
    for (record, kind) in PARSED.iter() {
        if !rules.verdict(record, *kind).found.matching.is_empty() {
            assert!(rules.literals().may_occur_in(record.raw()), "a broken record would be dropped");
        }
    }
});
