//! `UnfamiliarReader`: what is usual for an identity, and what a read that is not says.

mod file;
mod many;
mod memory;
mod month;

use certificate_accessed::detector::Detector;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::given::{alerts, answer_at, batch_at, detector, summary};

/// Who reads, with which program, from where.
#[derive(Clone, Copy)]
struct Reader {
    object_id: &'static str,
    upn: Option<&'static str>,
    address: &'static str,
    client: &'static str,
}

const JOB: Reader = Reader { object_id: "job", upn: None, address: "192.0.2.10", client: "azsdk-python/4.8.0" };
const ADA: Reader =
    Reader { object_id: "ada", upn: Some("ada@example.com"), address: "192.0.2.20", client: "AZURECLI/2.70.0" };
const STRANGE: &str = "203.0.113.66";

/// A time of a day, from 2026-03-01 on.
fn on(day: i64, minute: i64) -> Timestamp {
    "2026-03-01T08:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins((day - 1) * 24 * 60 + minute)
}

/// A secret of a vault, read at a time.
fn read(reader: Reader, vault: &str, at: Timestamp) -> String {
    json!({
        "time": at.to_string(),
        "resourceId": format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/{vault}"),
        "operationName": "SecretGet",
        "category": "AuditEvent",
        "callerIpAddress": reader.address,
        "identity": {"claim": {"oid": reader.object_id, "upn": reader.upn}},
        "properties": {
            "id": format!("https://{vault}.vault.azure.net/secrets/token"),
            "httpStatusCode": 200,
            "clientInfo": reader.client,
        },
    })
    .to_string()
}

/// A detector and the number of its next event.
struct World {
    detector: Detector,
    next: usize,
}

impl World {
    fn new(settings: &[(&str, &str)]) -> Self {
        let rules = if settings.iter().any(|(name, _)| *name == "RULES") {
            vec![]
        } else {
            vec![("RULES", "UnfamiliarReader")]
        };
        Self { detector: detector(&[&rules, settings].concat()), next: 0 }
    }

    /// Hands a read over; gives the whole answer.
    fn answer(&mut self, reader: Reader, vault: &str, at: Timestamp) -> Value {
        self.next += 1;
        let now = at + SignedDuration::from_mins(5);
        answer_at(&self.detector, &batch_at(self.next, &now.to_string(), &[read(reader, vault, at)]), &now.to_string())
    }

    /// Hands a read over; gives its alerts.
    fn read(&mut self, reader: Reader, vault: &str, at: Timestamp) -> Vec<Value> {
        alerts(&self.answer(reader, vault, at))
    }

    /// Two weeks in which the job and Ada read their vaults each day, and somebody a third.
    fn learnt(settings: &[(&str, &str)]) -> Self {
        let mut world = Self::new(settings);
        for day in 1..=15 {
            assert!(world.read(JOB, "kv-job", on(day, 0)).is_empty(), "day {day}");
            assert!(world.read(ADA, "kv-ada", on(day, 1)).is_empty(), "day {day}");
            assert!(world.read(Reader { object_id: "other", ..JOB }, "kv-other", on(day, 2)).is_empty(), "day {day}");
        }
        world
    }
}

fn severities(alerts: &[Value]) -> Vec<&str> {
    alerts.iter().map(|alert| alert["severity"].as_str().unwrap()).collect()
}

#[test]
fn what_is_new_decides_how_severe_it_is() {
    let from = |reader: Reader| Reader { address: STRANGE, ..reader };
    let with = |reader: Reader| Reader { client: "python-requests/2.32.3", ..reader };
    let nobody = Reader { object_id: "nobody", ..JOB };
    for (reader, vault, severity, new) in [
        (from(JOB), "kv-other", "HIGH", "new address, new vault"),
        (with(from(JOB)), "kv-job", "HIGH", "new address, new client"),
        (from(JOB), "kv-job", "MEDIUM", "new address"),
        (from(ADA), "kv-ada", "LOW", "new address"),
        (JOB, "kv-other", "LOW", "new vault"),
        (with(JOB), "kv-job", "LOW", "new client"),
        (nobody, "kv-job", "LOW", "new identity"),
        (from(nobody), "kv-job", "MEDIUM", "new identity"),
    ] {
        let mut world = World::learnt(&[]);

        let alerts = world.read(reader, vault, on(16, 0));

        assert_eq!(severities(&alerts), [severity], "{new}");
        assert_eq!(alerts[0]["alertContext"]["unfamiliar"], new);
        assert!(alerts[0]["title"].as_str().unwrap().ends_with(&format!("]: {new}")), "{}", alerts[0]["title"]);
        assert_eq!(alerts[0]["incident"], Value::Null);
    }
}

#[test]
fn an_alert_says_what_is_usual_and_since_when_what_the_record_has_is_known() {
    let mut world = World::learnt(&[]);

    let alert = world.read(Reader { address: STRANGE, client: "curl/8", ..JOB }, "kv-job", on(16, 0)).remove(0);

    let context = &alert["alertContext"];
    assert_eq!(context["verdict"], "unlike its last 15 days: new address, new client");
    assert_eq!(
        context["first_seen"],
        json!({"identity": "2026-03-01T08:00:00Z", "address": null, "vault": "2026-03-01T08:00:00Z", "client": null})
    );
    let usual = &context["usual"];
    assert_eq!(usual["addresses"], json!(["192.0.2.0/24"]));
    assert_eq!(usual["clients"], json!(["azsdk-python"]));
    assert_eq!((&usual["vaults"], &usual["vault_count"]), (&json!(["kv-job"]), &json!(1)));
    assert_eq!((&usual["since"], &usual["reads_a_day"]), (&json!("2026-03-01T08:00:00Z"), &json!(1)));
}

#[test]
fn while_it_learns_it_says_so_and_until_when() {
    let mut world = World::new(&[("LEARN_DAYS", "3")]);

    let learning = world.answer(JOB, "kv-job", on(1, 0));
    let told = world.read(Reader { address: STRANGE, ..JOB }, "kv-job", on(2, 0));
    let judged = world.answer(JOB, "kv-job", on(4, 0));

    assert_eq!(
        (&summary(&learning)["pending"], &summary(&learning)["learningUntil"]),
        (&json!(1), &json!("2026-03-04T08:00:00Z"))
    );
    assert!(told.is_empty(), "it only learns");
    assert_eq!((&summary(&judged)["familiar"], &summary(&judged)["learningUntil"]), (&json!(1), &Value::Null));
}

#[test]
fn an_hour_has_one_alert_of_an_identity_but_never_hides_a_worse_one() {
    let mut world = World::learnt(&[]);

    let first = world.read(JOB, "kv-other", on(16, 0));
    let second = world.read(JOB, "kv-ada", on(16, 10));
    let worse = world.read(Reader { address: STRANGE, client: "curl/8", ..JOB }, "kv-job", on(16, 20));
    let another = world.read(Reader { client: "wget/1", ..JOB }, "kv-job", on(16, 30));
    let later = world.read(Reader { client: "third/1", ..JOB }, "kv-job", on(16, 90));

    assert_eq!([first.len(), second.len(), worse.len(), another.len(), later.len()], [1, 0, 1, 0, 1]);
    assert_eq!(severities(&worse), ["HIGH"]);
}

#[test]
fn a_new_identity_has_one_alert_a_day_in_its_first_week() {
    let mut world = World::learnt(&[]);
    let newcomer = |client: &'static str| Reader { object_id: "newcomer", client, ..JOB };

    let days: Vec<_> = (0..4)
        .map(|number| {
            let client = ["a/1", "b/1", "c/1", "d/1"][number];
            world.read(newcomer(client), "kv-job", on(16, i64::try_from(number).unwrap() * 8 * 60)).len()
        })
        .collect();

    assert_eq!(days, [1, 0, 0, 1], "at 0, 8, 16 and 24 hours");
}

#[test]
fn a_vault_that_is_younger_than_the_learning_time_only_teaches() {
    let mut world = World::learnt(&[]);
    let newcomer = Reader { object_id: "newcomer", address: STRANGE, ..JOB };

    assert!(world.read(newcomer, "kv-new", on(16, 0)).is_empty(), "onboarding is no incident");
    assert!(world.read(ADA, "kv-new", on(29, 0)).is_empty());
    assert_eq!(world.read(JOB, "kv-new", on(30, 0)).len(), 1);
}

#[test]
fn a_thief_who_begins_with_a_young_vault_is_told_all_the_same() {
    let mut world = World::learnt(&[]);
    let strange = Reader { address: STRANGE, ..JOB };
    assert!(world.read(Reader { object_id: "newcomer", ..JOB }, "kv-new", on(16, 0)).is_empty());

    let young = world.read(strange, "kv-new", on(17, 0));

    assert_eq!(severities(&young), ["MEDIUM"], "the address is new, whatever the vault");
    assert_eq!(young[0]["alertContext"]["unfamiliar"], "new address");
}

#[test]
fn where_new_ones_are_usual_a_new_one_is_nothing_unusual() {
    let mut world = World::new(&[]);
    for day in 1..=15 {
        let address: &'static str = Box::leak(format!("198.18.{day}.7").into_boxed_str());
        assert!(world.read(Reader { address, ..JOB }, "kv-job", on(day, 0)).is_empty());
        assert!(world.read(Reader { object_id: "other", ..JOB }, "kv-other", on(day, 1)).is_empty());
    }

    let runner = world.read(Reader { address: "198.18.200.7", ..JOB }, "kv-job", on(16, 0));
    let vault = world.read(Reader { address: "198.18.201.7", ..JOB }, "kv-other", on(16, 61));

    assert!(runner.is_empty(), "a pipeline on hosted runners");
    assert_eq!(severities(&vault), ["LOW"], "the other kinds speak for themselves");
}

#[test]
fn what_is_new_in_several_reads_of_a_day_is_new_together() {
    for reader in [JOB, ADA] {
        let mut world = World::learnt(&[]);
        let strange = Reader { address: STRANGE, ..reader };
        let usual = if reader.upn.is_some() { "kv-ada" } else { "kv-job" };

        let careful = world.read(strange, usual, on(16, 0));
        let next = world.read(strange, "kv-other", on(16, 1));

        assert_eq!(careful[0]["alertContext"]["unfamiliar"], "new address");
        assert_eq!(severities(&next), ["HIGH"]);
        assert_eq!(next[0]["alertContext"]["unfamiliar"], "new address, new vault");
    }
}

#[test]
fn who_is_known_from_a_young_vault_alone_is_new() {
    let mut world = World::learnt(&[]);
    let principal = Reader { object_id: "principal", address: STRANGE, ..JOB };
    assert!(world.read(principal, "kv-own", on(16, 0)).is_empty());

    let alerts = world.read(principal, "kv-job", on(16, 30));

    assert_eq!(alerts[0]["alertContext"]["unfamiliar"], "new identity");
}

#[test]
fn what_was_not_seen_for_ninety_days_is_forgotten() {
    let mut world = World::learnt(&[]);
    for day in (16..120).step_by(10) {
        world.read(JOB, "kv-job", on(day, 0));
        world.read(Reader { object_id: "other", ..JOB }, "kv-ada", on(day, 1));
    }

    let returned = world.read(ADA, "kv-ada", on(120, 0));

    assert_eq!(returned[0]["alertContext"]["unfamiliar"], "new identity", "she was gone for a hundred days");
}

#[test]
fn an_identity_that_has_settled_roams_no_more() {
    let mut world = World::new(&[]);
    for day in 1..=16 {
        let address: &'static str = Box::leak(format!("198.18.{day}.7").into_boxed_str());
        world.read(Reader { address, ..JOB }, "kv-job", on(day, 0));
    }
    for day in 17..=60 {
        assert!(world.read(JOB, "kv-job", on(day, 0)).is_empty(), "day {day}");
    }

    let strange = world.read(Reader { address: STRANGE, client: "curl/8", ..JOB }, "kv-job", on(61, 0));

    assert_eq!(severities(&strange), ["HIGH"]);
}

#[test]
fn expected_access_to_one_vault_makes_no_address_usual_for_the_others() {
    let mut world = World::learnt(&[]);
    let list = "expected:\n  - rules: [UnfamiliarReader]\n    objectIds: [job]\n    vaults: [kv-public]\n    reason: everybody may\n";
    world.detector.expect(certificate_accessed::expected::ExpectedAccess::parse(list).unwrap());
    let strange = Reader { address: STRANGE, client: "curl/8", ..JOB };
    assert!(world.read(strange, "kv-public", on(16, 0)).is_empty());

    assert_eq!(severities(&world.read(strange, "kv-job", on(16, 10))), ["HIGH"]);
}

#[test]
fn an_identity_that_reads_from_everywhere_is_told_once_and_then_no_more() {
    let mut world = World::learnt(&[]);
    let addresses: Vec<String> = (0..70).map(|range| format!("198.18.{range}.7")).collect();
    let mut severities = Vec::new();
    for (number, address) in addresses.iter().enumerate() {
        let at = on(16, i64::try_from(number).unwrap() * 61);
        let reader = Reader { address: Box::leak(address.clone().into_boxed_str()), ..JOB };
        severities.extend(
            world.read(reader, "kv-job", at).into_iter().map(|alert| alert["alertContext"]["unfamiliar"].clone()),
        );
    }

    let (new, rest) = severities.split_at(63);
    assert!(new.iter().all(|new| new == "new address"), "{new:?}");
    assert_eq!(rest, ["too many to call one unusual from now on"]);
}

#[test]
fn a_record_that_comes_again_says_the_same_again_and_teaches_nothing_new() {
    let mut world = World::learnt(&[]);
    let strange = Reader { address: STRANGE, client: "curl/8", ..JOB };
    let first = world.read(strange, "kv-job", on(16, 0));

    world.next -= 1;
    let again = world.read(strange, "kv-job", on(16, 0));
    let known = world.read(strange, "kv-job", on(17, 0));

    assert_eq!(first, again);
    assert!(known.is_empty(), "it is learnt by then");
}

#[test]
fn refused_reads_teach_nothing_and_expected_ones_teach_and_raise_none() {
    let mut world = World::learnt(&[]);
    let strange = Reader { address: STRANGE, client: "curl/8", ..JOB };
    let refused = read(strange, "kv-job", on(16, 0)).replace("200", "403");
    let now = on(16, 5).to_string();
    assert!(alerts(&answer_at(&world.detector, &batch_at(900, &now, &[refused]), &now)).is_empty());
    assert_eq!(world.read(strange, "kv-job", on(16, 10)).len(), 1);

    let list = "expected:\n  - rules: [UnfamiliarReader]\n    objectIds: [ada]\n    reason: she travels\n";
    world.detector.expect(certificate_accessed::expected::ExpectedAccess::parse(list).unwrap());
    assert!(world.read(Reader { address: STRANGE, ..ADA }, "kv-ada", on(16, 20)).is_empty());
    world.detector.expect(certificate_accessed::expected::ExpectedAccess::default());
    assert!(world.read(Reader { address: STRANGE, ..ADA }, "kv-ada", on(16, 90)).is_empty(), "it is usual now");
}

#[test]
fn a_severity_that_the_settings_say_is_that_of_each_alert() {
    let mut world = World::learnt(&[("RULE_SEVERITY", "UnfamiliarReader=LOW")]);

    let alerts = world.read(Reader { address: STRANGE, client: "curl/8", ..JOB }, "kv-job", on(16, 0));

    assert_eq!(severities(&alerts), ["LOW"]);
}

#[test]
fn a_dump_soon_after_a_high_alert_has_its_id_and_is_critical_from_its_second_step_on() {
    let world = World::learnt(&[("RULES", "CertificateDump,UnfamiliarReader"), ("DUMP_THRESHOLD", "3")]);
    let strange = Reader { address: STRANGE, client: "curl/8", ..JOB };
    let steal = |number: usize| {
        read(strange, "kv-job", on(16, 0)).replace("/secrets/token", &format!("/secrets/token-{number}"))
    };
    let now = on(16, 5).to_string();
    let batch: Vec<_> = (0..12).map(steal).collect();

    let told = alerts(&answer_at(&world.detector, &batch_at(500, &now, &batch), &now));

    let of = |rule: &str| -> Vec<_> {
        told.iter().filter(|alert| alert["rule"]["id"] == format!("Azure.KeyVault.{rule}")).collect()
    };
    let (unfamiliar, dumps) = (of("UnfamiliarReader"), of("CertificateDump"));
    assert_eq!(unfamiliar[0]["severity"], "HIGH");
    let id = &unfamiliar[0]["alertId"];
    assert_eq!(dumps[0]["incident"], json!({"id": id, "step": 1}));
    assert_eq!(dumps[1]["incident"], json!({"id": id, "step": 2}));
    assert_eq!([&dumps[0]["severity"], &dumps[1]["severity"]], ["HIGH", "CRITICAL"]);
    assert_eq!(dumps[0]["alertContext"]["verdict"], "unlike its last 15 days: new address, new client");
}

#[test]
fn a_batch_job_of_a_hundred_names_is_like_itself_and_not_critical() {
    let world = World::learnt(&[("RULES", "CertificateDump,UnfamiliarReader"), ("DUMP_THRESHOLD", "25")]);
    let now = on(16, 5).to_string();
    let batch: Vec<_> = (0..120)
        .map(|number| read(JOB, "kv-job", on(16, 0)).replace("/secrets/token", &format!("/secrets/{number}")))
        .collect();

    let told = alerts(&answer_at(&world.detector, &batch_at(500, &now, &batch), &now));

    assert_eq!(severities(&told), ["HIGH", "HIGH"]);
    assert_eq!(told[1]["alertContext"]["verdict"], "like its last 15 days");
}
