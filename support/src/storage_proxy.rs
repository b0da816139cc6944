//! A proxy in front of the blob service that loses or delays requests and answers.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What the proxy does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// It is passed on.
    Fair,
    /// It is passed on after a while.
    Slow(Duration),
    /// The connection is closed.
    Absent,
    /// It is not passed on; the answer is this status.
    Wrong(u16),
    /// It is passed on, and the connection is closed instead of an answer.
    AnswerLost,
}

/// A proxy in front of one account's blob service.
#[derive(Debug)]
pub struct StorageProxy {
    address: SocketAddr,
    weather: Arc<Mutex<Box<dyn WeatherOf>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Decides by method and path with query what the proxy does with a request.
pub trait WeatherOf: FnMut(&str, &str) -> Weather + Send + 'static {}
impl<F: FnMut(&str, &str) -> Weather + Send + 'static> WeatherOf for F {}

impl std::fmt::Debug for dyn WeatherOf {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("weather")
    }
}

impl StorageProxy {
    /// Listens in front of an endpoint such as `http://127.0.0.1:10000/devstoreaccount1`.
    pub async fn start(endpoint: &str) -> io::Result<Self> {
        crate::tls::install();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let origin = endpoint.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let weather: Arc<Mutex<Box<dyn WeatherOf>>> = Arc::new(Mutex::new(Box::new(|_: &str, _: &str| Weather::Fair)));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let proxy = Self { address, weather: weather.clone(), requests: requests.clone() };
        let client = reqwest::Client::builder().no_proxy().build().map_err(io::Error::other)?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (client, origin, weather, requests) =
                    (client.clone(), origin.clone(), weather.clone(), requests.clone());
                let service = service_fn(move |request: Request<Incoming>| {
                    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
                    let method = request.method().to_string();
                    requests.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{method} {path}"));
                    let weather = weather.lock().unwrap_or_else(PoisonError::into_inner)(&method, &path);
                    // A task of its own goes on when the client has gone, so a request can arrive late.
                    let passed = tokio::spawn(pass(client.clone(), format!("{origin}{path}"), request, weather));
                    async { passed.await.map_err(io::Error::other)? }
                });
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(proxy)
    }

    /// Changes what the proxy does with requests from now on.
    pub fn set(&self, weather: impl WeatherOf) {
        *self.weather.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(weather);
    }

    /// The requests since this was last asked, as method and path with query.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What `AzureWebJobsStorage` is set to.
    pub fn connection_string(&self) -> String {
        let (account, key) = (crate::azurite::ACCOUNT, crate::azurite::ACCOUNT_KEY);
        format!("AccountName={account};AccountKey={key};BlobEndpoint=http://{}/{account}", self.address)
    }
}

async fn pass(
    client: reqwest::Client,
    url: String,
    request: Request<Incoming>,
    weather: Weather,
) -> io::Result<Response<Full<Bytes>>> {
    let lost = || io::Error::from(io::ErrorKind::ConnectionReset);
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    match weather {
        Weather::Fair | Weather::AnswerLost => {}
        Weather::Slow(pause) => tokio::time::sleep(pause).await,
        Weather::Absent => return Err(lost()),
        Weather::Wrong(status) => {
            return Response::builder().status(status).body(Full::default()).map_err(io::Error::other);
        }
    }
    let sent = client.request(parts.method, url).headers(parts.headers).body(body).send();
    let answer = sent.await.map_err(io::Error::other)?;
    if weather == Weather::AnswerLost {
        return Err(lost());
    }
    let mut response = Response::builder().status(answer.status());
    for (name, value) in answer.headers().iter().filter(|(name, _)| *name != "transfer-encoding") {
        response = response.header(name, value);
    }
    let bytes = answer.bytes().await.map_err(io::Error::other)?;
    response.body(Full::new(bytes)).map_err(io::Error::other)
}
