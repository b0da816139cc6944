//! The URL of a webhook: which ones are taken, and that none is shown.

use certificate_accessed::webhook::{WebhookFault, WebhookPolicy, WebhookUrl};

fn parse(url: &str, allowed_hosts: &[&str], allow_loopback: bool) -> Result<(), WebhookFault> {
    let allowed_hosts = allowed_hosts.iter().map(|host| (*host).to_owned()).collect();
    WebhookUrl::parse(url, &WebhookPolicy { allowed_hosts, allow_loopback }).map(drop)
}

#[test]
fn only_https_without_user_info_to_an_allowed_host_is_taken() {
    let cases = [
        ("https://hooks.example.com/x?sig=s", Ok(())),
        ("https://HOOKS.example.com/x", Ok(())),
        ("http://hooks.example.com/x", Err(WebhookFault::NotHttps)),
        ("ftp://hooks.example.com/x", Err(WebhookFault::NotHttps)),
        ("https://ada@hooks.example.com/x", Err(WebhookFault::UserInfo)),
        ("https://ada:pw@hooks.example.com/x", Err(WebhookFault::UserInfo)),
        ("hooks.example.com/x", Err(WebhookFault::NotAUrl)),
        ("https://", Err(WebhookFault::NotAUrl)),
        ("mailto:ada@example.com", Err(WebhookFault::NotAUrl)),
        ("https://hooks.example.com.evil.example/x", Err(WebhookFault::HostNotAllowed)),
        ("https://xhooks.example.com/x", Err(WebhookFault::HostNotAllowed)),
    ];
    for (url, expected) in cases {
        assert_eq!(parse(url, &["hooks.example.com"], false), expected, "{url}");
    }
}

#[test]
fn the_loopback_needs_a_setting_and_is_an_address() {
    for url in ["http://127.0.0.1:9/x", "http://[::1]:9/x", "http://127.9.9.9/x"] {
        assert_eq!(parse(url, &[], true), Ok(()), "{url}");
        assert_eq!(parse(url, &[], false), Err(WebhookFault::NotHttps), "{url}");
    }
    for url in ["http://localhost/x", "http://127.0.0.1.example.com/x", "http://192.0.2.7/x"] {
        assert_eq!(parse(url, &[], true), Err(WebhookFault::NotHttps), "{url}");
    }
}

#[test]
fn nothing_of_a_url_is_printed() {
    let webhook = WebhookUrl::parse("https://canary.example.com/canary?sig=canary", &WebhookPolicy::default());

    assert!(!format!("{webhook:?}").contains("canary"));
}
