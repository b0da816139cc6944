//! Ready queries: what to ask the logs about one identity in one period, and the command that asks saved logs.
//!
//! An id may be any text that somebody put into a log: in a query it is a literal that it cannot leave.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use jiff::Timestamp;

use crate::facts::Identity;

/// What is asked for: who, in the way in which all three tables know it.
#[derive(Debug, Clone, Copy)]
enum Asked<'i> {
    ObjectId(&'i str),
    AppId(&'i str),
    Address(&'i str),
}

impl<'i> Asked<'i> {
    /// The object id, else the application's, else the address.
    fn of(identity: &'i Identity) -> Option<Self> {
        let object_id = identity.object_id.as_deref().map(Self::ObjectId);
        let app_id = || identity.app_id.as_deref().map(Self::AppId);
        object_id.or_else(app_id).or_else(|| identity.caller_address.as_deref().map(Self::Address))
    }
}

/// From when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
}

impl Period {
    fn condition(&self) -> String {
        let whole = |time: Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        format!("TimeGenerated between (datetime({}) .. datetime({}))", whole(self.from), whole(self.to))
    }
}

/// All calls of the identity in Key Vault's own table, `AZKVAuditLogs`; `None` if nothing says who it is.
#[must_use]
pub fn audit_logs(identity: &Identity, period: &Period) -> Option<String> {
    let claim =
        |name: &str, id: &str| format!("tostring(parse_json(tostring(Identity)).claim.{name}) =~ {}", literal(id));
    let who = match Asked::of(identity)? {
        Asked::ObjectId(id) => claim("oid", id),
        Asked::AppId(id) => claim("appid", id),
        Asked::Address(address) => is_address("CallerIpAddress", address),
    };
    let columns = "TimeGenerated, _ResourceId, OperationName, Id, HttpStatusCode, CallerIpAddress, ClientInfo";
    Some(query("AZKVAuditLogs", &[&period.condition(), &who], columns))
}

/// All calls of the identity in the table that services share, `AzureDiagnostics`; `None` if nothing says who it is.
///
/// A workspace has a column of a claim only once a record had the claim.
#[must_use]
pub fn diagnostics(identity: &Identity, period: &Period) -> Option<String> {
    let claim = |name: &str, id: &str| {
        format!("tostring(column_ifexists(\"identity_claim_{name}_g\", \"\")) =~ {}", literal(id))
    };
    let who = match Asked::of(identity)? {
        Asked::ObjectId(id) => claim("oid", id),
        Asked::AppId(id) => claim("appid", id),
        Asked::Address(address) => is_address("CallerIPAddress", address),
    };
    let table = "ResourceProvider == \"MICROSOFT.KEYVAULT\" and Category == \"AuditEvent\"";
    let columns = "TimeGenerated, Resource, OperationName, id_s, httpStatusCode_d, CallerIPAddress, clientInfo_s";
    Some(query("AzureDiagnostics", &[&period.condition(), table, &who], columns))
}

/// What the identity did to vaults by the Activity Log's table, `AzureActivity`; `None` if nothing says who it is.
#[must_use]
pub fn activity(identity: &Identity, period: &Period) -> Option<String> {
    let who = match Asked::of(identity)? {
        Asked::ObjectId(id) | Asked::AppId(id) => format!("Claims has {}", literal(id)),
        Asked::Address(address) => is_address("CallerIpAddress", address),
    };
    let operation = "OperationNameValue startswith \"MICROSOFT.KEYVAULT/\"";
    let columns = "TimeGenerated, _ResourceId, OperationNameValue, ActivityStatusValue, Caller, CallerIpAddress";
    Some(query("AzureActivity", &[&period.condition(), operation, &who], columns))
}

/// The command line that lists every name that the identity read, out of saved logs in the folder `LOGS`; `None` if nothing
/// says who it is, or only in characters that a shell might act on.
#[must_use]
pub fn all_names(identity: &Identity) -> Option<String> {
    let (option, id) = match Asked::of(identity)? {
        Asked::ObjectId(id) | Asked::AppId(id) => ("--identity", id),
        Asked::Address(address) => ("--address", address),
    };
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".:-".contains(&byte))
        && id.starts_with(|first: char| first != '-');
    is_plain.then(|| format!("certificate-accessed investigate {option} {id} --out DIR LOGS"))
}

/// The condition that a column has an address, or one of a network.
fn is_address(column: &str, address: &str) -> String {
    match address.split_once('/') {
        None => format!("{column} == {}", literal(address)),
        Some((ip, _)) if ip.contains(':') => format!("ipv6_is_in_range({column}, {})", literal(address)),
        Some(_) => format!("ipv4_is_in_range({column}, {})", literal(address)),
    }
}

fn query(table: &str, conditions: &[&str], columns: &str) -> String {
    let conditions: String = conditions.iter().map(|condition| format!("| where {condition}\n")).collect();
    format!("{table}\n{conditions}| project {columns}\n| order by TimeGenerated asc\n")
}

/// A text as a literal of the query language: in it are printable ASCII and escapes alone.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            other => other.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    out.push('"');
    out
}
