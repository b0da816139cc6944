//! The cryptography that the HTTP client of the tests asks for, although it only speaks to the loopback.

/// Installs it, once in a process.
pub fn install() {
    // A provider that is installed already is as good.
    let _installed = rustls::crypto::ring::default_provider().install_default();
}
