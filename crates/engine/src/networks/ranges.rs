//! Ranges of addresses, sorted and apart, so that a look-up is a binary search.

use std::net::IpAddr;

/// A set of addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ranges {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

/// A range in the usual notation: `192.0.2.0/24`, `2001:db8::/32`, or a single address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    V4(u32, u32),
    V6(u128, u128),
}

impl Range {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        match address.parse().ok()? {
            IpAddr::V4(ip) => {
                let bits: u32 = bits.map_or(Some(32), |bits| bits.parse().ok()).filter(|bits| *bits <= 32)?;
                let hosts = u32::MAX.checked_shr(bits).unwrap_or(0);
                Some(Self::V4(u32::from(ip) & !hosts, u32::from(ip) | hosts))
            }
            IpAddr::V6(ip) => {
                let bits: u32 = bits.map_or(Some(128), |bits| bits.parse().ok()).filter(|bits| *bits <= 128)?;
                let hosts = u128::MAX.checked_shr(bits).unwrap_or(0);
                Some(Self::V6(u128::from(ip) & !hosts, u128::from(ip) | hosts))
            }
        }
    }
}

impl Ranges {
    pub(super) fn contains(&self, ip: IpAddr) -> bool {
        match ip {
            IpAddr::V4(ip) => within(&self.v4, u32::from(ip)),
            IpAddr::V6(ip) => within(&self.v6, u128::from(ip)),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.v4.len() + self.v6.len()
    }
}

impl FromIterator<Range> for Ranges {
    fn from_iter<T: IntoIterator<Item = Range>>(ranges: T) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for range in ranges {
            match range {
                Range::V4(first, last) => v4.push((first, last)),
                Range::V6(first, last) => v6.push((first, last)),
            }
        }
        Self { v4: apart(v4), v6: apart(v6) }
    }
}

/// Sorted, and what overlaps is one.
fn apart<T: Copy + Ord>(mut ranges: Vec<(T, T)>) -> Vec<(T, T)> {
    ranges.sort_unstable();
    let mut joined: Vec<(T, T)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match joined.last_mut() {
            Some(before) if first <= before.1 => before.1 = before.1.max(last),
            _ => joined.push((first, last)),
        }
    }
    joined.shrink_to_fit();
    joined
}

fn within<T: Copy + Ord>(ranges: &[(T, T)], address: T) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= address);
    after > 0 && address <= ranges[after - 1].1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(texts: &[&str]) -> Ranges {
        texts.iter().map(|text| Range::parse(text).unwrap()).collect()
    }

    #[test]
    fn an_address_is_in_its_range_and_in_no_other() {
        let set = ranges(&["192.0.2.0/24", "10.0.0.0/8", "2001:db8::/32", "203.0.113.7", "10.1.0.0/16", "0.0.0.0/32"]);
        for inside in ["192.0.2.0", "192.0.2.255", "10.255.0.1", "2001:db8:ffff::1", "203.0.113.7", "0.0.0.0"] {
            assert!(set.contains(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["192.0.1.255", "192.0.3.0", "11.0.0.0", "2001:db9::", "203.0.113.8", "0.0.0.1", "::1"] {
            assert!(!set.contains(outside.parse().unwrap()), "{outside}");
        }
        assert_eq!(set.len(), 5, "one lay in another");
        assert!(ranges(&["0.0.0.0/0"]).contains("255.255.255.255".parse().unwrap()));
    }

    #[test]
    fn what_is_no_range_is_none() {
        for text in ["", "192.0.2.0/33", "192.0.2/24", "2001:db8::/129", "host.example/24", "192.0.2.0/"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }
}
