//! Where the list is: in a file, or in a blob.

use certificate_accessed::config::{BlobPlace, ExpectedPlace, Settings};

#[test]
fn a_blob_is_named_alone_or_after_its_container() {
    let place = |setting: &str| {
        let read = Settings::read(&|name| (name == "EXPECTED_ACCESS").then(|| setting.to_owned()));
        read.ok().and_then(|settings| settings.expected_access)
    };
    let cases = [
        ("blob:expected-access.yml", Some(("expected-access", "expected-access.yml"))),
        ("blob: rules/prod/list.yml", Some(("rules", "prod/list.yml"))),
        ("blob:", None),
        ("blob:/list.yml", None),
        ("blob:rules/", None),
        ("blob:Rules/list.yml", None),
        ("blob:rules/../certificate-state/log", None),
        ("blob:certificate-state/list.yml", None),
        ("blob:list.yml?sig=x", None),
        ("blob:a list.yml", None),
        ("blob:a--list/list.yml", None),
    ];
    for (setting, blob) in cases {
        let blob = blob.map(|(container, name): (&str, &str)| {
            ExpectedPlace::Blob(BlobPlace { container: container.to_owned(), name: name.to_owned() })
        });
        assert_eq!(place(setting), blob, "{setting}");
    }
    assert_eq!(place("lists/blob:x"), Some(ExpectedPlace::File("lists/blob:x".into())));
}
