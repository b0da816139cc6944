//! The provider of cryptography without which reqwest makes no client, even one for the loopback interface.

/// Installs it, once in a process.
pub fn install() {
    // One that is installed already will do.
    let _installed = rustls::crypto::ring::default_provider().install_default();
}
