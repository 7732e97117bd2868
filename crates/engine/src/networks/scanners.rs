//! The list of scanners: the one that is shipped, or the operator's.

use std::{collections::HashMap, net::IpAddr};

use domain::engagement::Source;

use super::ranges::{Range, Ranges};

/// Its sources and the date are in the file.
const SHIPPED: &str = include_str!("../../data/networks/scanners.txt");

/// What a line says of its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Scanner,
    Probable,
    Clicks,
}

/// A list of scanners.
#[derive(Debug, Default)]
pub(super) struct Scanners {
    ranges: Vec<(Class, String, Ranges)>,
    numbers: HashMap<u32, (Class, String)>,
}

impl Scanners {
    /// The list that is a part of the program.
    pub(super) fn shipped() -> Self {
        // A test reads it; a line that could not be read would be missing.
        Self::parse(SHIPPED).unwrap_or_default()
    }

    /// # Errors
    /// The first line that means nothing.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut ranges: Vec<(Class, String, Vec<Range>)> = Vec::new();
        let mut numbers = HashMap::new();
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (class, network, name) = fields(line).ok_or_else(|| format!("line {} means nothing: {line}", n + 1))?;
            match network {
                Network::Number(number) => {
                    numbers.insert(number, (class, name));
                }
                Network::Range(range) => match ranges.iter_mut().find(|it| it.0 == class && it.1 == name) {
                    Some((.., list)) => list.push(range),
                    None => ranges.push((class, name, vec![range])),
                },
            }
        }
        let ranges = ranges.into_iter().map(|(class, name, list)| (class, name, list.into_iter().collect())).collect();
        Ok(Self { ranges, numbers })
    }

    /// What the list says of an address in the network `number`, and the name it gives it.
    pub(super) fn look_up(&self, ip: IpAddr, number: Option<u32>) -> (Source, Option<String>) {
        let by_range = self.ranges.iter().filter(|(.., list)| list.contains(ip)).map(|(class, name, _)| (*class, name));
        let by_number = number.and_then(|number| self.numbers.get(&number)).map(|(class, name)| (*class, name));
        let mut source = Source::default();
        let mut found = None;
        for (class, name) in by_range.chain(by_number) {
            match class {
                Class::Scanner => source.scanner = true,
                Class::Probable => source.probable_scanner = true,
                Class::Clicks => source.click_scanner = true,
            }
            found.get_or_insert_with(|| name.clone());
        }
        (source, found)
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len() + self.ranges.iter().map(|(.., list)| list.len()).sum::<usize>()
    }
}

enum Network {
    Range(Range),
    Number(u32),
}

fn fields(line: &str) -> Option<(Class, Network, String)> {
    let mut words = line.split_whitespace();
    let class = match words.next()? {
        "scanner" => Class::Scanner,
        "probable" => Class::Probable,
        "clicks" => Class::Clicks,
        _ => return None,
    };
    let network = words.next()?;
    let network = match network.strip_prefix("AS") {
        Some(number) => Network::Number(number.parse().ok()?),
        None => Network::Range(Range::parse(network)?),
    };
    let name = words.collect::<Vec<_>>().join(" ");
    (!name.is_empty()).then_some((class, network, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_that_is_shipped_means_something() {
        let lines = SHIPPED.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).count();
        assert!(lines >= 25);
        assert_eq!(Scanners::parse(SHIPPED).unwrap().len(), lines);
        let (source, name) = Scanners::shipped().look_up("40.93.1.2".parse().unwrap(), None);
        assert!(source.scanner);
        assert_eq!(name.as_deref(), Some("Microsoft Exchange Online Protection"));
    }

    #[test]
    fn numbers_count_where_the_number_is_known() {
        let list = Scanners::parse("probable AS64496 A vendor\nclicks 192.0.2.0/24 A cloud").unwrap();
        let ip = "192.0.2.7".parse().unwrap();
        let (without, with) = (list.look_up(ip, None), list.look_up(ip, Some(64_496)));
        assert!(without.0.click_scanner && !without.0.probable_scanner);
        assert!(with.0.click_scanner && with.0.probable_scanner);
        assert_eq!(list.look_up("198.51.100.1".parse().unwrap(), Some(1)), (Source::default(), None));
    }

    #[test]
    fn a_line_that_means_nothing_is_named() {
        for line in
            ["scanner", "scanner 192.0.2.0/99 A", "person 192.0.2.0/24 A", "scanner AS A", "scanner 192.0.2.0/24"]
        {
            let error = Scanners::parse(&format!("# a list\n{line}")).unwrap_err();
            assert!(error.starts_with("line 2"), "{error}");
        }
    }
}
