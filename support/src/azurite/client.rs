//! A small client for queues and blobs.

use std::fmt::Write as _;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use reqwest::{Method, Url};

use super::signature::Signed;
use super::xml::{self, StoredMessage};
use super::{ACCOUNT, ACCOUNT_KEY};

/// A REST version that both services know.
const API_VERSION: &str = "2021-12-02";

/// Why a request to storage failed.
#[derive(Debug, thiserror::Error)]
pub enum StorageFailure {
    /// No answer.
    #[error("no answer from storage: {0}")]
    Transport(#[from] reqwest::Error),
    /// The service refused the request.
    #[error("{status}: {body}")]
    Status {
        /// The status code.
        status: u16,
        /// The body of the response.
        body: String,
    },
    /// The XML of the response could not be read.
    #[error("storage answered XML that does not fit: {0}")]
    Xml(#[from] quick_xml::DeError),
    /// The request could not be built.
    #[error("no request can be made: {0}")]
    Request(String),
}

/// A client for one account at one pair of endpoints.
#[derive(Debug, Clone)]
pub struct StorageClient {
    http: reqwest::Client,
    account: String,
    key: String,
    blob_endpoint: String,
    queue_endpoint: String,
}

struct Request<'a> {
    method: Method,
    endpoint: &'a str,
    path: String,
    query: Vec<(&'a str, String)>,
    blob_type: bool,
    body: Vec<u8>,
}

impl StorageClient {
    pub(super) fn new(blob_endpoint: &str, queue_endpoint: &str) -> Result<Self, StorageFailure> {
        Self::of(ACCOUNT, ACCOUNT_KEY, blob_endpoint, queue_endpoint)
    }

    /// A client for the account of a connection string with a key.
    pub fn of_connection_string(text: &str) -> Result<Self, StorageFailure> {
        let part = |name: &str| {
            let parts = text.split(';').filter_map(|part| part.trim().split_once('='));
            parts.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned()).next()
        };
        if part("UseDevelopmentStorage").is_some() {
            let [blob, queue] = [10_000, 10_001].map(|port| format!("http://127.0.0.1:{port}/{ACCOUNT}"));
            return Self::of(ACCOUNT, ACCOUNT_KEY, &blob, &queue);
        }
        let needed =
            |name| part(name).ok_or_else(|| StorageFailure::Request(format!("the connection string has no {name}")));
        let (account, key) = (needed("AccountName")?, needed("AccountKey")?);
        let protocol = part("DefaultEndpointsProtocol").unwrap_or_else(|| "https".to_owned());
        let suffix = part("EndpointSuffix").unwrap_or_else(|| "core.windows.net".to_owned());
        let endpoint = |name: &str, service: &str| {
            let given = part(name).map(|endpoint| endpoint.trim_end_matches('/').to_owned());
            given.unwrap_or_else(|| format!("{protocol}://{account}.{service}.{suffix}"))
        };
        Self::of(&account, &key, &endpoint("BlobEndpoint", "blob"), &endpoint("QueueEndpoint", "queue"))
    }

    fn of(account: &str, key: &str, blob_endpoint: &str, queue_endpoint: &str) -> Result<Self, StorageFailure> {
        super::super::tls::install();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(30)).build()?;
        let [account, key] = [account, key].map(str::to_owned);
        Ok(Self {
            http,
            account,
            key,
            blob_endpoint: blob_endpoint.to_owned(),
            queue_endpoint: queue_endpoint.to_owned(),
        })
    }

    /// Creates a queue unless it exists.
    pub async fn create_queue(&self, queue: &str) -> Result<(), StorageFailure> {
        let request = self.queue_request(Method::PUT, queue.to_owned());
        self.send(request).await.map(drop)
    }

    /// Puts a message, encoded in base64 as the host does by default.
    pub async fn put_message(&self, queue: &str, bytes: &[u8]) -> Result<(), StorageFailure> {
        self.put_text(queue, &STANDARD.encode(bytes)).await
    }

    /// Puts a message as plain text.
    async fn put_text(&self, queue: &str, text: &str) -> Result<(), StorageFailure> {
        let text = quick_xml::escape::escape(text);
        let body = format!("<QueueMessage><MessageText>{text}</MessageText></QueueMessage>");
        let mut request = self.queue_request(Method::POST, format!("{queue}/messages"));
        request.body = body.into_bytes();
        self.send(request).await.map(drop)
    }

    /// Gets up to 32 messages and hides them for a while.
    pub async fn get_messages(&self, queue: &str, visibility: Duration) -> Result<Vec<StoredMessage>, StorageFailure> {
        let mut request = self.queue_request(Method::GET, format!("{queue}/messages"));
        request.query.push(("numofmessages", "32".to_owned()));
        let seconds = visibility.as_secs().max(1).to_string();
        request.query.push(("visibilitytimeout", seconds));
        Ok(xml::messages(&text(self.send(request).await?))?)
    }

    /// Looks at up to 32 messages without hiding them.
    pub async fn peek_messages(&self, queue: &str) -> Result<Vec<StoredMessage>, StorageFailure> {
        let mut request = self.queue_request(Method::GET, format!("{queue}/messages"));
        request.query.push(("peekonly", "true".to_owned()));
        request.query.push(("numofmessages", "32".to_owned()));
        Ok(xml::messages(&text(self.send(request).await?))?)
    }

    /// Deletes a message that was received.
    pub async fn delete_message(&self, queue: &str, message: &StoredMessage) -> Result<(), StorageFailure> {
        let path = format!("{queue}/messages/{}", message.id);
        let mut request = self.queue_request(Method::DELETE, path);
        let receipt = message.pop_receipt.clone().unwrap_or_default();
        request.query.push(("popreceipt", receipt));
        self.send(request).await.map(drop)
    }

    /// Creates a container unless it exists.
    pub async fn create_container(&self, container: &str) -> Result<(), StorageFailure> {
        let mut request = self.blob_request(Method::PUT, container.to_owned());
        request.query.push(("restype", "container".to_owned()));
        match self.send(request).await {
            Ok(_) | Err(StorageFailure::Status { status: 409, .. }) => Ok(()),
            Err(failure) => Err(failure),
        }
    }

    /// Writes a block blob, and replaces one that exists.
    pub async fn put_blob(&self, container: &str, name: &str, bytes: &[u8]) -> Result<(), StorageFailure> {
        let mut request = self.blob_request(Method::PUT, format!("{container}/{name}"));
        request.blob_type = true;
        request.body = bytes.to_vec();
        self.send(request).await.map(drop)
    }

    /// Appends a block to an append blob.
    pub async fn append_block(&self, container: &str, name: &str, bytes: &[u8]) -> Result<(), StorageFailure> {
        let mut request = self.blob_request(Method::PUT, format!("{container}/{name}"));
        request.query.push(("comp", "appendblock".to_owned()));
        request.body = bytes.to_vec();
        self.send(request).await.map(drop)
    }

    /// Deletes a container with all its blobs.
    pub async fn delete_container(&self, container: &str) -> Result<(), StorageFailure> {
        let mut request = self.blob_request(Method::DELETE, container.to_owned());
        request.query.push(("restype", "container".to_owned()));
        self.send(request).await.map(drop)
    }

    /// Reads a whole blob.
    pub async fn get_blob(&self, container: &str, name: &str) -> Result<Vec<u8>, StorageFailure> {
        let request = self.blob_request(Method::GET, format!("{container}/{name}"));
        self.send(request).await
    }

    /// The names of the blobs of a container (the first 5,000).
    pub async fn list_blobs(&self, container: &str) -> Result<Vec<String>, StorageFailure> {
        let mut request = self.blob_request(Method::GET, container.to_owned());
        request.query.push(("restype", "container".to_owned()));
        request.query.push(("comp", "list".to_owned()));
        Ok(xml::blob_names(&text(self.send(request).await?))?)
    }

    fn queue_request(&self, method: Method, path: String) -> Request<'_> {
        request(method, &self.queue_endpoint, path)
    }

    fn blob_request(&self, method: Method, path: String) -> Request<'_> {
        request(method, &self.blob_endpoint, path)
    }

    async fn send(&self, request: Request<'_>) -> Result<Vec<u8>, StorageFailure> {
        let mut url = Url::parse(&format!("{}/{}", request.endpoint, request.path))
            .map_err(|failure| StorageFailure::Request(failure.to_string()))?;
        let mut query = String::new();
        for (name, value) in &request.query {
            let separator = if query.is_empty() { "" } else { "&" };
            // Writing to a String cannot fail.
            write!(query, "{separator}{name}={}", percent_encoded(value)).ok();
        }
        url.set_query((!query.is_empty()).then_some(query.as_str()));
        let date = DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&Timestamp::now())
            .map_err(|failure| StorageFailure::Request(failure.to_string()))?;
        let mut headers = vec![("x-ms-date", date), ("x-ms-version", API_VERSION.to_owned())];
        if request.blob_type {
            headers.push(("x-ms-blob-type", "BlockBlob".to_owned()));
        }
        let content_type = "application/octet-stream";
        let signed = Signed {
            verb: request.method.as_str(),
            content_length: request.body.len(),
            content_type,
            ms_headers: &headers,
            path: url.path(),
            query: &request.query,
        };
        let authorization = signed.authorization(&self.account, &self.key);
        let mut outgoing = self
            .http
            .request(request.method, url)
            .header("Content-Type", content_type)
            .header("Authorization", authorization)
            .body(request.body);
        for (name, value) in headers {
            outgoing = outgoing.header(name, value);
        }
        let response = outgoing.send().await?;
        let status = response.status();
        let body = response.bytes().await?.to_vec();
        if status.is_success() {
            return Ok(body);
        }
        Err(StorageFailure::Status { status: status.as_u16(), body: text(body) })
    }
}

fn request(method: Method, endpoint: &str, path: String) -> Request<'_> {
    Request { method, endpoint, path, query: Vec::new(), blob_type: false, body: Vec::new() }
}

fn text(body: Vec<u8>) -> String {
    let text = String::from_utf8_lossy(&body);
    text.trim_start_matches('\u{feff}').to_owned()
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}
