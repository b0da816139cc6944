//! What holds for any input.

use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::given::{READ, alerts, answer, answer_of, binary_batch, detector, read_of, rejected, summary};
use support::functions_host::function::{OutputBinding, Target};
use support::functions_host::json::Json;
use support::functions_host::output::writes;

/// An event as it may come: a read, a near miss, an envelope of both, or bytes of any kind.
fn event() -> impl Strategy<Value = Vec<u8>> {
    let record = prop_oneof![
        ("[a-z]{1,8}", 0u8..9).prop_map(|(vault, host)| read_of(&vault, &format!("192.0.2.{host}"))),
        Just(crate::given::WRITE.to_owned()),
        Just(crate::given::REFUSED.to_owned()),
    ];
    let envelope = prop::collection::vec(record.clone(), 0..4)
        .prop_map(|records| format!("{{\"records\":[{}]}}", records.join(",")));
    prop_oneof![
        4 => record.prop_map(String::into_bytes),
        2 => envelope.prop_map(String::into_bytes),
        1 => prop::collection::vec(any::<u8>(), 0..64),
        1 => "[\\[\\]{}\":, a-z0-9\\\\]{0,48}".prop_map(String::into_bytes),
    ]
}

/// An event that is rejected: no JSON, and made of what is a date or base64 where it stands alone.
fn broken() -> impl Strategy<Value = Vec<u8>> {
    let piece =
        prop_oneof!["[A-Za-z0-9+/]{0,16}={0,2}", Just("2026-03-02T08:15:31Z".to_owned()), "[\\r\\n\\t {\"]{0,4}",];
    (piece.clone(), piece).prop_map(|(before, after)| {
        format!("{before}{{\"operationName\":\"Microsoft.KeyVault/vaults/certificates/read\"{after}").into_bytes()
    })
}

/// Each match of one rule is an alert.
const AUDIT_RULE: [(&str, &str); 2] = [("RULES", "AuditedCertificateRead"), ("DEDUP_MINUTES", "0")];

/// A read in the audit log; few members differ, so most say in part what others said.
fn audit_read() -> impl Strategy<Value = String> {
    let some = |texts: &'static [&'static str]| prop::sample::select(texts);
    let caller = (some(&["1", "2"]), some(&["192.0.2.7", "192.0.2.8:443"]));
    let what =
        (some(&["kv-a", "kv-b"]), some(&["tls", "tls/2"]), some(&["200", "403", "\"200\""]), some(&["az/2", "curl"]));
    (caller, what).prop_map(|((oid, address), (vault, name, status, client))| {
        format!(
            r#"{{"time":"2026-03-02T08:14:58Z","category":"AuditEvent","operationName":"CertificateGet","resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{vault}","callerIpAddress":"{address}","identity":{{"claim":{{"oid":"0000000{oid}"}}}},"properties":{{"id":"https://{vault}.vault.azure.net/certificates/{name}","httpStatusCode":{status},"clientInfo":"{client}"}}}}"#
        )
    })
}

/// The ids of an answer's alerts, each as often as it comes.
fn ids(events: &[Vec<u8>]) -> Vec<String> {
    let answer = answer_of(&detector(&[("DEDUP_MINUTES", "0")]), &binary_batch(events));
    alerts(&answer).iter().map(|alert| alert["alertId"].as_str().expect("an id").to_owned()).collect()
}

proptest! {
    #![proptest_config(Config { cases: 256, ..Config::default() })]

    #[test]
    fn a_batch_split_in_two_gives_the_same_alerts(events in prop::collection::vec(event(), 0..8), cut in 0usize..8) {
        let cut = cut.min(events.len());

        let halves = [ids(&events[..cut]), ids(&events[cut..])].concat();

        prop_assert_eq!(ids(&events), halves);
    }

    #[test]
    fn an_alert_says_the_same_whatever_batch_came_before(
        before in prop::collection::vec(audit_read(), 0..6),
        events in prop::collection::vec(audit_read(), 1..6),
    ) {
        let fresh = detector(&AUDIT_RULE);
        let used = detector(&AUDIT_RULE);
        answer_of(&used, &binary_batch(&before));

        let [after, alone] = [&used, &fresh].map(|detector| alerts(&answer_of(detector, &binary_batch(&events))));

        prop_assert_eq!(after, alone);
    }

    #[test]
    fn one_bad_event_never_costs_its_neighbours(bad in prop::collection::vec(any::<u8>(), 0..200)) {
        let alerts = ids(&[READ.into(), bad, read_of("kv-b", "192.0.2.8").into_bytes()]);

        prop_assert!(alerts.len() >= 2);
    }

    #[test]
    fn any_body_gets_an_answer_or_a_sentence(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let now = "2026-03-02T08:15:31Z".parse().expect("a time");

        let answer = detector(&[]).answer(&*body, now, &|| std::time::Duration::ZERO);

        prop_assert!(answer.is_err());
    }

    #[test]
    fn every_event_is_counted(events in prop::collection::vec(event(), 0..8)) {
        let answer = answer(&binary_batch(&events));

        prop_assert_eq!(summary(&answer)["events"].as_u64(), Some(events.len() as u64));
        prop_assert_eq!(summary(&answer)["rejected"].as_u64(), Some(rejected(&answer).len() as u64));
    }

    /// The host decodes a text that is base64 as a whole, and fails the invocation over one that is nothing but a date.
    #[test]
    fn rejected_lines_reach_their_blob_byte_for_byte(events in prop::collection::vec(broken(), 1..4)) {
        let answer = answer(&binary_batch(&events));
        let lines = answer["Outputs"]["rejected"].as_str().unwrap_or_default();
        let binding = OutputBinding {
            name: "rejected".to_owned(),
            data_type: None,
            target: Target::Blob("rejected/{rand-guid}.ndjson".to_owned()),
        };

        let now = "2026-03-02T08:15:31Z".parse().expect("a time");
        let written = writes(&binding, &Json::Text(lines.to_owned()), now).expect("a blob");

        prop_assert!(lines.contains("payload"), "{}", lines);
        prop_assert_eq!(written[0].bytes(), lines.as_bytes());
    }

    #[test]
    fn case_and_order_of_the_fields_never_change_the_verdict(upper in any::<bool>(), reversed in any::<bool>()) {
        let mut fields = [
            ("operationName", "Microsoft.KeyVault/vaults/certificates/read"),
            ("resultType", "Success"),
            ("callerIpAddress", "192.0.2.7"),
        ];
        if reversed {
            fields.reverse();
        }
        let spelled = |key: &str| if upper { key.to_uppercase() } else { key.to_owned() };
        let members: Vec<_> = fields.iter().map(|(key, value)| format!("\"{}\":\"{value}\"", spelled(key))).collect();

        let alerts = ids(&[format!("{{{}}}", members.join(",")).into_bytes()]);

        prop_assert_eq!(alerts.len(), 1);
    }
}
