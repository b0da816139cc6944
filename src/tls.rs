//! The cryptography under HTTPS, chosen once for the process.

/// Chooses it; whoever makes a client calls this first.
pub(crate) fn provide() {
    // One that was chosen before is as good.
    let _chosen_before = rustls::crypto::ring::default_provider().install_default();
}
