//! The HTTP door against callers that are slow, gone, foreign, or many.

/// Bodies of many callers at once.
mod bodies;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use certificate_accessed::http::{App, BodyRoom, MAX_BODY_BYTES, router, serve_connection};
use certificate_accessed::process_log::ErrorStream;
use certificate_accessed::render::CardOptions;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::given::{READ, binary_batch, detector};
use support::functions_host::app::{App as HostApp, Settings};
use support::functions_host::encoding::{Encoding, request_body};
use support::functions_host::event_hub::Batch;

/// The door in this process, on a clock that a test may turn on.
struct Door {
    app: App,
    stop: watch::Sender<bool>,
    errors: Lines,
    _guard: tracing_guard::Guard,
}

/// The guard's type has no name outside of the crate that makes it.
mod tracing_guard {
    pub(super) type Guard = Box<dyn std::any::Any>;
}

/// What went to stderr.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Door {
    fn new() -> Self {
        let errors = Lines::default();
        let (stream, guard) = ErrorStream::to(errors.clone());
        let app = App {
            detector: Arc::new(detector(&[])),
            errors: stream,
            shared_windows: None,
            teams: None,
            cards: CardOptions::default(),
            receipts: None,
            body_room: BodyRoom::default(),
        };
        Self { app, stop: watch::channel(false).0, errors, _guard: Box::new(guard) }
    }

    fn connect(&self) -> DuplexStream {
        let (client, server) = tokio::io::duplex(1 << 20);
        tokio::spawn(serve_connection(server, router(self.app.clone()), self.stop.subscribe()));
        client
    }

    /// Sends one request on a connection of its own and returns the status and the JSON of the answer.
    async fn ask(&self, request: &str) -> (u16, Value) {
        let mut connection = self.connect();
        connection.write_all(request.as_bytes()).await.unwrap();
        answer(&mut connection).await
    }

    /// What stands on stderr, once the writing thread has come to it.
    fn errors(&self) -> String {
        for _ in 0..200 {
            let text = String::from_utf8(self.errors.0.lock().unwrap().clone()).unwrap();
            if text.ends_with('\n') {
                return text;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        String::new()
    }
}

/// Reads one answer with a `Content-Length`.
async fn answer(connection: &mut DuplexStream) -> (u16, Value) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        connection.read_exact(&mut byte).await.unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(head.contains("content-type: application/json"), "{head}");
    let length = head.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap().parse().unwrap();
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await.unwrap();
    (head[9..12].parse().unwrap(), serde_json::from_slice(&body).unwrap())
}

const GET: &str = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

fn post(headers: &str, body: &str) -> String {
    format!(
        "POST /CertificateAccessed HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

const JSON: &str = "Content-Type: application/json; charset=utf-8\r\n";

/// How long it takes until the door closes the connection.
async fn time_to_close(connection: &mut DuplexStream) -> Duration {
    let started = Instant::now();
    assert_eq!(connection.read(&mut [0; 64]).await.unwrap_or(0), 0);
    started.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_come_ends_the_connection_in_fifteen_seconds() {
    let door = Door::new();
    let mut connection = door.connect();
    connection.write_all(b"POST /Certifi").await.unwrap();

    let closed = time_to_close(&mut connection).await;

    assert!((10..20).contains(&closed.as_secs()), "{closed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_ends_the_connection_in_fifteen_seconds() {
    let door = Door::new();
    let (mut reader, mut writer) = tokio::io::split(door.connect());
    tokio::spawn(async move {
        for byte in b"POST /CertificateAccessed HTTP/1.1\r\n" {
            sleep(Duration::from_secs(2)).await;
            writer.write_all(&[*byte]).await.ok();
        }
    });
    let started = Instant::now();

    assert_eq!(reader.read(&mut [0; 64]).await.unwrap_or(0), 0);

    assert!((10..20).contains(&started.elapsed().as_secs()), "{:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_second_head_that_does_not_come_ends_the_connection_too() {
    let door = Door::new();
    let mut connection = door.connect();
    connection.write_all(GET.as_bytes()).await.unwrap();
    answer(&mut connection).await;
    sleep(Duration::from_secs(100)).await;
    connection.write_all(b"G").await.unwrap();

    let closed = time_to_close(&mut connection).await;

    assert!((10..20).contains(&closed.as_secs()), "{closed:?}");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_lives_longer_than_the_host_keeps_it() {
    let door = Door::new();
    let mut used = door.connect();
    let mut unused = door.connect();
    for _ in 0..3 {
        used.write_all(GET.as_bytes()).await.unwrap();
        assert_eq!(answer(&mut used).await.0, 200);
        sleep(Duration::from_secs(240)).await;
        used.write_all(post(JSON, &String::from_utf8(binary_batch(&[READ])).unwrap()).as_bytes()).await.unwrap();
        assert_eq!(answer(&mut used).await.0, 200);
        sleep(Duration::from_secs(240)).await;
    }

    let (mut late, _) = (door.connect(), sleep(Duration::from_secs(240)).await);
    late.write_all(GET.as_bytes()).await.unwrap();

    assert_eq!(answer(&mut late).await.0, 200);
    assert_eq!(unused.read(&mut [0; 1]).await.unwrap(), 0, "an unused one ends after five minutes");
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_or_drips_is_given_up() {
    let door = Door::new();
    let mut stopped = door.connect();
    stopped.write_all(post(JSON, "{\"Data\":").replace("Length: 8", "Length: 800").as_bytes()).await.unwrap();
    let started = Instant::now();
    let (status, _) = answer(&mut stopped).await;
    assert_eq!((status, started.elapsed().as_secs()), (408, 30));

    let mut stopped_later = door.connect();
    stopped_later.write_all(post(JSON, "{").replace("Length: 1", "Length: 800").as_bytes()).await.unwrap();
    sleep(Duration::from_secs(20)).await;
    stopped_later.write_all(b" ").await.unwrap();
    let stopped = Instant::now();
    let (status, _) = answer(&mut stopped_later).await;
    assert_eq!((status, stopped.elapsed().as_secs()), (408, 30), "from its last chunk");

    let (mut reader, mut writer) = tokio::io::split(door.connect());
    tokio::spawn(async move {
        writer.write_all(post(JSON, "").replace("Length: 0", "Length: 800").as_bytes()).await.ok();
        loop {
            sleep(Duration::from_secs(20)).await;
            writer.write_all(b" ").await.ok();
        }
    });
    let started = Instant::now();
    let mut head = [0; 12];
    reader.read_exact(&mut head).await.unwrap();
    assert_eq!((&head[9..], started.elapsed().as_secs()), (b"408".as_slice(), 120));
}

#[tokio::test]
async fn a_caller_that_hangs_up_costs_nothing_but_a_line() {
    let door = Door::new();
    let mut gone = door.connect();
    gone.write_all(post(JSON, "{\"Data\":").replace("Length: 8", "Length: 800").as_bytes()).await.unwrap();
    drop(gone);

    assert_eq!(door.ask(GET).await.0, 200);
    assert!(door.errors().contains("broke off"), "{}", door.errors());
}

#[tokio::test]
async fn a_caller_that_shuts_its_side_after_a_whole_request_gets_its_answer() {
    let door = Door::new();
    let batch = String::from_utf8(binary_batch(&[READ])).unwrap();
    let chunked = format!(
        "POST /CertificateAccessed HTTP/1.1\r\nHost: 127.0.0.1\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{batch}\r\n0\r\n\r\n",
        batch.len()
    );
    for request in [GET.to_owned(), post(JSON, &batch), chunked] {
        let mut connection = door.connect();
        connection.write_all(request.as_bytes()).await.unwrap();
        connection.shutdown().await.unwrap();

        assert_eq!(answer(&mut connection).await.0, 200, "{request}");
        assert_eq!(connection.read(&mut [0; 1]).await.unwrap(), 0, "and then the connection ends");
    }
    let mut broken = door.connect();
    broken.write_all(post(JSON, "{\"Data\":").replace("Length: 8", "Length: 800").as_bytes()).await.unwrap();
    broken.shutdown().await.unwrap();
    assert_eq!(answer(&mut broken).await.0, 400, "a request that is not whole");
}

#[tokio::test]
async fn what_is_no_invocation_is_refused_with_a_sentence_in_json() {
    let batch = String::from_utf8(binary_batch(&[READ])).unwrap();
    let cases = [
        (post("", &batch), 415, "Content-Type: application/json"),
        (post("Content-Type: text/plain\r\n", &batch), 415, "Content-Type: application/json"),
        (post(&format!("{JSON}Content-Encoding: gzip\r\n"), &batch), 415, "Content-Encoding"),
        (post(JSON, "canary"), 400, "line 1 column 1"),
        (post(JSON, "\"canary\""), 400, "line 1 column"),
        (post(JSON, "[]"), 400, "Data"),
        (post(JSON, "{}"), 400, "Data"),
        (post(JSON, "{\"Data\":[]}"), 400, "Data"),
        (post(JSON, ""), 400, "Data"),
        (post(JSON, &batch).replace("127.0.0.1", "attacker.example"), 403, "loopback"),
        (post(JSON, &batch).replace("Host: 127.0.0.1", "Host: 127.0.0.1\r\nHost: attacker.example"), 403, "loopback"),
        (post(JSON, "").replace("Length: 0", &format!("Length: {}", MAX_BODY_BYTES + 1)), 413, "maxEventBatchSize"),
        (GET.replace("GET / ", "GET /api/x "), 404, "no such function"),
        (GET.replace("GET / ", "DELETE / "), 405, "method"),
        (GET.replace("GET / ", "GET /CertificateAccessed "), 405, "method"),
        (GET.replace("GET / ", "GET http://attacker.example/ "), 403, "loopback"),
    ];
    for (request, status, word) in cases {
        let door = Door::new();

        let (got, json) = door.ask(&request).await;

        let sentence = json["error"].as_str().unwrap();
        assert_eq!(got, status, "{request}");
        assert!(sentence.contains(word) && !sentence.contains("canary"), "{sentence}");
        if matches!(status, 400 | 413 | 415) {
            let errors = door.errors();
            assert_eq!(errors, format!("CertificateAccessed: {sentence}\n"));
        }
    }
}

#[tokio::test]
async fn a_request_of_the_host_is_taken_with_and_without_a_host_header() {
    let batch = String::from_utf8(binary_batch(&[READ])).unwrap();
    let door = Door::new();

    for request in [
        post(JSON, &batch),
        post(JSON, &batch).replace("Host: 127.0.0.1\r\n", ""),
        post(JSON, &batch).replace("HTTP/1.1\r\nHost: 127.0.0.1", "HTTP/1.0"),
    ] {
        let (status, json) = door.ask(&request).await;

        assert_eq!(status, 200);
        assert_eq!(json["Outputs"]["alerts"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn only_the_loopback_may_be_called_by_name() {
    let door = Door::new();
    for host in ["127.0.0.1", "127.0.0.1:7071", "localhost:80", "LOCALHOST", "[::1]:8080", "[::1]"] {
        assert_eq!(door.ask(&GET.replace("127.0.0.1", host)).await.0, 200, "{host}");
    }
    for host in ["example.com", "127.0.0.1.example.com", "localhost.example.com:80", "", "192.0.2.1", "127.0.0.1:x"] {
        assert_eq!(door.ask(&GET.replace("127.0.0.1", host)).await.0, 403, "{host}");
    }
}

#[tokio::test]
async fn only_what_has_the_form_of_a_traceparent_is_taken() {
    let said = async |traceparent: &str| {
        let door = Door::new();
        door.ask(&post(&format!("{JSON}traceparent: {traceparent}\r\n"), "")).await;
        door.errors()
    };
    let trace = said("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").await;
    assert!(trace.ends_with(" (trace_id 0af7651916cd43dd8448eb211c80319c)\n"), "{trace}");
    for malformed in [
        "",
        "00",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-canary-b7ad6b7169203331-01",
    ] {
        let said = said(malformed).await;
        assert!(said.starts_with("CertificateAccessed: ") && !said.contains("trace_id"), "{malformed}: {said}");
    }
}

/// Reads `host.json` and `function.json` as the host does, and measures what the stand-in sends for full events.
#[test]
fn the_largest_batch_that_host_json_allows_is_below_the_body_limit() {
    let folder = crate::host::app_folder();
    let app = HostApp::read(folder.path(), Settings::default()).unwrap();
    let function = &app.functions[crate::host::FUNCTION];
    let size = |count: usize| {
        // Quotes and control characters take the most room wherever an encoding escapes.
        let batch = Batch::new("31", i64::MAX - 1000, (0..count).map(|_| vec![b'"'; 1 << 20]));
        request_body(Encoding::of(&function.trigger), function, &batch, None).unwrap().len()
    };

    let of_one = size(1);
    let of_all = of_one + (app.max_event_batch_size - 1) * (size(2) - of_one);

    assert!(of_all * 5 / 4 < MAX_BODY_BYTES, "{of_all} bytes");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn bodies_that_are_promised_and_do_not_come_take_no_memory() {
    let (host, _folder) = crate::host::host_with(&[]).await;
    let head = format!(
        "POST /CertificateAccessed HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {MAX_BODY_BYTES}\r\n\r\n{{"
    );
    let mut promised = Vec::new();
    for _ in 0..16 {
        let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", host.port())).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        promised.push(stream);
    }

    let delivery = host.deliver(crate::host::FUNCTION, &crate::host::batch(&[READ]), Default::default()).await.unwrap();

    assert!(delivery.succeeded());
    let peak_kib = crate::host::peak_kib(&host).await;
    assert!(peak_kib < 100 << 10, "{peak_kib} KiB for {} bodies", promised.len());
}

#[tokio::test]
async fn a_thousand_idle_connections_do_not_keep_an_invocation_waiting() {
    let (host, _folder) = crate::host::host_with(&[]).await;
    let mut idle = Vec::new();
    for _ in 0..1000 {
        idle.push(tokio::net::TcpStream::connect(("127.0.0.1", host.port())).await.unwrap());
    }
    let started = std::time::Instant::now();

    let delivery = host.deliver(crate::host::FUNCTION, &crate::host::batch(&[READ]), Default::default()).await.unwrap();

    assert!(delivery.succeeded());
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(idle.len(), 1000);
}
