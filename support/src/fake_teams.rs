//! A Teams webhook on the loopback interface: real HTTP, with every way of answering that a sender has to survive.

use std::collections::VecDeque;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How the webhook answers one request.
#[derive(Debug, Clone)]
pub enum Says {
    /// A status, headers (each ending in a line break) and a body.
    Answer(u16, String, String),
    /// Nothing, with the connection open.
    Hang,
    /// A status and headers, then a byte now and then, for ever.
    Drip(u16),
    /// The status line and headers themselves, a byte now and then.
    DripHead,
    /// A TCP reset after the request has arrived.
    Reset,
    /// A status, and a body without end.
    Endless(u16),
    /// A status, a length, and a body that ends before it.
    Short(u16),
}

impl Says {
    /// A status with nothing else.
    pub fn status(status: u16) -> Self {
        Self::Answer(status, String::new(), String::new())
    }

    /// A status with a text.
    pub fn text(status: u16, text: &str) -> Self {
        Self::Answer(status, String::new(), text.to_owned())
    }

    /// A status with one more header.
    pub fn with_header(status: u16, name: &str, value: &str) -> Self {
        Self::Answer(status, format!("{name}: {value}\r\n"), String::new())
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// When it was complete.
    pub at: Instant,
    /// Request line and headers.
    pub head: String,
    /// The body.
    pub body: String,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<VecDeque<Says>>,
    otherwise: Mutex<Says>,
    received: Mutex<Vec<Received>>,
    sent: AtomicUsize,
}

/// A running webhook. Dropping it closes the port.
#[derive(Debug)]
pub struct FakeTeams {
    port: u16,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl FakeTeams {
    /// Listens, answers in the order of the script, and then with the last answer of it.
    pub async fn start(script: impl IntoIterator<Item = Says>) -> std::io::Result<Self> {
        let script: VecDeque<_> = script.into_iter().collect();
        let otherwise = script.back().cloned().unwrap_or_else(|| Says::status(202));
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            otherwise: Mutex::new(otherwise),
            received: Mutex::default(),
            sent: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        let task = tokio::spawn(listen(listener, Arc::clone(&shared)));
        Ok(Self { port, shared, task })
    }

    /// Answers every request like this from now on.
    pub fn always(&self, says: Says) {
        locked(&self.shared.script).clear();
        *locked(&self.shared.otherwise) = says;
    }

    /// The webhook's address, with a secret in path and query.
    pub fn url(&self, secret: &str) -> String {
        format!("http://127.0.0.1:{}/workflows/{secret}/invoke?api-version=1&sig={secret}", self.port)
    }

    /// The requests so far.
    pub fn received(&self) -> Vec<Received> {
        locked(&self.shared.received).clone()
    }

    /// How many bytes of answers went out.
    pub fn sent(&self) -> usize {
        self.shared.sent.load(Ordering::Relaxed)
    }
}

impl Drop for FakeTeams {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        // Some tests close the connection early.
        tokio::spawn(async move { serve(stream, &shared).await.ok() });
    }
}

async fn serve(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some((head, body)) = read_request(&mut stream).await? else { return Ok(()) };
    locked(&shared.received).push(Received { at: Instant::now(), head, body });
    let next = locked(&shared.script).pop_front();
    let says = next.unwrap_or_else(|| locked(&shared.otherwise).clone());
    let mut out = Counted { stream, sent: &shared.sent };
    match says {
        Says::Answer(status, headers, body) => {
            let length = body.len();
            let head = format!("HTTP/1.1 {status} x\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
            out.write(head.as_bytes()).await?;
            out.write(body.as_bytes()).await
        }
        Says::Hang => std::future::pending().await,
        Says::Drip(status) => {
            out.write(format!("HTTP/1.1 {status} x\r\ncontent-length: 100000\r\n\r\n").as_bytes()).await?;
            out.drip(b'1').await
        }
        Says::DripHead => {
            out.write(b"HTTP/1.1 202 x\r\nx: ").await?;
            out.drip(b'x').await
        }
        Says::Reset => out.stream.set_zero_linger(),
        Says::Endless(status) => {
            out.write(format!("HTTP/1.1 {status} x\r\nconnection: close\r\n\r\n").as_bytes()).await?;
            loop {
                out.write(&[b'1'; 4096]).await?;
            }
        }
        Says::Short(status) => {
            out.write(format!("HTTP/1.1 {status} x\r\ncontent-length: 9\r\nconnection: close\r\n\r\n1").as_bytes())
                .await
        }
    }
}

/// Counts what goes out.
struct Counted<'s> {
    stream: TcpStream,
    sent: &'s AtomicUsize,
}

impl Counted<'_> {
    async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.sent.fetch_add(bytes.len(), Ordering::Relaxed);
        Ok(())
    }

    async fn drip(&mut self, byte: u8) -> std::io::Result<()> {
        loop {
            self.write(&[byte]).await?;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Head and body of a request with its length; `None` if the connection was only opened.
async fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<(String, String)>> {
    let mut bytes = Vec::new();
    loop {
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().filter_map(|line| line.split_once(':'));
        let length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length: usize = length.filter_map(|(_, value)| value.trim().parse().ok()).next().unwrap_or_default();
        if body.len() >= length {
            return Ok(Some((head.to_owned(), body.to_owned())));
        }
    }
}
