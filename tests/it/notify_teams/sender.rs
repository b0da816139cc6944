//! The sender alone, against every way in which a webhook answers.

use std::time::{Duration, Instant};

use certificate_accessed::teams::{Accepted, Limits, SendError, Teams};
use certificate_accessed::webhook::{WebhookPolicy, WebhookUrl};

use support::fake_teams::{FakeTeams, Says};

/// Short enough for tests, with the proportions of the real ones.
const LIMITS: Limits = Limits {
    attempt: Duration::from_millis(300),
    budget: Duration::from_millis(1500),
    attempts: 4,
    first_pause: Duration::from_millis(10),
    longest_retry_after: Duration::from_secs(1),
};

fn sender(url: &str, limits: Limits) -> Teams {
    let policy = WebhookPolicy { allow_loopback: true, ..WebhookPolicy::default() };
    Teams::new(WebhookUrl::parse(url, &policy).unwrap(), limits)
}

/// Posts once against a script.
async fn post(script: impl IntoIterator<Item = Says>) -> (Result<Accepted, SendError>, FakeTeams) {
    post_within(LIMITS, script).await
}

async fn post_within(
    limits: Limits,
    script: impl IntoIterator<Item = Says>,
) -> (Result<Accepted, SendError>, FakeTeams) {
    let webhook = FakeTeams::start(script).await.unwrap();
    let posted = sender(&webhook.url("canary"), limits).post("{}".to_owned()).await;
    (posted, webhook)
}

/// The status that the reason names: the webhook answered it, or reported it in the text of its answer.
fn status_of(posted: &Result<Accepted, SendError>) -> Option<u16> {
    let reason = posted.as_ref().unwrap_err().to_string();
    reason.split_once("it answered ")?.1.get(..3)?.parse().ok()
}

#[tokio::test]
async fn any_2xx_is_accepted_at_once() {
    for status in [200, 201, 202, 204] {
        let (posted, webhook) = post([Says::status(status)]).await;

        assert_eq!(posted.unwrap(), Accepted { status, attempts: 1 });
        assert_eq!(webhook.received().len(), 1);
    }
}

#[tokio::test]
async fn the_request_is_json_with_its_length_and_nothing_of_the_environment() {
    let (_posted, webhook) = post([Says::status(202)]).await;

    let request = &webhook.received()[0];
    let head = request.head.to_ascii_lowercase();
    assert!(head.starts_with("post /workflows/canary/invoke?api-version=1&sig=canary http/1.1"), "{head}");
    assert!(head.contains("content-type: application/json; charset=utf-8"), "{head}");
    assert!(head.contains("user-agent: certificate-accessed/"), "{head}");
    assert_eq!(request.body, "{}");
}

#[tokio::test]
async fn what_will_not_pass_is_tried_once() {
    for status in [301, 302, 307, 400, 401, 403, 404, 410, 413] {
        let (posted, webhook) = post([Says::status(status)]).await;

        assert_eq!(status_of(&posted), Some(status));
        assert_eq!(webhook.received().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn what_may_pass_is_tried_again_until_it_has_passed() {
    let cases = [
        Says::status(408),
        Says::status(429),
        Says::status(500),
        Says::status(502),
        Says::status(503),
        Says::status(504),
        Says::status(599),
        Says::Reset,
        Says::Hang,
        Says::DripHead,
        Says::Drip(200),
        Says::Short(200),
    ];
    for says in cases {
        let (posted, webhook) = post([says.clone(), Says::status(202)]).await;

        assert_eq!(posted.unwrap(), Accepted { status: 202, attempts: 2 }, "{says:?}");
        assert_eq!(webhook.received().len(), 2, "{says:?}");
    }
}

#[tokio::test]
async fn it_gives_up_after_four_attempts_or_the_budget() {
    for says in [Says::status(500), Says::Reset] {
        let (posted, webhook) = post([says]).await;

        assert_eq!(posted.unwrap_err().attempts, 4);
        assert_eq!(webhook.received().len(), 4);
    }
    for says in [Says::Hang, Says::DripHead, Says::Drip(200)] {
        let begun = Instant::now();

        let (posted, _webhook) = post([says.clone()]).await;

        assert!(posted.is_err(), "{says:?}");
        assert!(begun.elapsed() < LIMITS.budget + Duration::from_millis(500), "{says:?}: {:?}", begun.elapsed());
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_tried_again() {
    let closed = FakeTeams::start([]).await.unwrap();
    let url = closed.url("canary");
    drop(closed);
    tokio::task::yield_now().await;

    let posted = sender(&url, LIMITS).post("{}".to_owned()).await;

    assert_eq!(status_of(&posted), None, "{posted:?}");
    assert_eq!(posted.unwrap_err().attempts, 4);
}

/// `Retry-After` as a date some seconds from now.
fn date_in(seconds: i64) -> String {
    let then = jiff::Timestamp::now().checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap();
    jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&then).unwrap()
}

#[tokio::test]
async fn retry_after_is_waited_for_in_both_forms() {
    let limits = Limits { budget: Duration::from_secs(9), longest_retry_after: Duration::from_secs(5), ..LIMITS };
    for value in [|| "1".to_owned(), || date_in(2)] {
        let (posted, webhook) =
            post_within(limits, [Says::with_header(429, "Retry-After", &value()), Says::status(202)]).await;

        assert_eq!(posted.unwrap().attempts, 2);
        let received = webhook.received();
        let pause = received[1].at - received[0].at;
        // A date has no fractions, so of its two seconds at least one is left.
        assert!(pause >= Duration::from_millis(900), "{pause:?}");
    }
}

#[tokio::test]
async fn a_retry_after_over_the_cap_is_left_to_the_queue() {
    for value in [
        "2",
        "3600",
        "99999999999999999999999",
        &date_in(3600),
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Sat, 01 Jan 10000 00:00:00 GMT",
        "Monday, 02-Mar-76 08:15:40 GMT",
        "Mon Mar  2 08:15:40 2076",
    ] {
        let begun = Instant::now();

        let (posted, webhook) = post([Says::with_header(429, "Retry-After", value)]).await;

        assert_eq!(status_of(&posted), Some(429));
        assert_eq!(webhook.received().len(), 1, "{value}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{value}");
    }
}

#[tokio::test]
async fn retry_after_is_waited_for_up_to_its_cap_and_within_the_budget() {
    for (budget_seconds, attempts) in [(9, 2), (1, 1)] {
        let limits = Limits { budget: Duration::from_secs(budget_seconds), ..LIMITS };

        let (_posted, webhook) =
            post_within(limits, [Says::with_header(503, "Retry-After", "1"), Says::status(202)]).await;

        assert_eq!(webhook.received().len(), attempts, "{budget_seconds}");
    }
}

#[tokio::test]
async fn a_retry_after_that_is_over_or_says_nothing_is_not_waited_for() {
    let past = "Mon, 02 Mar 2020 08:15:40 GMT";
    for value in [" 0 ", past, &past.replace("Mon", "Tue"), "soon", "", "-3"] {
        let (posted, webhook) = post([Says::with_header(429, "Retry-After", value), Says::status(202)]).await;

        assert_eq!(posted.unwrap().attempts, 2, "{value}");
        let received = webhook.received();
        assert!(received[1].at - received[0].at < Duration::from_millis(900), "{value}");
    }
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let elsewhere = FakeTeams::start([Says::status(200)]).await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        let (posted, webhook) = post([Says::with_header(status, "Location", &elsewhere.url("stolen"))]).await;

        assert_eq!(status_of(&posted), Some(status));
        assert_eq!(webhook.received().len(), 1, "{status}");
    }
    assert!(elsewhere.received().is_empty());
}

#[tokio::test]
async fn an_endless_answer_is_read_no_further_than_needed() {
    for status in [200, 202] {
        let (posted, webhook) = post([Says::Endless(status)]).await;

        assert_eq!(posted.unwrap(), Accepted { status, attempts: 1 });
        assert!(webhook.sent() < 8 << 20, "{}", webhook.sent());
    }
}

#[tokio::test]
async fn a_202_counts_whatever_follows_it() {
    for says in [Says::Drip(202), Says::Short(202), Says::text(202, "HTTP error 500")] {
        let (posted, webhook) = post([says.clone()]).await;

        assert_eq!(posted.unwrap(), Accepted { status: 202, attempts: 1 }, "{says:?}");
        assert_eq!(webhook.received().len(), 1);
    }
}

#[tokio::test]
async fn a_200_with_an_error_in_its_text_is_a_failure() {
    let text = |status| {
        format!(
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error {status} with ContextId x"
        )
    };

    let (busy, webhook) = post([Says::text(200, &text(429)), Says::text(200, "1")]).await;
    assert_eq!(busy.unwrap(), Accepted { status: 200, attempts: 2 });
    assert_eq!(webhook.received().len(), 2);

    let (too_large, webhook) = post([Says::text(200, &text(413))]).await;
    assert_eq!(status_of(&too_large), Some(413));
    assert_eq!(webhook.received().len(), 1);

    for odd in ["Webhook message delivery failed", "HTTP error 123", "HTTP error 7", "HTTP error"] {
        let (posted, _webhook) = post([Says::text(200, odd)]).await;
        assert_eq!(status_of(&posted), Some(500), "{odd}");
    }
    for fine in ["1", "", "{\"errors\":[]}"] {
        let (posted, _webhook) = post([Says::text(200, fine)]).await;
        assert_eq!(posted.unwrap(), Accepted { status: 200, attempts: 1 }, "{fine}");
    }
}

#[tokio::test]
async fn no_reason_holds_anything_of_the_url_even_where_the_webhook_repeats_it() {
    let echo = r#"{"error":{"code":"canary","message":"/workflows/canary/invoke?sig=canary"}}"#;
    let inside = r#"{"error":{"code":"TokencanaryExpired"}}"#;
    let cases = [
        Says::text(400, echo),
        Says::text(500, echo),
        Says::text(400, inside),
        Says::text(503, inside),
        Says::with_header(302, "Location", "/workflows/canary"),
        Says::text(200, "HTTP error 400 canary"),
        Says::Reset,
        Says::Hang,
        Says::Short(200),
    ];
    for says in cases {
        let (posted, _webhook) = post([says.clone()]).await;

        let error = posted.unwrap_err();
        let mut printed = format!("{error} {error:?} {error:#?}");
        let mut cause = std::error::Error::source(&error);
        while let Some(inner) = cause {
            printed.push_str(&format!("{inner} {inner:?}"));
            cause = inner.source();
        }
        assert!(!printed.contains("canary") && !printed.contains("127.0.0.1"), "{says:?}: {printed}");
    }
}

#[tokio::test]
async fn azures_own_word_for_a_failure_is_passed_on() {
    let (posted, _webhook) = post([Says::text(404, r#"{"error":{"code":"WorkflowNotFound","message":"x"}}"#)]).await;

    let error = posted.unwrap_err().to_string();

    assert!(error.contains("it answered 404 (WorkflowNotFound)") && error.contains("TEAMS_WEBHOOK_URL"), "{error}");
}

#[tokio::test]
async fn only_a_known_word_of_a_webhooks_text_is_passed_on() {
    let code = |code: &str| format!(r#"{{"error":{{"code":"{code}"}}}}"#);
    let words = ["", "see https://x", "Secret", "WorkflowNotFoundSecret", "workflownotfound", " NotFound"].map(code);
    let texts = ["no JSON", "{}", "[]", r#"{"error":"NotFound"}"#].map(str::to_owned);
    for text in words.into_iter().chain(texts) {
        let (posted, _webhook) = post([Says::text(404, &text)]).await;

        let error = posted.unwrap_err().to_string();
        assert!(error.contains("it answered 404;"), "{text}: {error}");
    }
}
