//! Who made a call, from where and when, in every form that Azure writes.

use certificate_accessed::decode::Record;
use certificate_accessed::facts::{Facts, Identity, Memo, RecordTime};
use proptest::prelude::*;

#[test]
fn both_spellings_of_the_claims_name_the_caller() {
    let data_plane = r#"{"identity":{"claim":{"oid":"o-1","appid":"a-1","upn":"ada@example.com"}},"callerIpAddress":"192.0.2.7:443"}"#;
    let activity = r#"{"identity":{"claims":{"http://schemas.microsoft.com/identity/claims/objectidentifier":"o-1",
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"ada@example.com","appid":"a-1"}},
        "callerIpAddress":"192.0.2.7"}"#;

    let identities = [data_plane, activity].map(|record| Identity::of(&Record::parse(record).unwrap()));

    assert_eq!(identities[0], identities[1]);
    assert_eq!(identities[0].upn.as_deref(), Some("ada@example.com"));
    assert_eq!(identities[0].caller_address.as_deref(), Some("192.0.2.7"));
}

#[test]
fn an_identity_written_as_a_string_is_read_as_well() {
    let record = r#"{"identity":"{\"claim\":{\"oid\":\"o-1\",\"xms_mirid\":\"/x/sites/web\"}}","claims":"no JSON"}"#;

    let identity = Identity::of(&Record::parse(record).unwrap());

    assert_eq!(identity.object_id.as_deref(), Some("o-1"));
    assert_eq!(identity.managed_identity_resource.as_deref(), Some("/x/sites/web"));
}

#[test]
fn the_key_is_one_for_an_identity_and_another_for_every_other() {
    let key = |record: &str| Identity::of(&Record::parse(record).unwrap()).key();

    assert_eq!(key(r#"{"identity":{"claim":{"oid":"O-1","appid":"a"}}}"#), r#"object "o-1""#);
    assert_eq!(
        key(r#"{"identity":{"claim":{"oid":"o-1"}},"tenantId":"t","callerIpAddress":"192.0.2.7"}"#),
        r#"object "o-1""#
    );
    assert_eq!(key(r#"{"identity":{"claim":{"appid":"a"}},"tenantId":"t"}"#), r#"application "a" of tenant "t""#);
    assert_eq!(key(r#"{"callerIpAddress":"192.0.2.7:443"}"#), r#"address "192.0.2.7" of tenant """#);
    assert_eq!(key("{}"), r#"address "" of tenant """#);
}

#[test]
fn addresses_lose_their_port_and_nothing_else() {
    let cases = [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:443", "192.0.2.7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("a private endpoint", "a private endpoint"),
    ];
    for (given, expected) in cases {
        let record = format!(r#"{{"callerIpAddress":"{given}"}}"#);
        let identity = Identity::of(&Record::parse(&record).unwrap());
        assert_eq!(identity.caller_address.as_deref(), Some(expected));
    }
}

#[test]
fn private_addresses_are_told_from_public_ones() {
    let cases = [
        ("192.0.2.7", "public"),
        ("2001:db8::7", "public"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("172.32.0.1", "public"),
        ("100.64.0.1", "private"),
        ("100.128.0.1", "public"),
        ("fd00::1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("127.0.0.1", "local"),
        ("::1", "local"),
        ("fe80::1", "local"),
        ("0.0.0.0", "local"),
        ("XX:2a02:1::2", "not an address"),
        ("", "not an address"),
    ];
    for (address, scope) in cases {
        let identity = Identity { caller_address: Some(address.to_owned()), ..Identity::default() };
        assert_eq!(identity.ip_scope(), Some(scope), "{address}");
    }
    assert_eq!(Identity::default().ip_scope(), None);
}

#[test]
fn an_application_is_known_by_its_id_in_any_case_and_others_are_not() {
    let name = |id: &str| Identity { app_id: Some(id.to_owned()), ..Identity::default() }.app_name();

    assert_eq!(name("ABFA0A7C-A6B6-4736-8310-5855508787CD"), Some("Azure App Service"));
    assert_eq!(name("00000000-0000-0000-0000-00000000000a"), None);
}

#[test]
fn every_time_that_azure_writes_is_read() {
    let time_of = |time: &str| RecordTime::of(&Record::parse(&format!(r#"{{"time":{time}}}"#)).unwrap());
    let cases = [
        ("2026-03-02T08:14:58.1200000Z", "2026-03-02T08:14:58.12Z"),
        ("2026-03-02T10:15:03.9000000+02:00", "2026-03-02T08:15:03.9Z"),
        ("2026-03-02T08:14:58", "2026-03-02T08:14:58Z"),
        ("2026-03-02T08:14:58.123456789Z", "2026-03-02T08:14:58.123456789Z"),
        ("1/9/2026 9:41:00 AM", "2026-01-09T09:41:00Z"),
        ("04/05/2026 07:54:00", "2026-04-05T07:54:00Z"),
        ("1/9/2026, 12:41:00.250 AM", "2026-01-09T00:41:00.25Z"),
        ("1/9/2026, 9:41:00.000 PM UTC", "2026-01-09T21:41:00Z"),
        ("2026-03-02 08:14:58.12 UTC", "2026-03-02T08:14:58.12Z"),
        ("2026-03-02T08:14:58.12 +00:00", "2026-03-02T08:14:58.12Z"),
        (r"\/Date(1772439298120)\/", "2026-03-02T08:14:58.12Z"),
        (r"\\/Date(1772439298120+0000)\\/", "2026-03-02T08:14:58.12Z"),
        ("1772439298", "2026-03-02T08:14:58Z"),
        (r"\/Date(1772439298120-0500)\/", "2026-03-02T08:14:58.12Z"),
        ("1/9/2026, 9:41:00.000\u{202f}PM", "2026-01-09T21:41:00Z"),
        ("1/9/2026\u{a0}9:41 PM", "2026-01-09T21:41:00Z"),
        ("2026-03-02 10:14:58 +02:00", "2026-03-02T08:14:58Z"),
        ("2026/03/02 08:14:58", "2026-03-02T08:14:58Z"),
        ("2026-03-02T08:14:58.123456789012Z", "2026-03-02T08:14:58.123456789Z"),
        ("Mon, 02 Mar 2026 08:14:58 GMT", "2026-03-02T08:14:58Z"),
        ("639080360981200000", "2026-03-02T08:14:58.12Z"),
        ("3/2/26 8:14", "2026-03-02T08:14:00Z"),
        ("03/02/2026 08:14:58 +00:00", "2026-03-02T08:14:58Z"),
        ("3/2/2026 10:14:58 AM +02:00", "2026-03-02T08:14:58Z"),
        ("3/2/2026, 8:14:58 AM (UTC)", "2026-03-02T08:14:58Z"),
        ("2026-03-02T08:14:58 Z", "2026-03-02T08:14:58Z"),
        ("2026-03-02T08:14:58[UTC]", "2026-03-02T08:14:58Z"),
    ];
    for (given, moment) in cases {
        assert_eq!(time_of(&format!("\"{given}\"")).unwrap().moment.to_string(), moment, "{given}");
    }
    let numbers = [
        ("1772439298", "2026-03-02T08:14:58Z"),
        ("1772439298120", "2026-03-02T08:14:58.12Z"),
        ("1772439298.5", "2026-03-02T08:14:58.5Z"),
        (r#"{"value":"\/Date(1772439298120)\/","DateTime":"Monday"}"#, "2026-03-02T08:14:58.12Z"),
    ];
    for (given, moment) in numbers {
        assert_eq!(time_of(given).unwrap().moment.to_string(), moment, "{given}");
    }
    for given in [
        r#""soon""#,
        "7",
        "null",
        r#""""#,
        "[]",
        "1e300",
        r#""/Date(soon)/""#,
        "20260302081458",
        "202603020814",
        "134169129000000000",
        r#""0001-01-01T00:00:00Z""#,
        r#""2026-03-02T08:14:58[Europe/Berlin]""#,
    ] {
        assert_eq!(time_of(given), None, "{given}");
    }
}

#[test]
fn a_time_that_cannot_be_read_hides_no_other() {
    let cases = [
        r#"{"time":"02.03.2026 08:14:58","timeStamp":"2026-03-02T08:14:58Z"}"#,
        r#"{"time":0,"eventTimestamp":"2026-03-02T08:14:58Z"}"#,
        r#"{"submissionTimestamp":"2026-03-02T08:14:58Z"}"#,
    ];
    for record in cases {
        let time = RecordTime::of(&Record::parse(record).unwrap()).unwrap();
        assert_eq!(time.moment.to_string(), "2026-03-02T08:14:58Z", "{record}");
    }
}

/// A member that one of these values has, in the properties or at the top, or that is missing.
fn member(name: &'static str, values: [&'static str; 3]) -> impl Strategy<Value = (bool, String)> {
    (any::<bool>(), 0usize..4).prop_map(move |(at_top, value)| {
        (at_top, values.get(value).map_or_else(String::new, |value| format!("\"{name}\":{value},")))
    })
}

/// A record that says who read what in one of many ways, of which few differ in more than one thing.
fn record() -> impl Strategy<Value = String> {
    let members = [
        member("id", [r#""https://kv-a.vault.azure.net/secrets/one""#, r#""https://kv-a.vault.azure.net""#, r#"" ""#]),
        member("requestUri", [r#""https://kv-b.vault.azure.net/secrets/two/v1?a=b""#, r#""no address""#, "7"]),
        member("httpStatusCode", ["200", "403", r#""403""#]),
        member("clientInfo", [r#""curl/8.5""#, r#""azsdk-net/1 (x)""#, "null"]),
    ];
    let at_top = [
        member(
            "resourceId",
            [r#""/X/providers/Microsoft.KeyVault/vaults/KV-C""#, r#""/X/providers/Other/o""#, r#""no id""#],
        ),
        member("resource", [r#""kv-d""#, r#""kv-e""#, "{}"]),
        member(
            "identity",
            [r#"{"claim":{"oid":"o-1"}}"#, r#"{"claim":{"oid":"o-2"}}"#, r#"{"claim":{"appid":"o-1"}}"#],
        ),
        member("callerIpAddress", [r#""192.0.2.7""#, r#""192.0.2.8:443""#, "{}"]),
        member("category", [r#""AuditEvent""#, r#""AuditLogs""#, r#""SignInLogs""#]),
    ];
    (members, at_top).prop_map(|(members, at_top)| {
        let of =
            |top: bool| members.iter().filter(move |(at_top, _)| *at_top == top).map(|(_, member)| member.as_str());
        let properties: String = of(false).collect();
        let top: String = of(true).chain(at_top.iter().map(|(_, member)| member.as_str())).collect();
        format!("{{{top}\"properties\":{{{}}}}}", properties.trim_end_matches(','))
    })
}

proptest! {
    #[test]
    fn a_record_says_the_same_whatever_was_read_before_it(records in prop::collection::vec(record(), 1..40)) {
        let memo = Memo::default();
        for text in &records {
            let record = Record::parse(text).unwrap();
            let alone = Facts::of(record.clone());

            let among = Facts::among(&memo, record);

            prop_assert_eq!(among.access(), alone.access(), "{}", text);
            prop_assert_eq!(among.caller(), alone.caller(), "{}", text);
        }
    }
}
