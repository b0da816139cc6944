//! The forms in which the records are written: envelopes, lines, gzip, Azure's own tree.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use flate2::{Compression, GzBuilder};

use super::{book::Record, clock::Moment, estate::Vault};

/// `{"records":[…]}` on one line.
pub fn envelope(records: &[&Record]) -> String {
    let lines: Vec<&str> = records.iter().map(|record| record.line.as_str()).collect();
    format!("{{\"records\":[{}]}}", lines.join(","))
}

/// Envelopes of so many records, each on a line.
pub fn envelopes(records: &[&Record], size: usize) -> String {
    let events = records.chunks(size).map(|some| envelope(some) + "\n");
    events.collect()
}

/// Bare records, each on a line.
pub fn lines(records: &[&Record]) -> String {
    records.iter().map(|record| record.line.clone() + "\n").collect()
}

/// Writes a file and the folders above it.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// Writes a gzip file without a time in it, so that it is the same each time.
pub fn write_gzip(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let file = BufWriter::new(File::create(path)?);
    let mut gzip = GzBuilder::new().mtime(0).write(file, Compression::best());
    gzip.write_all(text.as_bytes())?;
    gzip.finish()?.flush()
}

/// Where a diagnostic setting puts the audit log of a vault, hour by hour.
pub fn hour_file(vault: Vault, at: Moment) -> PathBuf {
    let mut path = PathBuf::from("insights-logs-auditevent");
    path.push(format!("resourceId={}", vault.id().to_uppercase()));
    path.push(at.format("y=%Y/m=%m/d=%d/h=%H/m=00"));
    path.join("PT1H.json")
}
