//! The cards of a dump: who, how much, from where, whether it goes on, and every name that there is room for.

use serde_json::{Value, json};

use super::{
    DUMP_FIRST, DUMP_LATER, alert, assert_said_in_order, card_of, counted_card_of, folded, parsed, said, texts,
};
use certificate_accessed::render::MAX_CARD_BYTES;

/// The third card of a dump with these names.
fn later(names: impl IntoIterator<Item = String>) -> Value {
    let mut alert = parsed(DUMP_LATER);
    let names: Vec<_> = names.into_iter().collect();
    alert["alertContext"]["read_count"] = json!(names.len());
    alert["alertContext"]["private_key"] = json!({"likely": 3, "wrapped": 0, "unknown": names.len() - 3, "no": 0});
    alert["alertContext"]["read_objects"] = json!(names);
    alert
}

#[test]
fn the_first_line_is_a_sentence_and_the_next_say_whether_it_goes_on() {
    let card = card_of(&parsed(DUMP_FIRST));

    assert_said_in_order(
        &card,
        &[
            "HIGH\n",
            "hollin-reporting (service principal) read at least 25 certificates and secrets in 2 vaults so far, since 02:41 UTC, \
             from 203.0.113.66, with python-requests/2.31.0 (its own words)\n",
            "Since Thu 19 Mar 2026, 02:41:03 UTC, which is {{DATE(2026-03-19T02:41:03Z, SHORT)}}, {{TIME(2026-03-19T02:41:03Z)}} your time.\n",
            "It was still reading at 02:41:29 UTC ({{TIME(2026-03-19T02:41:29Z)}} your time), as far as the log goes. The log came \
             95 seconds late.\n",
            "Step 1 of this incident; if it goes on, a later card stands for this one.\n",
            "Do first: ask whether somebody knows this run. If nobody does within minutes, take its access away (Contain).\n",
            "1 whose private key may have left: a secret of the certificate's name was read\nhollin-sso-prod: \nsaml-signing\n",
            "22 of which it is unknown whether they are certificates\nhollin-signing-prod: \n",
            "2 of which only the public part was read\nhollin-signing-prod: \ntls-signing\nhollin-sso-prod: \ntls-sso\n",
        ],
    );
}

#[test]
fn a_later_card_stands_for_the_earlier_ones_and_tells_all_400_names() {
    let alert = parsed(DUMP_LATER);

    let card = card_of(&alert);

    assert_said_in_order(
        &card,
        &[
            "hollin-reporting (service principal) read at least 400 certificates and secrets in 31 vaults so far, since 02:41 UTC",
            "Step 3 of this incident; it stands for the earlier cards.\n",
            "3 whose private key may have left: a secret of the certificate's name was read\nhollin-sso-prod: \nsaml-signing\nhollin-web-prod: \ntls-web, tls-www\n",
            "390 of which it is unknown whether they are certificates (button Names)\n",
            "All names, later ones too, from saved logs in the folder LOGS:\ncertificate-accessed investigate --identity",
            "Refused\n12 names that it asked for were refused\n",
            "Incident 0000000000000000000000000000d001\n",
        ],
    );
    let said = said(&card);
    for object in alert["alertContext"]["read_objects"].as_array().unwrap() {
        let (_, name) = object.as_str().unwrap().split_once('/').unwrap();
        assert!(said.contains(name), "{name}");
    }
    for vault in ["hollin-archive-prod: ", "hollin-weather-prod: "] {
        assert_eq!(folded(&card, "names").matches(vault).count(), 1, "{vault}");
    }
}

#[test]
fn what_has_no_room_is_counted_and_a_command_lists_it() {
    let names = |vaults: usize| {
        (0..638).map(move |number| format!("hollin-app-{:02}-prod/secret-{number:04}", number * vaults / 638))
    };
    for (vaults, least) in [(1, 600), (50, 350), (638, 150)] {
        let card = card_of(&later(names(vaults)));

        let said = said(&card);
        let shown = said.matches("secret-0").count();
        assert!(shown >= least, "{vaults} vaults: {shown} names");
        assert!(card.request_body().len() <= MAX_CARD_BYTES, "{vaults} vaults");
        let rest = format!(
            "and {} more. All names, from saved logs in the folder LOGS:\ncertificate-accessed investigate",
            638 - shown
        );
        assert_eq!(said.contains(&rest), shown < 638, "{said}");
    }
}

#[test]
fn a_card_of_four_times_as_many_vaults_does_not_take_sixteen_times_as_long() {
    let time_of = |vaults: usize| {
        let alert = later((0..vaults).map(|number| format!("v{number}/n")));
        let once = |_| {
            let begun = std::time::Instant::now();
            let cards = [card_of(&alert), counted_card_of(&alert)];
            assert!(cards.iter().all(|card| card.request_body().len() <= MAX_CARD_BYTES));
            begun.elapsed()
        };
        (0..2).map(once).min().unwrap()
    };

    let (few, many) = (time_of(1_500), time_of(6_000));

    assert!(many < few * 10, "{few:?} and {many:?}");
}

#[test]
fn a_message_that_was_cut_or_counts_no_further_says_so() {
    let mut alert = parsed(DUMP_LATER);
    alert["alertContext"]["read_objects"] = json!("… (truncated)");
    alert["alertContext"]["object_name"] = Value::Null;
    let cut = said(&card_of(&alert));
    alert["alertContext"]["read_count"] = json!(10_001);
    let many = said(&card_of(&alert));

    assert!(cut.contains("read at least 400 certificates and secrets in 31 vaults so far"), "{cut}");
    assert!(cut.contains("and 400 more. All names"), "{cut}");
    assert!(many.contains("read more than 10,000 certificates and secrets in 31 vaults so far"), "{many}");
}

#[test]
fn an_incident_that_is_over_is_told_without_at_least_and_so_far() {
    let mut alert = parsed(DUMP_LATER);
    alert["alertContext"]["stopped"] = json!(true);
    alert["alertContext"]["log_delay_seconds"] = json!(7300);

    let said = said(&card_of(&alert));

    assert!(
        said.contains("read 400 certificates and secrets in 31 vaults, from 02:41 to 02:47 UTC, from 203.0.113.66"),
        "{said}"
    );
    assert!(said.contains("It stopped: the last read was at 02:47:10 UTC"), "{said}");
    assert!(said.contains("The log came 2 hours late."), "{said}");
}

#[test]
fn an_alert_that_only_joins_an_incident_says_so() {
    let mut alert = alert();
    alert["incident"] = json!({"id": "0000000000000000000000000000d001", "step": null});

    let said = said(&card_of(&alert));

    assert!(said.contains("Part of an incident that has cards of its own; its id is below."), "{said}");
    assert!(said.contains("Incident 0000000000000000000000000000d001"), "{said}");
}

#[test]
fn a_backup_is_told_from_a_read_and_nothing_is_said_where_nothing_is_known() {
    let mut alert = parsed(DUMP_FIRST);
    alert["alertContext"]["read_objects"] = json!(["kv-a/one", "kv-a/two", "kv-b/", "kv-b/three"]);
    alert["alertContext"]["private_key"] = json!({"wrapped": 1, "unknown": 2});

    let said = said(&card_of(&alert));

    assert!(said.contains("1 whose private key may have left, wrapped in a backup\nkv-a: \none\n"), "{said}");
    assert!(
        said.contains(
            "2 of which it is unknown whether they are certificates\nkv-a: \ntwo\nkv-b: \n(not named in the log)\n"
        ),
        "{said}"
    );
    assert!(said.contains("1 of whose private key nothing is said\nkv-b: \nthree\n"), "{said}");
    assert!(said.contains("and 21 more. All names"), "the count of the message is 25: {said}");
}

#[test]
fn with_counts_no_name_is_on_the_card_anywhere_and_numbers_are() {
    for message in [DUMP_FIRST, DUMP_LATER, super::THREE_CERTIFICATES, super::ALERT] {
        let alert = parsed(message);

        let card = counted_card_of(&alert);

        let content = card.content().to_string();
        let mut names = vec![alert["alertContext"]["certificate_name"].as_str().map(str::to_owned)];
        let listed = alert["alertContext"]["read_objects"].as_array().cloned().unwrap_or_default();
        names.extend(
            listed.iter().map(|object| object.as_str().unwrap().split_once('/').map(|(_, name)| name.to_owned())),
        );
        for name in names.into_iter().flatten() {
            assert!(!content.contains(&name), "{name}: {content}");
        }
        let id = alert["alertId"].as_str().unwrap();
        assert!(content.contains(&format!("Names: message {id} in the queue certificate-alerts.")), "{content}");
    }
    let said = said(&counted_card_of(&parsed(DUMP_FIRST)));
    assert!(
        said.contains(
            "22 of which it is unknown whether they are certificates\nhollin-signing-prod: \n13\nhollin-sso-prod: \n9\n"
        ),
        "{said}"
    );
}

#[test]
fn the_title_may_hold_a_name_so_counts_hides_it_where_it_would_be_the_headline() {
    let mut alert = super::least();
    alert["title"] = json!("Key Vault certificate [canary] read");

    let texts = texts(&counted_card_of(&alert), "TextRun");

    assert!(!texts.iter().any(|text| text.contains("canary")), "{texts:?}");
}

#[test]
fn what_tells_a_theft_from_a_batch_job_stands_below_the_sentence() {
    let mut alert = parsed(DUMP_FIRST);
    alert["alertContext"]["verdict"] = json!("unlike its last 18 days: new address, new client");
    alert["alertContext"]["usual"] = json!({
        "since": "2026-03-01T00:10:00Z", "reads_a_day": 40, "vault_count": 3, "vaults": ["hollin-data-prod"],
        "addresses": ["192.0.2.0/24"], "clients": ["azsdk-python-keyvault-secrets"],
    });

    let card = card_of(&alert);

    assert_said_in_order(
        &card,
        &[
            "with python-requests/2.31.0 (its own words)\n",
            "Unlike its last 18 days: new address, new client.\n",
            "Since Thu 19 Mar 2026",
            "from 192.0.2.0/24\nwith azsdk-python-keyvault-secrets\n40 reads a day of 3 vaults, known since 1 Mar 2026\n",
        ],
    );
}

#[test]
fn hostile_words_of_a_client_stay_dead_in_what_is_usual() {
    let mut alert = parsed(DUMP_FIRST);
    alert["alertContext"]["verdict"] = json!("unlike [x](https://evil.example) <at>all</at>");
    alert["alertContext"]["usual"] = json!({"clients": ["{{DATE(2026-03-02T08:00:00Z)}}", 7, "\u{202e}live"]});

    let said = said(&card_of(&alert));

    assert!(!said.contains("https://evil") && !said.contains("<at>"), "{said}");
    assert!(said.contains("{ {DATE(") && !said.contains('\u{202e}'), "{said}");
}
