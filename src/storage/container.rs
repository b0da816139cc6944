//! One container of the storage account.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Builder;
use axum::http::{HeaderName, Request, Response, header};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::azure::{AzureAuthorizer, MicrosoftAzure};
use object_store::client::{HttpClient, HttpConnector as _, HttpRequestBody, ReqwestConnector};
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore as _};
use tokio::time::timeout;

use super::StorageFault;
use super::account::{Account, AccountFault};
use crate::tls;

const BLOB_TYPE: HeaderName = HeaderName::from_static("x-ms-blob-type");
const APPEND_OFFSET: HeaderName = HeaderName::from_static("x-ms-blob-append-offset");
const BLOCK_COUNT: HeaderName = HeaderName::from_static("x-ms-blob-committed-block-count");
const ERROR_CODE: HeaderName = HeaderName::from_static("x-ms-error-code");

/// How long one request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a whole blob may take to be written or read; a snapshot has some ten megabytes at the most.
const WHOLE_BLOB_TIMEOUT: Duration = Duration::from_secs(60);

/// A container and the way to it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Container {
    store: Arc<MicrosoftAzure>,
    http: HttpClient,
    account: String,
    url: String,
}

impl Container {
    /// Prepares access to a container of an account; nothing is sent yet.
    ///
    /// # Errors
    /// When account and endpoint make no address.
    pub fn of(account: &Account, name: &str) -> Result<Self, AccountFault> {
        tls::provide();
        let options = |timeout| {
            let options = ClientOptions::new().with_timeout(timeout).with_connect_timeout(REQUEST_TIMEOUT);
            options.with_allow_http(account.endpoint.starts_with("http://"))
        };
        let store = account.builder().with_container_name(name).with_client_options(options(REQUEST_TIMEOUT)).build();
        let http = ReqwestConnector::default().connect(&options(WHOLE_BLOB_TIMEOUT));
        Ok(Self {
            store: Arc::new(store.map_err(|_| AccountFault::Address)?),
            http: http.map_err(|_| AccountFault::Address)?,
            account: account.name.clone(),
            url: format!("{}/{name}", account.endpoint),
        })
    }

    /// Another container of the same account, for single blobs.
    #[must_use]
    pub fn beside(&self, name: &str) -> Self {
        let account = self.url.rsplit_once('/').map_or(self.url.as_str(), |(account, _)| account);
        Self { url: format!("{account}/{name}"), ..self.clone() }
    }

    /// Creates the container; an existing one is fine.
    pub async fn create(&self) -> Result<(), StorageFault> {
        let answer = self.send(Request::put(self.container()), Bytes::new(), REQUEST_TIMEOUT).await?;
        let is_there = answer.headers().get(ERROR_CODE).is_some_and(|code| code == "ContainerAlreadyExists");
        if is_there { Ok(()) } else { expect(&answer, &[201]) }
    }

    /// Creates an append blob where no blob has the name, and returns whether one had.
    pub async fn create_append_blob(&self, name: &str) -> Result<bool, StorageFault> {
        self.create_blob(name, "AppendBlob", Bytes::new(), REQUEST_TIMEOUT).await
    }

    /// Writes a block blob where no blob has the name, and returns whether one had.
    pub async fn put_if_absent(&self, name: &str, bytes: Bytes) -> Result<bool, StorageFault> {
        self.create_blob(name, "BlockBlob", bytes, WHOLE_BLOB_TIMEOUT).await
    }

    /// Appends a block to an append blob; returns its offset in the blob, and how many blocks the blob has now.
    ///
    /// # Errors
    /// [`StorageFault`]; after [`StorageFault::Away`] the block may have been appended, or may be later.
    pub async fn append(&self, name: &str, block: Bytes) -> Result<(u64, u64), StorageFault> {
        let request = Request::put(format!("{}?comp=appendblock", self.blob(name)));
        let answer = self.send(request, block, REQUEST_TIMEOUT).await?;
        expect(&answer, &[201])?;
        let number = |name: HeaderName| answer.headers().get(name)?.to_str().ok()?.parse::<u64>().ok();
        let appended = number(APPEND_OFFSET).zip(number(BLOCK_COUNT));
        appended.ok_or_else(|| StorageFault::away("an answer that does not say where it appended"))
    }

    /// Reads a blob from an offset up to another one, or to its end, in the chunks that arrive; nothing where the blob
    /// ends before that.
    pub async fn read(&self, name: &str, from: u64, to: Option<u64>) -> Result<Vec<Bytes>, StorageFault> {
        let last = to.map_or_else(String::new, |to| to.saturating_sub(1).to_string());
        let limit = if from == 0 && to.is_none() { WHOLE_BLOB_TIMEOUT } else { REQUEST_TIMEOUT };
        let request = Request::get(self.blob(name)).header(header::RANGE, format!("bytes={from}-{last}"));
        let answer = self.send(request, Bytes::new(), limit).await?;
        if answer.status().as_u16() == 416 {
            return Ok(Vec::new());
        }
        expect(&answer, &[200, 206])?;
        Ok(answer.into_body())
    }

    /// The names of all blobs under a prefix that ends with a slash.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, StorageFault> {
        let found = self.store.list(Some(&Path::from(prefix))).map_ok(|found| found.location.to_string());
        if let Ok(names) = found.try_collect().await {
            return Ok(names);
        }
        // The error of a list hides the status: ask for the container itself.
        let answer = self.send(Request::head(self.container()), Bytes::new(), REQUEST_TIMEOUT).await?;
        expect(&answer, &[200])?;
        Err(StorageFault::away("its blobs cannot be listed"))
    }

    /// Whether there is a blob of the name.
    pub async fn has(&self, name: &str) -> Result<bool, StorageFault> {
        let answer = self.send(Request::head(self.blob(name)), Bytes::new(), REQUEST_TIMEOUT).await?;
        match expect(&answer, &[200]) {
            Err(StorageFault::Missing) => Ok(false),
            found => found.map(|()| true),
        }
    }

    /// Deletes a blob; a missing one is fine.
    pub async fn delete(&self, name: &str) -> Result<(), StorageFault> {
        let answer = self.send(Request::delete(self.blob(name)), Bytes::new(), REQUEST_TIMEOUT).await?;
        expect(&answer, &[202, 404])
    }

    fn container(&self) -> String {
        format!("{}?restype=container", self.url)
    }

    fn blob(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    async fn create_blob(&self, name: &str, kind: &str, bytes: Bytes, limit: Duration) -> Result<bool, StorageFault> {
        let request = Request::put(self.blob(name)).header(BLOB_TYPE, kind).header(header::IF_NONE_MATCH, "*");
        let answer = self.send(request, bytes, limit).await?;
        // The service's answer where a blob has the name already.
        let was_there = matches!(answer.status().as_u16(), 409 | 412);
        if was_there { Ok(true) } else { expect(&answer, &[201]).map(|()| false) }
    }

    async fn send(&self, request: Builder, body: Bytes, limit: Duration) -> Result<Response<Vec<Bytes>>, StorageFault> {
        let credential = self.store.credentials().get_credential().await.map_err(|_| StorageFault::SignIn)?;
        let request = request.header(header::CONTENT_LENGTH, body.len()).body(HttpRequestBody::from(body));
        let mut request = request.map_err(|error| StorageFault::away(error.to_string()))?;
        let authorizer = AzureAuthorizer::new(&credential, &self.account);
        authorizer.try_authorize(&mut request).map_err(|_| StorageFault::SignIn)?;
        let answered = timeout(limit, async {
            let (head, body) = self.http.execute(request).await?.into_parts();
            Ok(Response::from_parts(head, body.bytes_stream().try_collect().await?))
        });
        answered.await.unwrap_or_else(|_| Err(StorageFault::away("no answer in time")))
    }
}

fn expect<T>(answer: &Response<T>, statuses: &[u16]) -> Result<(), StorageFault> {
    let status = answer.status().as_u16();
    if statuses.contains(&status) { Ok(()) } else { Err(StorageFault::of_status(status)) }
}
