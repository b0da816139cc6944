//! Peers that live in this program: handlers on axum as one writes them first, and one on the product's own connections.

use std::io;
use std::net::Ipv4Addr;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody as _};
use axum::extract::DefaultBodyLimit;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::serve::ListenerExt as _;
use certificate_accessed::http::serve_connection;
use clap::ValueEnum;
use http_body_util::BodyExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::server::PORT_SETTING;
use support::bench::naive::{self, RuleSet};

/// What is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// On axum: reads the body and answers.
    Null,
    /// On axum: `serde_json::Value` at every level, and the first rule.
    Naive,
    /// On the product's connections: reads the body and answers, which is what is left when the detection costs nothing.
    Bare,
}

impl Peer {
    /// The word on the command line.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Naive => "naive",
            Self::Bare => "bare",
        }
    }

    /// What it is called in the tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "axum, null",
            Self::Naive => "axum, naive",
            Self::Bare => "our connections, null",
        }
    }

    /// Serves until it is killed.
    pub(crate) fn serve(self) -> io::Result<()> {
        let port = std::env::var(PORT_SETTING).ok().and_then(|port| port.parse().ok());
        let port: u16 = port.ok_or_else(|| io::Error::other(format!("{PORT_SETTING} must be a port")))?;
        let handler = match self {
            Self::Null => post(null),
            Self::Naive => post(naive),
            Self::Bare => post(bare),
        };
        let router = Router::new().route("/", get(ready)).route("/CertificateAccessed", handler);
        let router = router.layer(DefaultBodyLimit::disable());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            match self {
                Self::Bare => serve_as_the_product(&listener, &router).await,
                Self::Null | Self::Naive => {
                    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
                    axum::serve(listener, router).await
                }
            }
        })
    }
}

async fn serve_as_the_product(listener: &TcpListener, router: &Router) -> io::Result<()> {
    let (_stop, stopping) = watch::channel(false);
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(serve_connection(stream, router.clone(), stopping.clone()));
    }
}

async fn ready() -> Response {
    answer("ready")
}

async fn null(_body: Bytes) -> Response {
    answer("read")
}

async fn naive(body: Bytes) -> Response {
    match naive::matches(&body, RuleSet::First) {
        Ok(matches) => answer(&matches.to_string()),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn bare(body: Body) -> Response {
    match read(body).await {
        Ok(()) => answer("read"),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Reads the chunks into one buffer, as the product does it.
async fn read(mut body: Body) -> Result<(), axum::Error> {
    let mut bytes = Vec::with_capacity(usize::try_from(body.size_hint().lower()).unwrap_or_default());
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            bytes.extend_from_slice(&data);
        }
    }
    Ok(())
}

fn answer(log: &str) -> Response {
    let json = format!("{{\"Outputs\":{{}},\"Logs\":[\"{log}\"],\"ReturnValue\":null}}");
    ([(header::CONTENT_TYPE, "application/json")], json).into_response()
}
