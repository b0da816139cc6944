//! What the process says of itself, and that nobody has to listen.

/// Settings that it ends with at once.
#[cfg(unix)]
mod settings;

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::given::{READ, binary_batch};

/// A handler that ends with the test.
struct Handler {
    child: Child,
    port: u16,
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn command(port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"));
    command.arg("serve").env("FUNCTIONS_CUSTOMHANDLER_PORT", port).env("LOG_LEVEL", "debug");
    command.env("RULES", "CertificateAccessed,AuditedCertificateRead");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Handler {
    /// Starts a handler whose pipes are what `set` makes of them, and waits for its first answer.
    fn start(set: impl Fn(&mut Command)) -> Self {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
            let mut command = command(&port.to_string());
            set(&mut command);
            let mut handler = Self { child: command.spawn().unwrap(), port };
            while handler.child.try_wait().unwrap().is_none() && Instant::now() < deadline {
                if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    return handler;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            assert!(Instant::now() < deadline, "the handler does not answer");
        }
    }

    /// Posts a body and returns the status of the answer.
    fn post(&self, body: &[u8]) -> u16 {
        self.post_with("", body)
    }

    /// Posts a body with more header lines.
    fn post_with(&self, headers: &str, body: &[u8]) -> u16 {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let head = format!(
            "POST /CertificateAccessed HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
            body.len()
        );
        connection.write_all(&[head.as_bytes(), body].concat()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[9..12]).parse().unwrap()
    }

    /// Ends it as a terminal would, and returns its exit code.
    fn terminate(&mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("sh").args(["-c", "kill -s TERM \"$0\"", &id]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the handler does not end");
    }
}

/// A pipe that nobody reads and that has no room left.
fn full_pipe() -> (std::io::PipeReader, std::io::PipeWriter) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    // A pipe holds 64 KiB unless somebody changed that; a write of what does not fit would wait for ever.
    writer.write_all(&vec![b'x'; 1 << 16]).unwrap();
    (reader, writer)
}

#[test]
fn start_and_stop_are_lines_of_json_and_stderr_is_empty() {
    let mut handler = Handler::start(|_| {});
    assert_eq!(handler.post(&binary_batch(&[READ])), 200);

    assert_eq!(handler.terminate(), Some(0));

    let (mut stdout, mut stderr) = (String::new(), String::new());
    handler.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    handler.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let messages: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!((messages.first(), messages.last()), (Some(&"started"), Some(&"stopped")));
    assert_eq!(stderr, "");
}

#[test]
fn the_trace_of_the_host_stands_on_both_lines_of_a_failed_invocation() {
    let mut handler = Handler::start(|_| {});
    let trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";

    assert_eq!(handler.post_with(trace, b"no invocation"), 400);
    assert_eq!(handler.post_with("traceparent: canary\r\n", b"no invocation"), 400);
    handler.terminate();

    let mut stdout = String::new();
    handler.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    let lines: Vec<Value> = stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let failed: Vec<_> = lines.iter().filter(|line| line["message"] == "invocation failed").collect();
    assert_eq!(failed.len(), 2, "{stdout}");
    assert_eq!(failed[0]["trace_id"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!((&failed[0]["span_id"], &failed[0]["level"]), (&"b7ad6b7169203331".into(), &"INFO".into()));
    assert!(failed[0]["reason"].as_str().unwrap().starts_with("the body is not"), "{stdout}");
    assert!(failed[1].get("trace_id").is_none() && !stdout.contains("canary"), "{stdout}");
    let mut stderr = String::new();
    handler.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    let reasons: Vec<_> = stderr.lines().collect();
    assert!(reasons[0].ends_with(" (trace_id 0af7651916cd43dd8448eb211c80319c)"), "{stderr}");
    assert!(!reasons[1].contains("trace_id") && reasons.len() == 2, "{stderr}");
}

#[test]
fn a_closed_stdout_and_stderr_kill_nothing() {
    let mut handler = Handler::start(|_| {});
    drop(handler.child.stdout.take());
    drop(handler.child.stderr.take());

    for _ in 0..50 {
        assert_eq!(handler.post(b"no invocation"), 400);
    }
    assert_eq!(handler.post(&binary_batch(&[READ])), 200);
    assert_eq!(handler.terminate(), Some(0));
}

#[test]
fn a_full_stdout_and_stderr_block_nothing() {
    let (_stdout, out) = full_pipe();
    let (_stderr, err) = full_pipe();
    let mut handler = Handler::start(|command| {
        command.stdout(out.try_clone().unwrap()).stderr(err.try_clone().unwrap());
    });

    for _ in 0..200 {
        assert_eq!(handler.post(b"no invocation"), 400);
    }
    assert_eq!(handler.post(&binary_batch(&[READ])), 200);
    assert_eq!(handler.terminate(), Some(0));
}

#[test]
fn the_reason_of_a_refusal_is_one_line_on_stderr_and_holds_nothing_of_the_body() {
    let mut handler = Handler::start(|_| {});

    assert_eq!(handler.post(b"\"canary\\u001b[31m\\nfail\""), 400);
    handler.terminate();

    let mut stderr = String::new();
    handler.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("CertificateAccessed: the body is not the JSON object of an invocation"), "{stderr}");
    assert!(!stderr.contains("canary") && !stderr.trim_end().contains(char::is_control), "{stderr}");
}

#[cfg(unix)]
#[test]
fn file_descriptors_that_are_used_up_cost_one_line_and_connections_are_taken_later() {
    let mut handler = Handler::start(|command| {
        let port = command.get_envs().find(|(name, _)| *name == "FUNCTIONS_CUSTOMHANDLER_PORT").unwrap().1.unwrap();
        let mut limited = Command::new("sh");
        limited.args(["-c", "ulimit -n 24; exec \"$0\" serve", env!("CARGO_BIN_EXE_certificate-accessed")]);
        limited.env("FUNCTIONS_CUSTOMHANDLER_PORT", port).stdin(Stdio::null());
        limited.stdout(Stdio::piped()).stderr(Stdio::piped());
        *command = limited;
    });
    for _ in 0..2 {
        let held: Vec<_> = (0..60).map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, handler.port)).unwrap()).collect();
        std::thread::sleep(Duration::from_secs(1));
        drop(held);
        assert_eq!(handler.post(&binary_batch(&[READ])), 200);
    }

    handler.terminate();

    let mut stderr = String::new();
    handler.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!(stderr.matches("cannot accept").count(), 1, "{stderr}");
}

#[test]
fn a_busy_port_is_named_in_the_words_that_the_host_knows() {
    let busy = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();

    let output = command(&busy.local_addr().unwrap().port().to_string()).output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("address already in use"));
}

#[test]
fn a_port_that_is_none_ends_it_with_1_and_a_sentence() {
    for port in ["", "0", "70000", "http"] {
        let output = command(port).output().unwrap();

        assert_eq!(output.status.code(), Some(1), "{port}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("FUNCTIONS_CUSTOMHANDLER_PORT must be"));
    }
}

#[test]
fn the_former_name_of_a_setting_is_refused_with_the_present_one() {
    let output = command("1").env("DEDUP_STORE", "blob").output().unwrap();

    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr.contains("DEDUP_STORE is no longer read: remove it, and set STATE_STORE to memory or blob"),
        "{stderr}"
    );
}

#[test]
fn all_bad_settings_are_named_at_once_without_their_values() {
    let reference = "@Microsoft.KeyVault(SecretUri=https://canary.vault.azure.net/secrets/x)";
    let output = command("1")
        .env("RULES", reference)
        .env("LOG_LEVEL", "canary")
        .env("DUMP_THRESHOLD", "canary")
        .output()
        .unwrap();

    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    for name in ["RULES is a Key Vault reference that did not resolve", "LOG_LEVEL", "DUMP_THRESHOLD"] {
        assert!(stderr.contains(name), "{stderr}");
    }
    assert!(!stderr.contains("canary"), "{stderr}");
    assert!(output.stdout.is_empty());
}
