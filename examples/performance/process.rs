//! What the system says of a process, in `/proc`.

use std::fs;
use std::io;

/// The unit of the times in `/proc`, whatever the kernel's own clock is.
const TICKS_PER_SECOND: f64 = 100.0;

/// Seconds of CPU that a process has used in all its threads.
pub(crate) fn cpu_seconds(id: u32) -> io::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name in parentheses may hold anything.
    let (_, fields) = stat.rsplit_once(')').ok_or_else(|| io::Error::other("a stat without a name"))?;
    let ticks: f64 = fields.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS_PER_SECOND)
}

/// Bytes of memory that a process has now.
pub(crate) fn resident_bytes(id: u32) -> io::Result<f64> {
    status_bytes(id, "VmRSS:")
}

/// The most bytes of memory that a process ever had.
pub(crate) fn peak_bytes(id: u32) -> io::Result<f64> {
    status_bytes(id, "VmHWM:")
}

/// How many processes wanted to run in the last minute, on average.
pub(crate) fn load_average() -> io::Result<f64> {
    let averages = fs::read_to_string("/proc/loadavg")?;
    let first = averages.split_whitespace().next().and_then(|average| average.parse().ok());
    first.ok_or_else(|| io::Error::other("no load average"))
}

fn status_bytes(id: u32, field: &str) -> io::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map(|kilobytes| kilobytes * 1024.0).ok_or_else(|| io::Error::other(format!("no {field}")))
}
