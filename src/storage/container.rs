//! One container of the storage account.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, Request, Response, header};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::ObjectStore as _;
use object_store::azure::{AzureAuthorizer, MicrosoftAzure};
use object_store::client::{HttpClient, HttpConnector as _, HttpRequestBody, HttpResponseBody, ReqwestConnector};
use object_store::path::Path;

use super::account::{Account, AccountFault, REQUEST_TIMEOUT, client_options};
use super::fault::StorageFault;
use crate::tls;

const BLOB_TYPE: HeaderName = HeaderName::from_static("x-ms-blob-type");
const APPEND_OFFSET: HeaderName = HeaderName::from_static("x-ms-blob-append-offset");
const BLOCK_COUNT: HeaderName = HeaderName::from_static("x-ms-blob-committed-block-count");

/// How long a whole blob may take; a snapshot has some ten megabytes at the most.
const PATIENT_TIMEOUT: Duration = Duration::from_secs(60);

/// A container and the way to it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Container {
    store: Arc<MicrosoftAzure>,
    http: HttpClient,
    /// For blobs that may be large.
    patient_http: HttpClient,
    account: String,
    url: String,
}

/// Where a block was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its first byte in the blob.
    pub offset: u64,
    /// How many blocks the blob has now.
    pub blocks: u64,
}

/// A header of a request.
type Header = (HeaderName, HeaderValue);

impl Container {
    /// Reaches a container of an account; nothing is sent yet.
    ///
    /// # Errors
    /// When the account cannot be addressed.
    pub fn of(account: &Account, name: &str) -> Result<Self, AccountFault> {
        tls::provide();
        let connect = |timeout| ReqwestConnector::default().connect(&client_options(account, timeout));
        let http = connect(REQUEST_TIMEOUT).map_err(|_| AccountFault::Address)?;
        let patient_http = connect(PATIENT_TIMEOUT).map_err(|_| AccountFault::Address)?;
        let url = format!("{}/{name}", account.endpoint());
        Ok(Self {
            store: Arc::new(account.container(name)?),
            http,
            patient_http,
            account: account.name().to_owned(),
            url,
        })
    }

    /// Makes the container; one that is there is fine.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn create(&self) -> Result<(), StorageFault> {
        let answer = self.send(Method::PUT, "?restype=container", Bytes::new(), vec![]).await?;
        let is_there = answer.headers().get("x-ms-error-code").is_some_and(|code| code == "ContainerAlreadyExists");
        if is_there { Ok(()) } else { expect(&answer, &[201]) }
    }

    /// Makes an append blob where there is no blob of the name; tells whether there was one.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn create_append_blob(&self, name: &str) -> Result<bool, StorageFault> {
        self.create_blob(name, "AppendBlob", Bytes::new()).await
    }

    /// Writes a block blob where there is no blob of the name; tells whether there was one.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn put_if_absent(&self, name: &str, bytes: Bytes) -> Result<bool, StorageFault> {
        self.create_blob(name, "BlockBlob", bytes).await
    }

    /// Appends a block to an append blob.
    ///
    /// # Errors
    /// [`StorageFault`]; after [`StorageFault::Away`] the block may have been appended, or may be later.
    pub async fn append(&self, name: &str, block: Bytes) -> Result<Appended, StorageFault> {
        let answer = self.send(Method::PUT, &format!("/{name}?comp=appendblock"), block, vec![]).await?;
        expect(&answer, &[201])?;
        let number = |name: &HeaderName| answer.headers().get(name)?.to_str().ok()?.parse::<u64>().ok();
        let appended = number(&APPEND_OFFSET).zip(number(&BLOCK_COUNT));
        let appended = appended.map(|(offset, blocks)| Appended { offset, blocks });
        appended.ok_or_else(|| StorageFault::Away { detail: "an answer without its place".to_owned() })
    }

    /// Reads a blob from a byte on, up to another or to its end; nothing where it ends before.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn read(&self, name: &str, from: u64, to: Option<u64>) -> Result<Bytes, StorageFault> {
        let last = to.map_or_else(String::new, |to| to.saturating_sub(1).to_string());
        let range = HeaderValue::from_str(&format!("bytes={from}-{last}")).ok();
        let headers = range.map(|range| (header::RANGE, range)).into_iter().collect();
        let answer = self.send(Method::GET, &format!("/{name}"), Bytes::new(), headers).await?;
        if answer.status().as_u16() == 416 {
            return Ok(Bytes::new());
        }
        expect(&answer, &[200, 206])?;
        answer.into_body().bytes().await.map_err(|error| StorageFault::no_answer(&error))
    }

    /// The names of all blobs under a prefix that ends with a slash.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, StorageFault> {
        let found = self.store.list(Some(&Path::from(prefix))).map_ok(|found| found.location.to_string());
        match found.try_collect().await {
            Ok(names) => Ok(names),
            // Its error hides the status: ask for the container itself.
            Err(error) => {
                let answer = self.send(Method::HEAD, "?restype=container", Bytes::new(), vec![]).await?;
                expect(&answer, &[200]).and(Err(error.into()))
            }
        }
    }

    /// Whether there is a blob of the name.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn has(&self, name: &str) -> Result<bool, StorageFault> {
        let answer = self.send(Method::HEAD, &format!("/{name}"), Bytes::new(), vec![]).await?;
        match expect(&answer, &[200]) {
            Err(StorageFault::Missing) => Ok(false),
            found => found.map(|()| true),
        }
    }

    /// Deletes a blob; one that is gone is fine.
    ///
    /// # Errors
    /// [`StorageFault`].
    pub async fn delete(&self, name: &str) -> Result<(), StorageFault> {
        let answer = self.send(Method::DELETE, &format!("/{name}"), Bytes::new(), vec![]).await?;
        expect(&answer, &[202, 404])
    }

    async fn create_blob(&self, name: &str, kind: &'static str, bytes: Bytes) -> Result<bool, StorageFault> {
        let absent = HeaderValue::from_static("*");
        let headers = vec![(BLOB_TYPE, HeaderValue::from_static(kind)), (header::IF_NONE_MATCH, absent)];
        let answer = self.send(Method::PUT, &format!("/{name}"), bytes, headers).await?;
        // What the service says where the condition, that nothing is there, does not hold.
        let was_there = matches!(answer.status().as_u16(), 409 | 412);
        if was_there { Ok(true) } else { expect(&answer, &[201]).map(|()| false) }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Bytes,
        headers: Vec<Header>,
    ) -> Result<Response<HttpResponseBody>, StorageFault> {
        let credential = self.store.credentials().get_credential().await.map_err(|_| StorageFault::SignIn)?;
        let builder = Request::builder().method(method).uri(format!("{}{path}", self.url));
        let mut request = builder
            .header(header::CONTENT_LENGTH, body.len())
            .body(HttpRequestBody::from(body))
            .map_err(|error| StorageFault::Away { detail: error.to_string() })?;
        request.headers_mut().extend(headers);
        AzureAuthorizer::new(&credential, &self.account).try_authorize(&mut request)?;
        // A block blob that is written, and one that is read from its beginning to its end, may be large.
        let headers = request.headers();
        let is_large = headers.get(BLOB_TYPE).is_some_and(|kind| kind == "BlockBlob")
            || headers.get(header::RANGE).is_some_and(|range| range == "bytes=0-");
        let http = if is_large { &self.patient_http } else { &self.http };
        http.execute(request).await.map_err(|error| StorageFault::no_answer(&error))
    }
}

fn expect(answer: &Response<HttpResponseBody>, statuses: &[u16]) -> Result<(), StorageFault> {
    let status = answer.status().as_u16();
    if statuses.contains(&status) { Ok(()) } else { Err(StorageFault::of_status(status)) }
}
