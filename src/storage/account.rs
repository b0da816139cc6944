//! The storage account of the app, as the `AzureWebJobsStorage` settings name it.

use std::fmt;
use std::net::IpAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::RetryConfig;
use object_store::azure::MicrosoftAzureBuilder;
use reqwest::Url;

/// The name of the setting and the beginning of the names of its parts.
const SETTING: &str = "AzureWebJobsStorage";
/// What `UseDevelopmentStorage=true` means: Azurite's published account; its key is no secret.
const DEVELOPMENT_STORAGE: &str = "AccountName=devstoreaccount1;\
    AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;\
    BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1";

/// A storage account and the way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub(super) name: String,
    /// Where its blobs are, without a slash at the end.
    pub endpoint: String,
    credential: Credential,
}

#[derive(Clone, PartialEq, Eq)]
enum Credential {
    Key(String),
    ManagedIdentity { client_id: Option<String>, endpoint: Option<String> },
}

/// Why the settings name no storage account. No value of a setting is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// Nothing names an account.
    #[error(
        "no setting names a storage account: set AzureWebJobsStorage to a connection string, or \
         AzureWebJobsStorage__accountName, or AzureWebJobsStorage__blobServiceUri"
    )]
    Missing,
    /// The connection string lacks a part.
    #[error("AzureWebJobsStorage has no {0}; copy the whole connection string of the account")]
    Part(&'static str),
    /// A value that no setting can have, such as a Key Vault reference that was not resolved.
    #[error("{0}")]
    Unusable(String),
    /// A name that no account can have.
    #[error("the account name in AzureWebJobsStorage is not valid: a name has 3 to 24 letters and digits")]
    Name,
    /// Neither HTTPS nor HTTP.
    #[error(
        "AzureWebJobsStorage has to use https, or http for an emulator; copy the whole connection string of the account"
    )]
    Protocol,
    /// The key is not base64.
    #[error("the AccountKey in AzureWebJobsStorage is not base64; copy the whole connection string of the account")]
    Key,
    /// The parts do not make an address.
    #[error("AzureWebJobsStorage does not give a valid address; check account name and endpoint")]
    Address,
}

impl Account {
    /// Reads the account from the settings, a connection string first; `value` gives those that are set.
    ///
    /// # Errors
    /// [`AccountFault`] says what is missing.
    pub fn read(value: &dyn Fn(&str) -> Result<Option<String>, AccountFault>) -> Result<Self, AccountFault> {
        if let Some(connection_string) = value(SETTING)? {
            return Self::of_connection_string(&connection_string);
        }
        let client_id = value(&format!("{SETTING}__clientId"))?;
        // App Service and Functions name their own endpoint of the managed identity.
        let credential = Credential::ManagedIdentity { client_id, endpoint: value("IDENTITY_ENDPOINT")? };
        if let Some(uri) = value(&format!("{SETTING}__blobServiceUri"))? {
            let endpoint = endpoint(&uri)?;
            // The first label of the host, after the scheme.
            let name = endpoint.split(['.', ':', '/']).filter(|part| !part.is_empty()).nth(1);
            return Ok(Self { name: name.ok_or(AccountFault::Address)?.to_owned(), endpoint, credential });
        }
        let name = account_name(&value(&format!("{SETTING}__accountName"))?.ok_or(AccountFault::Missing)?)?;
        Ok(Self { endpoint: format!("https://{name}.blob.core.windows.net"), name, credential })
    }

    fn of_connection_string(text: &str) -> Result<Self, AccountFault> {
        let part = |name: &str| {
            let parts = text.split(';').filter_map(|part| part.trim().split_once('='));
            let mut values =
                parts.filter(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
            values.find(|value| !value.is_empty())
        };
        if part("UseDevelopmentStorage").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Self::of_connection_string(DEVELOPMENT_STORAGE);
        }
        let name = account_name(part("AccountName").ok_or(AccountFault::Part("AccountName"))?)?;
        let key = part("AccountKey").ok_or(AccountFault::Part("AccountKey"))?;
        if BASE64_STANDARD.decode(key).is_err() {
            return Err(AccountFault::Key);
        }
        let address = part("BlobEndpoint").map(str::to_owned).unwrap_or_else(|| {
            let protocol = part("DefaultEndpointsProtocol").unwrap_or("https");
            let suffix = part("EndpointSuffix").unwrap_or("core.windows.net");
            format!("{protocol}://{name}.blob.{suffix}")
        });
        Ok(Self { name, endpoint: endpoint(&address)?, credential: Credential::Key(key.to_owned()) })
    }

    /// A client that knows where the account is and how to sign in, and that sends each request once.
    pub(super) fn builder(&self) -> MicrosoftAzureBuilder {
        let builder = MicrosoftAzureBuilder::new()
            .with_account(&self.name)
            .with_endpoint(self.endpoint.clone())
            .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() });
        let (client_id, endpoint) = match &self.credential {
            Credential::Key(key) => return builder.with_access_key(key),
            Credential::ManagedIdentity { client_id, endpoint } => (client_id, endpoint),
        };
        let builder = client_id.iter().fold(builder, MicrosoftAzureBuilder::with_client_id);
        endpoint.iter().fold(builder, MicrosoftAzureBuilder::with_msi_endpoint)
    }
}

/// The name of an account in lower case, as in its address.
fn account_name(text: &str) -> Result<String, AccountFault> {
    let is_name = (3..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then(|| text.to_ascii_lowercase()).ok_or(AccountFault::Name)
}

/// The address of an account's blobs, without a slash at the end.
fn endpoint(text: &str) -> Result<String, AccountFault> {
    let url = Url::parse(text).map_err(|_| AccountFault::Address)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(AccountFault::Protocol);
    }
    // Unencrypted only to an emulator: on this machine, or in another container, which has a host name without dots.
    let host = url.host_str().ok_or(AccountFault::Address)?;
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_emulator = address.map_or(!host.contains('.'), |address| address.is_loopback());
    if url.scheme() == "http" && !is_emulator {
        return Err(AccountFault::Protocol);
    }
    let is_bare = url.username().is_empty() && url.password().is_none() && url.query().or(url.fragment()).is_none();
    is_bare.then(|| url.as_str().trim_end_matches('/').to_owned()).ok_or(AccountFault::Address)
}

impl fmt::Debug for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Account").field("name", &self.name).finish_non_exhaustive()
    }
}
