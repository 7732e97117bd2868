//! Which addresses a host that a user named may resolve to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be connected to. Public addresses always; addresses that mean no single host, never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressPolicy {
    /// This machine itself.
    pub loopback: bool,
    /// Private, link-local and shared networks: where the server's neighbours are, cloud metadata included.
    pub private: bool,
}

impl AddressPolicy {
    /// Public addresses and nothing else.
    pub const PUBLIC_ONLY: Self = Self { loopback: false, private: false };
    /// Every address that is one host.
    pub const ANY: Self = Self { loopback: true, private: true };

    /// Whether `address` may be connected to.
    pub fn allows(self, address: IpAddr) -> bool {
        match Reach::of(address) {
            Reach::Public => true,
            Reach::Loopback => self.loopback,
            Reach::Private => self.private,
            Reach::Nowhere => false,
        }
    }
}

/// How far an address reaches (IANA special-purpose address registries).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    Public,
    Loopback,
    Private,
    /// Unspecified, multicast, broadcast, documentation, reserved.
    Nowhere,
}

impl Reach {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(v4) => Self::of_v4(v4),
            IpAddr::V6(v6) => Self::of_v6(v6),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        match address.octets() {
            [127, ..] => Self::Loopback,
            [10, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 168, ..]
            | [198, 18 | 19, ..] => Self::Private,
            [0 | 224..=255, ..] | [192, 0, 0 | 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => Self::Nowhere,
            _ => Self::Public,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Self {
        if let Some(embedded) = embedded_v4(address) {
            return Self::of_v4(embedded);
        }
        match address.segments() {
            [0, 0, 0, 0, 0, 0, 0, 1] => Self::Loopback,
            // Unique local, link-local, the old site-local.
            [0xfc00..=0xfdff | 0xfe80..=0xfeff, ..] => Self::Private,
            // Documentation, Teredo and the rest of 2001::/23.
            [0x2001, 0x0..=0x1ff | 0xdb8, ..] => Self::Nowhere,
            [0x2000..=0x3fff, ..] => Self::Public,
            _ => Self::Nowhere,
        }
    }
}

/// The IPv4 address that an IPv6 address stands for: mapped, NAT64, 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            join(high, low)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(address: &str) -> Reach {
        Reach::of(address.parse().unwrap())
    }

    #[test]
    fn every_address_reaches_as_far_as_the_registry_says() {
        let table = [
            ("8.8.8.8", Reach::Public),
            ("172.32.0.1", Reach::Public),
            ("100.128.0.1", Reach::Public),
            ("2606:4700::1111", Reach::Public),
            ("127.8.9.1", Reach::Loopback),
            ("::1", Reach::Loopback),
            ("::ffff:127.0.0.1", Reach::Loopback),
            ("64:ff9b::7f00:1", Reach::Loopback),
            ("2002:7f00:1::", Reach::Loopback),
            ("10.1.2.3", Reach::Private),
            ("172.16.0.1", Reach::Private),
            ("192.168.1.1", Reach::Private),
            ("169.254.169.254", Reach::Private),
            ("100.64.0.1", Reach::Private),
            ("fd00::1", Reach::Private),
            ("fe80::1", Reach::Private),
            ("::ffff:10.0.0.1", Reach::Private),
            ("0.0.0.0", Reach::Nowhere),
            ("::", Reach::Nowhere),
            ("224.0.0.1", Reach::Nowhere),
            ("255.255.255.255", Reach::Nowhere),
            ("203.0.113.9", Reach::Nowhere),
            ("2001:db8::1", Reach::Nowhere),
            ("ff02::1", Reach::Nowhere),
        ];
        for (address, expected) in table {
            assert_eq!(reach(address), expected, "{address}");
        }
    }

    #[test]
    fn the_unspecified_address_is_never_allowed_because_systems_connect_it_to_themselves() {
        assert!(!AddressPolicy::ANY.allows("0.0.0.0".parse().unwrap()));
        assert!(!AddressPolicy::ANY.allows("::".parse().unwrap()));
    }
}
