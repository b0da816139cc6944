//! The storage account that the settings name.

use certificate_accessed::storage::{Account, AccountFault};

const SETTING: &str = "AzureWebJobsStorage";

/// The account that these settings name.
fn read(settings: &[(&str, &str)]) -> Result<Account, AccountFault> {
    Account::read(&|name| Ok(settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())))
}

#[test]
fn every_usual_form_of_the_setting_names_the_account() {
    let key = "a2V5";
    let full =
        format!("DefaultEndpointsProtocol=https;AccountName=stlogs;AccountKey={key};EndpointSuffix=core.windows.net");
    let with_endpoint = format!("AccountName=stlogs;AccountKey={key};BlobEndpoint=http://127.0.0.1:10000/stlogs/");
    let in_capitals = "DefaultEndpointsProtocol=HTTPS;AccountName=StLogs;AccountKey=a2V5;EndpointSuffix=";
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[(SETTING, in_capitals)], "https://stlogs.blob.core.windows.net"),
        (&[(SETTING, "UseDevelopmentStorage=true")], "http://127.0.0.1:10000/devstoreaccount1"),
        (&[(SETTING, &full)], "https://stlogs.blob.core.windows.net"),
        (&[(SETTING, &with_endpoint)], "http://127.0.0.1:10000/stlogs"),
        (&[("AzureWebJobsStorage__accountName", "stlogs")], "https://stlogs.blob.core.windows.net"),
        (
            &[("AzureWebJobsStorage__blobServiceUri", "https://stlogs.blob.core.windows.net/")],
            "https://stlogs.blob.core.windows.net",
        ),
    ];
    for (settings, endpoint) in cases {
        assert_eq!(read(settings).unwrap().endpoint, endpoint, "{settings:?}");
    }
}

#[test]
fn a_setting_that_names_no_account_is_reported_without_its_value() {
    assert_eq!(read(&[]), Err(AccountFault::Missing));
    let canary = read(&[(SETTING, "AccountName=canary")]).unwrap_err().to_string();
    assert!(canary.contains("AccountKey") && !canary.contains("canary"), "{canary}");
    for (text, fault) in [
        ("AccountName=canary;AccountKey=canary!", AccountFault::Key),
        ("AccountName=canary;AccountKey=", AccountFault::Part("AccountKey")),
        ("AccountName=;AccountKey=a2V5", AccountFault::Part("AccountName")),
        ("AccountName=ca;AccountKey=a2V5", AccountFault::Name),
        ("AccountName=canary-x;AccountKey=a2V5", AccountFault::Name),
        ("AccountName=canary.example.com/;AccountKey=a2V5", AccountFault::Name),
        ("AccountName=canarycanarycanarycanary1;AccountKey=a2V5", AccountFault::Name),
        ("AccountName=canary;AccountKey=a2V5;DefaultEndpointsProtocol=ftp", AccountFault::Protocol),
        ("AccountName=canary;AccountKey=a2V5;BlobEndpoint=file:///canary", AccountFault::Protocol),
        ("AccountName=canary;AccountKey=a2V5;BlobEndpoint=canary", AccountFault::Address),
        ("AccountName=canary;AccountKey=a2V5;BlobEndpoint=https://canary:x@example.com", AccountFault::Address),
        ("AccountName=canary;AccountKey=a2V5;EndpointSuffix=no suffix", AccountFault::Address),
    ] {
        let read = read(&[(SETTING, text)]);
        assert!(!format!("{read:?} {}", read.clone().unwrap_err()).contains("canary"), "{text}");
        assert_eq!(read, Err(fault), "{text}");
    }
    for (part, text, fault) in [
        ("accountName", "canary_x", AccountFault::Name),
        ("blobServiceUri", "sb://canary.example.com", AccountFault::Protocol),
        ("blobServiceUri", "https://", AccountFault::Address),
    ] {
        assert_eq!(read(&[(&format!("{SETTING}__{part}"), text)]), Err(fault), "{text}");
    }
}
