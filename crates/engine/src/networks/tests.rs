use std::{fmt::Write as _, path::Path};

use super::*;

/// A file of `MaxMind`'s format in which every address has the same record: an empty tree of one node, and its data.
fn database(path: &Path, record: &[u8]) {
    let text = |text: &str| [&[0x40 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
    let number = |value: u8| vec![0xa1, value];
    // One node of two 24-bit records, both pointing at the start of the data: node count + 16.
    let mut file = vec![0, 0, 17, 0, 0, 17];
    file.extend([0; 16]);
    file.extend(record);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let pairs = [
        ("node_count", vec![0xc1, 1]),
        ("record_size", number(24)),
        ("ip_version", number(6)),
        ("database_type", text("Test")),
        ("languages", vec![0x00, 0x04]),
        ("binary_format_major_version", number(2)),
        ("binary_format_minor_version", vec![0xa0]),
        ("build_epoch", vec![0x01, 0x02, 1]),
        ("description", vec![0xe0]),
    ];
    file.push(0xe0 | u8::try_from(pairs.len()).unwrap());
    for (name, value) in pairs {
        file.extend(text(name));
        file.extend(value);
    }
    std::fs::write(path, file).unwrap();
}

fn map(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xe0 | u8::try_from(pairs.len()).unwrap()];
    for (name, value) in pairs {
        bytes.push(0x40 | u8::try_from(name.len()).unwrap());
        bytes.extend(name.as_bytes());
        bytes.extend(value);
    }
    bytes
}

fn string(text: &str) -> Vec<u8> {
    [&[0x40 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()
}

fn files(folder: &Path) -> Files {
    Files { folder: folder.to_owned(), numbers: None, places: None }
}

#[test]
fn without_files_only_the_shipped_scanners_are_known_and_no_place_is_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let networks = files(folder.path()).load().unwrap();
    let known = networks.look_up("::ffff:209.222.82.9".parse().unwrap());
    assert!(known.source.scanner);
    assert_eq!((known.name.as_deref(), known.place), (Some("Barracuda Email Gateway Defense"), None));
    assert_eq!(networks.look_up("198.51.100.1".parse().unwrap()), Known::default());
}

#[test]
fn apples_list_is_read_as_it_is_published_and_an_own_list_takes_the_place_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let apple = "172.224.224.0/27,US,US-CA,Los Angeles,\n2a02:26f7:b3c0:4000::/64,FR,FR-ARA,Lyon,\n";
    std::fs::write(folder.path().join("egress-ip-ranges.csv"), apple).unwrap();
    std::fs::write(folder.path().join("scanners.txt"), "scanner 192.0.2.0/24 Ours\n").unwrap();
    let networks = files(folder.path()).load().unwrap();
    let at = |ip: &str| networks.look_up(ip.parse().unwrap());
    assert_eq!(at("172.224.224.9").source.apple, AppleList::Inside);
    assert_eq!(at("2a02:26f7:b3c0:4000::9").source.apple, AppleList::Inside);
    assert_eq!(at("192.0.2.9").source.apple, AppleList::Outside);
    assert!(at("192.0.2.9").source.scanner);
    assert!(!at("209.222.82.9").source.scanner);
    assert_eq!(networks.sizes(), (1, Some(2)));
}

#[test]
fn what_is_damaged_is_named_and_nothing_of_it_is_used() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("egress-ip-ranges.csv"), "<html>not found</html>").unwrap();
    let error = files(folder.path()).load().err().unwrap().to_string();
    assert!(error.contains("egress-ip-ranges.csv: line 1 begins with no range"), "{error}");
    let named = Files { places: Some(folder.path().join("missing.mmdb")), ..files(&folder.path().join("none")) };
    assert!(named.load().err().unwrap().to_string().contains("missing.mmdb"));
}

/// A record of a file of numbers, the number written as `number`.
fn vendor(number: Vec<u8>) -> Vec<u8> {
    // Names longer than 28 bytes take a byte more for their length, which `map` does not write.
    let mut record = vec![0xe2];
    for (name, value) in
        [("autonomous_system_number", number), ("autonomous_system_organization", string("PROOFPOINT"))]
    {
        let length = name.len();
        if length < 29 {
            record.push(0x40 | u8::try_from(length).unwrap());
        } else {
            record.extend([0x5d, u8::try_from(length - 29).unwrap()]);
        }
        record.extend(name.as_bytes());
        record.extend(value);
    }
    record
}

#[test]
fn numbers_and_places_come_from_files_of_maxminds_format() {
    let folder = tempfile::tempdir().unwrap();
    let (numbers, places) = (folder.path().join("asn.mmdb"), folder.path().join("city.mmdb"));
    let name = |name: &str| map(&[("names", map(&[("en", string(name))]))]);
    database(&places, &map(&[("city", name("Lyon")), ("country", name("France"))]));
    // AS22843, in four bytes and in two.
    for number in [vec![0xc4, 0, 0, 0x59, 0x3b], vec![0xa2, 0x59, 0x3b]] {
        database(&numbers, &vendor(number));
        let files = Files { numbers: Some(numbers.clone()), places: Some(places.clone()), ..files(folder.path()) };
        let known = files.load().unwrap().look_up("192.0.2.9".parse().unwrap());
        assert!(known.source.probable_scanner);
        assert_eq!((known.name.as_deref(), known.place.as_deref()), (Some("Proofpoint"), Some("Lyon, France")));
    }
}

#[test]
fn a_list_of_apples_size_is_read_and_every_address_of_it_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for n in 0..287_000_u32 {
        let ip = std::net::Ipv4Addr::from(0x1000_0000 + n * 8);
        writeln!(text, "{ip}/30,US,US-CA,Los Angeles,").unwrap();
    }
    std::fs::write(folder.path().join("egress-ip-ranges.csv"), text).unwrap();
    let networks = files(folder.path()).load().unwrap();
    assert_eq!(networks.sizes().1, Some(287_000));
    let inside = (0..10_000_u32).filter(|n| {
        let ip = std::net::Ipv4Addr::from(0x1000_0000 + n * 8 + 2);
        networks.look_up(ip.into()).source.apple == AppleList::Inside
    });
    assert_eq!(inside.count(), 10_000);
}
