//! Peers that live in this program: the product's own connections, with another handler behind them.

use std::io;
use std::net::Ipv4Addr;
use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use certificate_accessed::http::{BodyBuffers, serve_connection};
use clap::ValueEnum;
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::server::PORT_SETTING;
use crate::support::naive;

/// What stands behind the connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// Reads the body and answers: what is left when the detection costs nothing.
    Null,
    /// `serde_json::Value` at every level.
    Naive,
}

impl Peer {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Naive => "naive",
        }
    }

    /// Serves until it is killed.
    pub(crate) fn serve(self) -> io::Result<()> {
        let port = std::env::var(PORT_SETTING).ok().and_then(|port| port.parse().ok());
        let port: u16 = port.ok_or_else(|| io::Error::other(format!("{PORT_SETTING} must be a port")))?;
        let router = Router::new().route("/", get(ready)).route(
            "/CertificateAccessed",
            match self {
                Self::Null => post(null),
                Self::Naive => post(naive),
            },
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let (_stop, stopping) = watch::channel(false);
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                tokio::spawn(serve_connection(stream, router.clone(), stopping.clone()));
            }
        })
    }
}

async fn ready() -> Response {
    answer("ready")
}

async fn null(body: Body) -> Response {
    match with_body(body, |_| ()).await {
        Ok(()) => answer("read"),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn naive(body: Body) -> Response {
    match with_body(body, naive::matches).await {
        Ok(Ok(matches)) => answer(&matches.to_string()),
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Memory that bodies are read into one after another, as the product keeps it.
static BUFFERS: LazyLock<BodyBuffers> = LazyLock::new(BodyBuffers::default);

/// Reads the chunks into one buffer, as the product does it, and uses what is in it.
async fn with_body<T>(mut body: Body, used: impl FnOnce(&[u8]) -> T) -> Result<T, axum::Error> {
    let mut bytes = BUFFERS.take();
    bytes.reserve(usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX).min(16 << 20));
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    let result = used(&bytes);
    BUFFERS.give_back(bytes);
    Ok(result)
}

fn answer(log: &str) -> Response {
    let json = format!("{{\"Outputs\":{{}},\"Logs\":[\"{log}\"],\"ReturnValue\":null}}");
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}
