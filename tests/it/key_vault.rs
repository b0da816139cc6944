//! Vaults and objects in every address and resource id that Azure writes.

use certificate_accessed::key_vault::{ObjectKind, VaultAddress, VaultObject};
use proptest::prelude::*;

const VERSION: &str = "4c39bacace9a49b2bd542ce61bd6f312";

fn object(kind: ObjectKind, name: &str, version: Option<&str>) -> Option<VaultObject> {
    Some(VaultObject { kind, name: name.to_owned(), version: version.map(str::to_owned) })
}

#[test]
fn an_object_is_found_in_every_address_that_key_vault_writes() {
    use ObjectKind::{Certificate, Key, Secret};
    let cases = [
        ("https://kv-web.vault.azure.net/certificates/tls", object(Certificate, "tls", None)),
        ("https://kv-web.vault.azure.net/certificates/tls/", object(Certificate, "tls", None)),
        (
            "https://kv-web.vault.azure.net/certificates/tls/4c39bacace9a49b2bd542ce61bd6f312",
            object(Certificate, "tls", Some(VERSION)),
        ),
        ("https://kv-web.vault.azure.net/secrets/tls/?api-version=7.0", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.net/secrets/tls?api-version=7.0&_=1712126805801", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.net/secrets/tls/backup?api-version=7.0", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.net/secrets/tls/BACKUP", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.net:443/secrets/tls", object(Secret, "tls", None)),
        ("HTTPS://KV-WEB.VAULT.AZURE.NET/SECRETS/TLS", object(Secret, "TLS", None)),
        ("https://kv-web.vault.azure.net//secrets//tls", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.net/deletedcertificates/tls?api-version=7.4", object(Certificate, "tls", None)),
        ("https://kv-web.vault.azure.net/deletedsecrets/tls", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.cn/keys/tls/versions", object(Key, "tls", None)),
        ("https://kv-web.vault.usgovcloudapi.net/secrets/%74ls", object(Secret, "tls", None)),
        ("https://kv-web.privatelink.vaultcore.azure.net/secrets/tls#x", object(Secret, "tls", None)),
        ("  kv-web.vault.azure.net/secrets/tls ", object(Secret, "tls", None)),
        ("https://kv-web.vault.azure.net/", None),
        ("https://kv-web.vault.azure.net", None),
        ("https://kv-web.vault.azure.net/secrets?maxresults=25", None),
        ("https://kv-web.vault.azure.net/secrets/", None),
        ("https://kv-web.vault.azure.net/storage/account", None),
    ];
    for (uri, expected) in cases {
        let address = VaultAddress::of_uri(uri).unwrap();
        assert_eq!((address.vault.as_str(), address.object), ("kv-web", expected), "{uri}");
    }
}

#[test]
fn other_addresses_are_of_no_vault() {
    for uri in [
        "",
        "/",
        "://",
        "/secrets/tls",
        "https://management.azure.com/subscriptions/s/providers/Microsoft.KeyVault/vaults/kv-web",
        "https://control-prod-wus.vaultcore.azure.net/subscriptions/s/providers/Microsoft.KeyVault/vaults/kv-web",
        "https://hsm.managedhsm.azure.net/keys/k",
        "https://.vault.azure.net/secrets/tls",
        "https://evil.example/vault.azure.net/secrets/tls",
    ] {
        assert_eq!(VaultAddress::of_uri(uri), None, "{uri}");
    }
}

#[test]
fn a_resource_id_names_the_vault_in_any_case() {
    let cases = [
        ("/SUBSCRIPTIONS/S/RESOURCEGROUPS/VAULTS/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB", Some("kv-web")),
        (
            "/subscriptions/s/resourceGroups/Microsoft.KeyVault/providers/Microsoft.KeyVault/vaults/kv-web",
            Some("kv-web"),
        ),
        ("/subscriptions/s/resourcegroups/rg/providers/microsoft.keyvault/vaults/kv-web/", Some("kv-web")),
        ("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm", None),
        ("/subscriptions/s/resourceGroups/vaults/providers/Microsoft.Storage/storageAccounts/a", None),
        ("/subscriptions/s/providers/Microsoft.KeyVault/vaults/", None),
        ("", None),
    ];
    for (resource_id, vault) in cases {
        let address = VaultAddress::of_resource_id(resource_id);
        assert_eq!(address.as_ref().map(|address| address.vault.as_str()), vault, "{resource_id}");
    }
    let certificate = VaultAddress::of_resource_id("/x/Microsoft.KeyVault/vaults/kv-web/certificates/tls").unwrap();
    assert_eq!(certificate.object, object(ObjectKind::Certificate, "tls", None));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _address = (VaultAddress::of_uri(&text), VaultAddress::of_resource_id(&text));
    }

    #[test]
    fn no_near_miss_makes_it_panic(text in "(https?|HTTPS|)(://|:/|)[a-z@:.%]{0,12}(\\.vault\\.azure\\.net|)(:[0-9]{0,6}|)[/%?#a-zé0-9]{0,40}") {
        let _address = (VaultAddress::of_uri(&text), VaultAddress::of_resource_id(&text));
    }

    #[test]
    fn a_name_survives_whatever_comes_behind_it(
        name in "[0-9a-zA-Z-]{1,127}",
        version in prop::option::of("[0-9a-f]{32}"),
        port in prop::option::of(1u16..),
        slash in any::<bool>(),
        query in prop::option::of("[a-z=&0-9/_.-]{0,30}"),
    ) {
        let mut uri = "https://kv.vault.azure.net".to_owned();
        if let Some(port) = port {
            uri += &format!(":{port}");
        }
        uri += &format!("/secrets/{name}");
        if let Some(version) = &version {
            uri += &format!("/{version}");
        }
        if slash {
            uri.push('/');
        }
        if let Some(query) = query {
            uri += &format!("?{query}");
        }

        let object = VaultAddress::of_uri(&uri).unwrap().object.unwrap();

        prop_assert_eq!(object, VaultObject { kind: ObjectKind::Secret, name, version });
    }
}
