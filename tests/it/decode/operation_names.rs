//! Names of operations in text that could not be read as records.

use certificate_accessed::decode::OperationNames;

fn may_occur(name: &str, text: &str) -> bool {
    OperationNames::new([name]).may_occur_in(text)
}

const READ: &str = "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ";

#[test]
fn every_spelling_of_the_operation_name_is_seen() {
    for text in [
        "{'operationName':'Microsoft.KeyVault/vaults/certificates/read'",
        r"microsoft.keyvault\/vaults\/certificates\/read",
        r"microsoft.keyvault/vaults/\u0063ertificates/read",
        r"microsoft.keyvault/vaults/\\\\u0063ertificates/read",
        r"microsoft.keyvault/vaults/\u005cu0063ertificates/read",
        r"microsoft.keyvault/vaults/\u005c\u0075\u0030\u0030\u0036\u0033ertificates/read",
        r"microsoft.keyvault/vaults/\\\u005c\\u005cu0063ertificates/read",
        r"microsoft.keyvault/vaults/\x63ertificates/read",
        r"m\u0131croso\u0066t.keyvault\u002fvaults\u002Fcerti\ufb01cates/read",
        "mıcroſoft.keyvault/vaultſ/certiﬁcateſ/read",
        "microsoft.keyvault/vaults/certi\nficates/read",
        "{\"operationName\":\"MICROSOFT.KEYVAULT/VAULTS/CERTIF",
        "m\0i\0c\0",
        "\u{fffd}\u{8}",
    ] {
        assert!(may_occur(READ, text), "{text}");
    }
}

#[test]
fn a_name_with_white_space_in_it_is_seen() {
    let name = "ADD SERVICE PRINCIPAL CREDENTIALS";
    for text in [
        "{'operationName':'Add service principal credentials'",
        "{\"a\":\"Add service princ",
        "add\tservice\nprincipal credentials",
        r"add\u0020service\x20principal\\u000acredentials",
    ] {
        assert!(may_occur(name, text), "{text}");
    }
    assert!(!may_occur(name, "{'operationName':'Add service principal owner'"));
}

#[test]
fn a_short_name_that_is_cut_off_is_seen() {
    assert!(may_occur("SECRETGET", r#"{"operationName":"Secret"#));
    assert!(may_occur("SECRETGET", "{'operationName':'secretGet'"));
    assert!(!may_occur("SECRETGET", r#"{"operationName":"SecretList","#));
}

#[test]
fn text_without_the_operation_name_has_none() {
    for text in ["hello", "{'a':'b'}", "microsoft.keyvault/vaults/secrets/read", "certificates/read", ""] {
        assert!(!may_occur(READ, text), "{text}");
    }
}
