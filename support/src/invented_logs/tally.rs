//! What was written, counted: records by kind, and what the detection should find.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde_json::Value;

use super::book::{Log, Record};

/// The counts.
#[derive(Default)]
pub struct Tally {
    kinds: BTreeMap<(Log, String), u64>,
    matches: u64,
    pairs: BTreeSet<(String, String)>,
}

impl Tally {
    /// Counts some records.
    pub fn count(&mut self, records: &[Record]) -> io::Result<()> {
        for record in records {
            let value: Value = serde_json::from_str(&record.line)?;
            self.count_one(record.log, &value);
        }
        Ok(())
    }

    fn count_one(&mut self, log: Log, record: &Value) {
        let of = |key| record.get(key).and_then(Value::as_str).unwrap_or_default();
        let operation = of("operationName").to_uppercase();
        let succeeded = matches!(of("resultType"), "Success" | "Succeeded");
        if operation == "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ" && succeeded {
            self.matches += 1;
            let vault = vault_of(of("resourceId")).to_owned();
            self.pairs.insert((vault, of("callerIpAddress").to_owned()));
        }
        let kind = match log {
            Log::Audit => of("operationName").to_owned(),
            Log::Activity => operation,
            Log::SignIn => of("category").to_owned(),
        };
        *self.kinds.entry((log, kind)).or_default() += 1;
    }

    /// Prints the counts.
    pub fn print(&self, mut to: impl Write) -> io::Result<()> {
        for log in [Log::Activity, Log::Audit, Log::SignIn] {
            let own = self.kinds.iter().filter(|((of, _), _)| *of == log);
            let total: u64 = own.clone().map(|(_, count)| count).sum();
            writeln!(to, "{total:>8}  {}", title(log))?;
            for ((_, kind), count) in own {
                writeln!(to, "{count:>14}  {kind}")?;
            }
        }
        writeln!(to, "{:>8}  records in all", self.kinds.values().sum::<u64>())?;
        writeln!(to, "{:>8}  certificate reads that the rule matches", self.matches)?;
        writeln!(to, "{:>8}  pairs of vault and caller among them", self.pairs.len())
    }
}

fn title(log: Log) -> &'static str {
    match log {
        Log::Activity => "Activity Log",
        Log::Audit => "Key Vault audit log",
        Log::SignIn => "sign-ins",
    }
}

/// The part of a resource id after `vaults`, as it is written.
fn vault_of(id: &str) -> &str {
    let mut parts = id.split('/');
    parts.find(|part| part.eq_ignore_ascii_case("vaults"));
    parts.next().unwrap_or_default()
}
