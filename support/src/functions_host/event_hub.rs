//! Events of one partition, as Event Hubs hands them to the host.

use jiff::{SignedDuration, Timestamp};

/// One event and what the service says about it.
#[derive(Debug, Clone)]
pub struct Event {
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// Position in the partition.
    pub sequence_number: i64,
    /// Place in the partition's log; a number in today's service, text in its interface.
    pub offset: String,
    /// When the service took it.
    pub enqueued_at: Timestamp,
    /// The sender's partition key; diagnostic settings send none.
    pub partition_key: Option<String>,
}

/// Events that the host hands over in one go.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The partition that they come from.
    pub partition_id: String,
    /// The events in partition order.
    pub events: Vec<Event>,
    /// Whether the extension is new enough to hand offsets on as text, too.
    pub has_offset_strings: bool,
}

impl Batch {
    /// A batch of bodies with running sequence numbers, made-up offsets, enqueued just now.
    pub fn new(partition_id: &str, first_sequence_number: i64, bodies: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let now = Timestamp::now();
        let events = bodies
            .into_iter()
            .zip(first_sequence_number..)
            .map(|(body, sequence_number)| Event {
                body,
                sequence_number,
                offset: String::new(),
                enqueued_at: now,
                partition_key: None,
            })
            .collect();
        let batch = Self { partition_id: partition_id.to_owned(), events, has_offset_strings: false };
        batch.offset_from(4_294_967_296)
    }

    /// Gives the events offsets from `first` on, each grown by the size of the event before it.
    #[must_use]
    pub fn offset_from(mut self, first: u64) -> Self {
        let mut offset = first;
        for event in &mut self.events {
            event.offset = offset.to_string();
            // The service keeps some bytes of its own beside each body.
            offset += event.body.len() as u64 + 56;
        }
        self
    }

    /// Gives the events offsets as a geo-replicated namespace does: text, and no numbers.
    #[must_use]
    pub fn offset_as_text(mut self) -> Self {
        for event in &mut self.events {
            event.offset = format!("0:1:{}", event.offset);
        }
        self
    }

    /// Gives the events enqueued times from `first` on, `step` apart.
    #[must_use]
    pub fn enqueued_from(mut self, first: Timestamp, step: SignedDuration) -> Self {
        let mut time = first;
        for event in &mut self.events {
            event.enqueued_at = time;
            time = time.checked_add(step).unwrap_or(time);
        }
        self
    }
}
