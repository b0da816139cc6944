//! Why an invocation failed, seen from the host.

use super::encoding::EncodingFailure;

/// A failed invocation. None of these reaches the handler; a retry policy posts the batch again.
#[derive(Debug, thiserror::Error)]
pub enum HostFailure {
    /// No such folder in the app.
    #[error("the app has no function named {0}")]
    UnknownFunction(String),
    /// The value could not be bound, so the handler was never called.
    #[error("the host cannot bind the trigger: {0}")]
    Binding(#[from] EncodingFailure),
    /// The handler has ended, or the connection broke before the answer was complete.
    #[error("no answer from the handler: {0}")]
    Transport(String),
    /// The answer took longer than the host waits.
    #[error("no answer within {0} s")]
    TimedOut(u64),
    /// Not 2xx: body and Logs are thrown away.
    #[error("Response status code does not indicate success: {0}")]
    Status(u16),
    /// 204, an empty body or `null`: a real host would wait until functionTimeout, then kill the handler.
    #[error("the answer is empty (204, no body or null): a real host hangs until functionTimeout")]
    Hang,
    /// No reader for the answer's Content-Type.
    #[error("no reader for Content-Type {0:?}")]
    MediaType(Option<String>),
    /// The body is not the object that the host deserializes.
    #[error("Invalid HttpResponseMessage: {0}")]
    Body(String),
    /// An output could not be turned into messages or a blob.
    #[error("output {binding} cannot be converted: {reason}")]
    Output {
        /// The binding.
        binding: String,
        /// What is wrong with its value.
        reason: String,
    },
    /// The service's 413 for a message over 64 KiB in base64.
    #[error("413 RequestBodyTooLarge: {encoded} bytes of base64 for queue {queue}")]
    TooLarge {
        /// The queue.
        queue: String,
        /// The size that the service counts.
        encoded: usize,
    },
    /// The storage account refused a write.
    #[error("cannot write to {target}: {reason}")]
    Storage {
        /// Queue or blob.
        target: String,
        /// The service's message.
        reason: String,
    },
    /// A test's fault hook failed the write.
    #[error("write {0} was made to fail")]
    MadeToFail(usize),
    /// The handler ended with 0 and a real host never starts it again (functions-host §7).
    #[error("the handler ended with exit code 0: the host does not restart it")]
    EndedForGood,
    /// The handler died and could not be started again.
    #[error("the handler could not be restarted: {0}")]
    Restart(String),
}
