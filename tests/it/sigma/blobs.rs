//! Sigma rules in blobs of the app's own account, and what becomes of them in a real process.

use serde_json::Value;

use super::{POLICY, RULE};
use crate::host::{FUNCTION, batch, host_with};
use support::azurite::Azurite;
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;

/// The rules' names of the alerts of a policy change, and the summary line.
async fn told(host: &FunctionsHost) -> (Vec<Value>, Value) {
    assert!(host.deliver(FUNCTION, &batch(&[POLICY]), Patience::default()).await.unwrap().succeeded());
    let messages = host.sink().messages("certificate-alerts");
    let alerts = messages.iter().map(|message| serde_json::from_slice::<Value>(message).unwrap());
    let names = alerts.map(|alert| alert["rule"]["name"].clone()).collect();
    (names, serde_json::from_str(&host.function_log()[0]).unwrap())
}

/// Whether a line with these words is on stderr, once it is there.
async fn is_told(host: &FunctionsHost, words: &str) -> bool {
    for _attempt in 0..100 {
        if host.stderr().iter().any(|line| line.contains(words)) {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn rules_in_blobs_are_read_at_the_start_and_one_that_is_off_is_told() {
    let Some(azurite) = Azurite::shared() else { return };
    let client = azurite.client().unwrap();
    client.create_container("sigma-rules").await.unwrap();
    client.put_blob("sigma-rules", "vaults/policy.yml", RULE.as_bytes()).await.unwrap();
    client.put_blob("sigma-rules", "vaults/policy.tests.yml", b"no rule").await.unwrap();
    client.put_blob("sigma-rules", "windows.yml", RULE.replace("azure", "windows").as_bytes()).await.unwrap();
    let account = azurite.connection_string();
    let storage = ("AzureWebJobsStorage", account.as_str());

    let (all, _folder) = host_with(&[("SIGMA_RULES", "blob:sigma-rules/"), storage]).await;
    let (names, summary) = told(&all).await;
    assert_eq!(names, ["Access Policy Of A Vault Changed"]);
    let fault = summary["sigmaFault"].as_str().unwrap();
    assert!(fault.starts_with("1 Sigma rules are off: windows.yml:9: "), "{fault}");
    assert!(is_told(&all, "warning: a Sigma rule is off: windows.yml:9: ").await);

    let (below, _folder) = host_with(&[("SIGMA_RULES", "blob:sigma-rules/vaults/"), storage]).await;
    let (names, summary) = told(&below).await;
    assert_eq!((names.len(), summary.get("sigmaFault")), (1, None));
}

#[tokio::test]
async fn where_no_rules_can_be_read_the_detection_starts_without_and_says_so() {
    let Some(azurite) = Azurite::shared() else { return };
    let account = azurite.connection_string();
    let storage = ("AzureWebJobsStorage", account.as_str());
    for (setting, expected) in [
        ("blob:no-such-container/", "SIGMA_RULES: "),
        ("no-such-folder", "SIGMA_RULES: no-such-folder cannot be read"),
        ("blob:certificate-state/", "SIGMA_RULES is not usable: set it to the path of a folder in the app"),
    ] {
        let (host, _folder) = host_with(&[("SIGMA_RULES", setting), storage]).await;

        let (_, summary) = told(&host).await;

        let fault = summary["sigmaFault"].as_str().unwrap();
        assert!(fault.contains(expected), "{setting}: {fault}");
    }
}
