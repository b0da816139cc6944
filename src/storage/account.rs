//! The storage account of the app, as the `AzureWebJobsStorage` settings name it.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use object_store::azure::{MicrosoftAzure, MicrosoftAzureBuilder};
use object_store::{BackoffConfig, ClientOptions, RetryConfig};
use reqwest::Url;

/// The name of the setting and the beginning of the names of its parts.
const SETTING: &str = "AzureWebJobsStorage";
/// Azurite's published account name.
const DEVELOPMENT_ACCOUNT: &str = "devstoreaccount1";
/// Azurite's published account key, which is no secret.
const DEVELOPMENT_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
/// Azurite's blob endpoint.
const DEVELOPMENT_ENDPOINT: &str = "http://127.0.0.1:10000/devstoreaccount1";
/// How long one request may take.
pub(super) const REQUEST_TIMEOUT: Duration = Duration::from_secs(3);

/// A storage account and the way to sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    name: String,
    endpoint: String,
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
    /// A value that is unusable at all, such as a Key Vault reference that did not resolve.
    #[error("{0}")]
    Unusable(String),
    /// A name that no account has.
    #[error("AzureWebJobsStorage names an account as none is called: a name has 3 to 24 letters and digits")]
    Name,
    /// Neither HTTPS nor HTTP.
    #[error(
        "AzureWebJobsStorage names another protocol than https, or http for an emulator; copy the whole connection \
             string of the account"
    )]
    Protocol,
    /// The key is not base64.
    #[error("the AccountKey in AzureWebJobsStorage is not base64; copy the whole connection string of the account")]
    Key,
    /// The parts do not make an address.
    #[error("AzureWebJobsStorage does not name an address that can be reached; check account name and endpoint")]
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
            let host = endpoint.split("://").nth(1).ok_or(AccountFault::Address)?;
            let name = host.split(['.', ':', '/']).next().filter(|name| !name.is_empty());
            return Ok(Self { name: name.ok_or(AccountFault::Address)?.to_owned(), endpoint, credential });
        }
        let name = account_name(&value(&format!("{SETTING}__accountName"))?.ok_or(AccountFault::Missing)?)?;
        Ok(Self { endpoint: format!("https://{name}.blob.core.windows.net"), name, credential })
    }

    fn of_connection_string(text: &str) -> Result<Self, AccountFault> {
        let part = |name: &str| {
            let parts = text.split(';').filter_map(|part| part.trim().split_once('='));
            parts
                .filter(|(key, _)| key.trim().eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_owned())
                .find(|value| !value.is_empty())
        };
        if part("UseDevelopmentStorage").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Ok(Self {
                name: DEVELOPMENT_ACCOUNT.to_owned(),
                endpoint: DEVELOPMENT_ENDPOINT.to_owned(),
                credential: Credential::Key(DEVELOPMENT_KEY.to_owned()),
            });
        }
        let name = account_name(&part("AccountName").ok_or(AccountFault::Part("AccountName"))?)?;
        let key = part("AccountKey").ok_or(AccountFault::Part("AccountKey"))?;
        if BASE64_STANDARD.decode(&key).is_err() {
            return Err(AccountFault::Key);
        }
        let address = part("BlobEndpoint").unwrap_or_else(|| {
            let protocol = part("DefaultEndpointsProtocol").unwrap_or_else(|| "https".to_owned());
            let suffix = part("EndpointSuffix").unwrap_or_else(|| "core.windows.net".to_owned());
            format!("{protocol}://{name}.blob.{suffix}")
        });
        Ok(Self { name, endpoint: endpoint(&address)?, credential: Credential::Key(key) })
    }

    /// The account's name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Where its blobs are, without a slash at the end.
    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// A container of the account.
    ///
    /// # Errors
    /// When account and endpoint make no address.
    pub(crate) fn container(&self, container: &str) -> Result<MicrosoftAzure, AccountFault> {
        let no_retries =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: 0, retry_timeout: REQUEST_TIMEOUT };
        let builder = MicrosoftAzureBuilder::new()
            .with_account(&self.name)
            .with_endpoint(self.endpoint.clone())
            .with_container_name(container)
            .with_retry(no_retries)
            .with_client_options(client_options(self, REQUEST_TIMEOUT));
        let builder = match &self.credential {
            Credential::Key(key) => builder.with_access_key(key),
            Credential::ManagedIdentity { client_id, endpoint } => {
                let builder = match client_id {
                    Some(client_id) => builder.with_client_id(client_id),
                    None => builder,
                };
                match endpoint {
                    Some(endpoint) => builder.with_msi_endpoint(endpoint),
                    None => builder,
                }
            }
        };
        builder.build().map_err(|_| AccountFault::Address)
    }
}

/// How the account is reached.
pub(super) fn client_options(account: &Account, timeout: Duration) -> ClientOptions {
    ClientOptions::new()
        .with_timeout(timeout)
        .with_connect_timeout(REQUEST_TIMEOUT)
        .with_allow_http(account.endpoint.starts_with("http://"))
}

/// The name of an account, as its address has it.
fn account_name(text: &str) -> Result<String, AccountFault> {
    let is_name = (3..=24).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then(|| text.to_ascii_lowercase()).ok_or(AccountFault::Name)
}

/// An address that blobs can stand behind.
fn endpoint(text: &str) -> Result<String, AccountFault> {
    let url = Url::parse(text).map_err(|_| AccountFault::Address)?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(AccountFault::Protocol);
    }
    // In clear only where it goes to an emulator: on this machine, or by the bare name that a container has.
    let host = url.host_str().unwrap_or_default();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&str, &str)]) -> Result<Account, AccountFault> {
        Account::read(&|name| Ok(settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())))
    }

    #[test]
    fn every_usual_form_of_the_setting_names_the_account() {
        let key = "a2V5";
        let full = format!(
            "DefaultEndpointsProtocol=https;AccountName=stlogs;AccountKey={key};EndpointSuffix=core.windows.net"
        );
        let with_endpoint = format!("AccountName=stlogs;AccountKey={key};BlobEndpoint=http://127.0.0.1:10000/stlogs/");
        let in_capitals = "DefaultEndpointsProtocol=HTTPS;AccountName=StLogs;AccountKey=a2V5;EndpointSuffix=";
        let cases: [(&[(&str, &str)], &str); 6] = [
            (&[(SETTING, in_capitals)], "https://stlogs.blob.core.windows.net"),
            (&[(SETTING, "UseDevelopmentStorage=true")], DEVELOPMENT_ENDPOINT),
            (&[(SETTING, &full)], "https://stlogs.blob.core.windows.net"),
            (&[(SETTING, &with_endpoint)], "http://127.0.0.1:10000/stlogs"),
            (&[("AzureWebJobsStorage__accountName", "stlogs")], "https://stlogs.blob.core.windows.net"),
            (
                &[("AzureWebJobsStorage__blobServiceUri", "https://stlogs.blob.core.windows.net/")],
                "https://stlogs.blob.core.windows.net",
            ),
        ];
        for (settings, endpoint) in cases {
            assert_eq!(read(settings).unwrap().endpoint, endpoint, "{settings:?}");
        }
    }

    #[test]
    fn a_setting_that_names_no_account_is_told_without_its_value() {
        assert_eq!(read(&[]), Err(AccountFault::Missing));
        let canary = read(&[(SETTING, "AccountName=canary")]).unwrap_err().to_string();
        assert!(canary.contains("AccountKey") && !canary.contains("canary"), "{canary}");
        for (text, fault) in [
            ("AccountName=canary;AccountKey=canary!", AccountFault::Key),
            ("AccountName=canary;AccountKey=", AccountFault::Part("AccountKey")),
            ("AccountName=;AccountKey=a2V5", AccountFault::Part("AccountName")),
            ("AccountName=ca;AccountKey=a2V5", AccountFault::Name),
            ("AccountName=canary-x;AccountKey=a2V5", AccountFault::Name),
            ("AccountName=canary.example.com/;AccountKey=a2V5", AccountFault::Name),
            ("AccountName=canarycanarycanarycanary1;AccountKey=a2V5", AccountFault::Name),
            ("AccountName=canary;AccountKey=a2V5;DefaultEndpointsProtocol=ftp", AccountFault::Protocol),
            ("AccountName=canary;AccountKey=a2V5;BlobEndpoint=file:///canary", AccountFault::Protocol),
            ("AccountName=canary;AccountKey=a2V5;BlobEndpoint=canary", AccountFault::Address),
            ("AccountName=canary;AccountKey=a2V5;BlobEndpoint=https://canary:x@example.com", AccountFault::Address),
            ("AccountName=canary;AccountKey=a2V5;EndpointSuffix=no suffix", AccountFault::Address),
        ] {
            let read = read(&[(SETTING, text)]);
            assert!(!format!("{read:?} {}", read.clone().unwrap_err()).contains("canary"), "{text}");
            assert_eq!(read, Err(fault), "{text}");
        }
        for (part, text, fault) in [
            ("accountName", "canary_x", AccountFault::Name),
            ("blobServiceUri", "sb://canary.example.com", AccountFault::Protocol),
            ("blobServiceUri", "https://", AccountFault::Address),
        ] {
            assert_eq!(read(&[(&format!("{SETTING}__{part}"), text)]), Err(fault), "{text}");
        }
    }
}
