//! A store of blobs that does what it is asked, late, twice, or not at all.

use std::collections::BTreeMap;

use certificate_accessed::state_log::{Action, Answer, SNAPSHOTS, StateLog, Wanted, snapshot_number};
use jiff::Timestamp;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is done and answered.
    Done,
    /// It is done, and the answer is lost.
    AnswerLost,
    /// It is lost.
    Lost,
    /// The answer is lost, and it is done later.
    Late,
    /// It is done twice, and answered once.
    Twice,
}

#[derive(Debug, Default)]
struct Blob {
    bytes: Vec<u8>,
    blocks: u64,
}

/// The blobs, and the requests that are still on their way.
#[derive(Debug, Default)]
pub(super) struct Store {
    blobs: BTreeMap<String, Blob>,
    late: Vec<Action>,
}

impl Store {
    pub(super) fn ask(&mut self, action: &Action, fate: Fate) -> Answer {
        match fate {
            Fate::Done => self.apply(action),
            Fate::Lost => Answer::Unknown,
            Fate::AnswerLost => {
                self.apply(action);
                Answer::Unknown
            }
            Fate::Late => {
                self.late.push(action.clone());
                Answer::Unknown
            }
            Fate::Twice => {
                let answer = self.apply(action);
                self.apply(action);
                answer
            }
        }
    }

    /// Asks all that a round wants, and counts the requests.
    pub(super) fn write(&mut self, log: &mut StateLog, wanted: &mut Wanted) -> usize {
        let mut requests = 0;
        while let Some(action) = log.next(wanted, Timestamp::UNIX_EPOCH) {
            let answer = self.ask(&action, Fate::Done);
            log.take(action, answer, wanted).unwrap();
            requests += 1;
        }
        requests
    }

    /// Does what was on its way for longest.
    pub(super) fn catch_up(&mut self) {
        if !self.late.is_empty() {
            let action = self.late.remove(0);
            self.apply(&action);
        }
    }

    /// Appends bytes that are no line of the log to the stretch that was opened last.
    pub(super) fn spoil(&mut self, bytes: &[u8]) {
        let newest = self.blobs.iter_mut().filter(|(name, _)| name.starts_with("log/"));
        if let Some((_, blob)) = newest.max_by_key(|(name, _)| name.rsplit('-').next().map(str::to_owned)) {
            blob.bytes.extend_from_slice(bytes);
            blob.blocks += 1;
        }
    }

    fn apply(&mut self, action: &Action) -> Answer {
        match action {
            Action::FindNewest => {
                let snapshots = self.blobs.keys().filter(|name| name.starts_with(SNAPSHOTS));
                Answer::Newest(snapshots.filter_map(|name| snapshot_number(name)).max())
            }
            Action::GetSnapshot(name) => self.read(name, 0, None),
            Action::Read { name, from, to } => self.read(name, *from, *to),
            Action::PutSnapshot { name, bytes, stretch } => {
                let was_there = self.blobs.contains_key(name);
                if let Some(known) = self.blobs.get(name).filter(|_| stretch.number > 0) {
                    assert_eq!(known.bytes, *bytes, "a snapshot is the same from every instance");
                }
                if !was_there && self.late.len() > 4 {
                    // Few requests are on their way for longer than a stretch lasts.
                    self.catch_up();
                }
                self.create(name, bytes)
            }
            Action::CreateLog(name) => self.create(name, &[]),
            Action::Append { name, lines } => match self.blobs.get_mut(name) {
                None => Answer::Missing,
                Some(blob) => {
                    let offset = blob.bytes.len() as u64;
                    blob.bytes.extend_from_slice(lines);
                    blob.blocks += 1;
                    Answer::Appended { offset, blocks: blob.blocks }
                }
            },
            Action::Delete(names) => {
                names.iter().for_each(|name| drop(self.blobs.remove(name)));
                Answer::Done { was_there: true }
            }
        }
    }

    fn create(&mut self, name: &str, bytes: &[u8]) -> Answer {
        let was_there = self.blobs.contains_key(name);
        if !was_there {
            self.blobs.insert(name.to_owned(), Blob { bytes: bytes.to_vec(), blocks: 0 });
        }
        Answer::Done { was_there }
    }

    fn read(&self, name: &str, from: u64, to: Option<u64>) -> Answer {
        let Some(blob) = self.blobs.get(name) else { return Answer::Missing };
        let from = usize::try_from(from).unwrap().min(blob.bytes.len());
        let to = to.map_or(blob.bytes.len(), |to| usize::try_from(to).unwrap().min(blob.bytes.len()));
        Answer::Bytes(vec![blob.bytes[from..to.max(from)].to_vec().into()])
    }
}
