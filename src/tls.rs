//! The cryptography provider of rustls, installed once for the process.

/// Installs the provider; to be called before a client is made.
pub(crate) fn provide() {
    // It may be installed already.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
}
