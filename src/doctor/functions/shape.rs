//! What each function has to be bound to.

/// A function that the binary answers.
pub(in crate::doctor) struct FunctionShape {
    /// Its name: the folder's, and the path that the host posts to.
    pub(in crate::doctor) name: &'static str,
    pub(super) bindings: &'static [BindingShape],
}

/// A binding that the binary reads or writes.
pub(super) struct BindingShape {
    pub(super) name: &'static str,
    pub(super) kind: &'static str,
    pub(super) direction: &'static str,
    /// Keys without which the host binds to nothing, or to what belongs to others.
    pub(super) keys: &'static [&'static str],
    /// The queue or path that documents, alarms and forwarder look for.
    pub(super) usual: Option<&'static str>,
    /// What is lost without it.
    pub(super) purpose: &'static str,
}

const QUEUE_KEYS: &[&str] = &["queueName", "connection"];

/// The detection.
pub(in crate::doctor) const DETECTOR: FunctionShape = FunctionShape {
    name: "CertificateAccessed",
    bindings: &[
        BindingShape {
            name: "events",
            kind: "eventHubTrigger",
            direction: "in",
            // Without a group of its own it would share $Default, and the partitions, with every other reader.
            keys: &["eventHubName", "consumerGroup", "connection"],
            usual: None,
            purpose: "no events would come",
        },
        BindingShape {
            name: "alerts",
            kind: "queue",
            direction: "out",
            keys: QUEUE_KEYS,
            usual: Some("certificate-alerts"),
            purpose: "every alert would be lost",
        },
        BindingShape {
            name: "teams",
            kind: "queue",
            direction: "out",
            keys: QUEUE_KEYS,
            usual: Some("certificate-teams"),
            purpose: "no alert would go to Teams",
        },
        BindingShape {
            name: "rejected",
            kind: "blob",
            direction: "out",
            keys: &["path", "connection"],
            usual: Some("rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson"),
            purpose: "events that cannot be read would be lost",
        },
    ],
};

/// The cards.
pub(in crate::doctor) const NOTIFIER: FunctionShape = FunctionShape {
    name: "NotifyTeams",
    bindings: &[BindingShape {
        name: "alert",
        kind: "queueTrigger",
        direction: "in",
        keys: QUEUE_KEYS,
        usual: None,
        purpose: "no alert would come out of the queue",
    }],
};
