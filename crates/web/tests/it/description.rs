//! The committed `openapi.json`, from which the interface's types are made.

#[test]
fn the_committed_description_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let committed = std::fs::read_to_string(path).unwrap();
    let current = web::openapi().to_pretty_json().unwrap();
    assert!(
        committed.trim_end() == current,
        "openapi.json is out of date: run make openapi and commit what it changes"
    );
}
