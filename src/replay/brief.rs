//! What is kept of a matching record while a replay reads: there may be millions, so it is a few bytes.

use jiff::Timestamp;

/// A record that rules match: when it was, of what kind it is, and where its text is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief {
    /// When it was, in nanoseconds since 1970.
    time_ns: i64,
    /// Where its text begins: in its file, or among the texts that are kept.
    pub(super) at: u64,
    /// How long its text is, in bytes.
    pub(super) bytes: u32,
    /// Its input, by number; `None` if the text is kept with all that is said of where it came from.
    input: u32,
    /// The line of the file in which its body begins, from 1.
    pub(super) line: u32,
    /// Its number in the body.
    pub(super) index: u32,
    /// Its kind, by number.
    pub(super) kind: u32,
}

/// Stands for the time of a record that has none.
const NO_TIME: i64 = i64::MIN;
/// Stands for the input of a record whose text is kept.
const KEPT: u32 = u32::MAX;

/// Where the text of a record is.
#[derive(Debug, Clone, Copy)]
pub(super) struct InFile {
    /// Where it begins in the file.
    pub(super) at: u64,
    /// How long it is, in bytes.
    pub(super) bytes: u32,
    /// The file, by its number among the inputs.
    pub(super) input: u32,
    /// The line in which its body begins, from 1.
    pub(super) line: u32,
    /// Its number in the body.
    pub(super) index: u32,
}

impl Brief {
    /// A record whose text is in a file.
    pub(super) fn in_file(time: Option<Timestamp>, kind: u32, place: InFile) -> Self {
        let InFile { at, bytes, input, line, index } = place;
        Self { time_ns: nanoseconds(time), at, bytes, input, line, index, kind }
    }

    /// A record whose text is kept, with where it came from.
    pub(super) fn kept(time: Option<Timestamp>, kind: u32, at: u64, bytes: u32) -> Self {
        Self { time_ns: nanoseconds(time), at, bytes, input: KEPT, line: 0, index: 0, kind }
    }

    /// When it was; `None` if nobody knows.
    pub(super) fn time(&self) -> Option<Timestamp> {
        (self.time_ns != NO_TIME).then(|| Timestamp::from_nanosecond(self.time_ns.into()).ok()).flatten()
    }

    /// Puts a record that has no time to a place in the order of all.
    pub(super) fn stand_at(&mut self, time: Timestamp) {
        self.time_ns = nanoseconds(Some(time));
    }

    /// The number of the input that has its text; `None` if it is kept.
    pub(super) fn input(&self) -> Option<u32> {
        (self.input != KEPT).then_some(self.input)
    }

    /// The order of times.
    pub(super) fn time_ns(&self) -> i64 {
        self.time_ns
    }
}

/// Times of records are of the years 2000 to 2099, so they all have one.
fn nanoseconds(time: Option<Timestamp>) -> i64 {
    time.and_then(|time| i64::try_from(time.as_nanosecond()).ok()).unwrap_or(NO_TIME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_records_take_forty_megabytes() {
        assert_eq!(size_of::<Brief>(), 40);
    }
}
