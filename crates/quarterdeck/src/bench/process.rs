//! What the kernel says about a process: the memory it holds and the processor time it has used.

use std::time::Duration;

use super::failed;
use crate::error::{Error, Result};

/// The kernel counts processor time for its readers in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// The memory that `process` holds, in bytes.
pub(super) fn resident_memory(process: u32) -> Result<u64> {
    memory(process, "VmRSS:")
}

/// The most memory that `process` has ever held, in bytes.
pub(super) fn peak_memory(process: u32) -> Result<u64> {
    memory(process, "VmHWM:")
}

/// The processor time that `process` has used, all its threads together.
pub(super) fn processor_time(process: u32) -> Result<Duration> {
    Ok(stat(process)?.own)
}

/// The processor time that `process` and its children have used, those that have ended included.
pub(super) fn processor_time_of_family(process: u32) -> Result<Duration> {
    let head = stat(process)?;
    let mut time = head.own + head.ended_children;
    for entry in std::fs::read_dir("/proc")? {
        let Some(child) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        // A process may end while the list is read.
        if let Ok(child) = stat(child)
            && child.parent == process
        {
            time += child.own;
        }
    }
    Ok(time)
}

fn memory(process: u32, name: &str) -> Result<u64> {
    in_bytes(&read(process, "status")?, name).ok_or_else(|| failed("the kernel does not tell the memory of a process"))
}

/// A line of a `/proc/<pid>/status`, which counts in KiB.
fn in_bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[derive(Debug, PartialEq, Eq)]
struct Stat {
    parent: u32,
    own: Duration,
    ended_children: Duration,
}

fn stat(process: u32) -> Result<Stat> {
    let text = read(process, "stat")?;
    parse(&text).ok_or_else(|| failed("the kernel does not tell the processor time of a process"))
}

/// A `/proc/<pid>/stat`: the program's name in brackets may hold anything, the numbers follow it.
fn parse(text: &str) -> Option<Stat> {
    let (_, numbers) = text.rsplit_once(')')?;
    let numbers: Vec<_> = numbers.split_whitespace().collect();
    let ticks = |index: usize| numbers.get(index)?.parse().ok().map(|ticks: u32| TICK * ticks);
    Some(Stat {
        parent: numbers.get(1)?.parse().ok()?,
        own: ticks(11)? + ticks(12)?,
        ended_children: ticks(13)? + ticks(14)?,
    })
}

fn read(process: u32, name: &str) -> Result<String> {
    let path = format!("/proc/{process}/{name}");
    std::fs::read_to_string(&path).map_err(|source| Error::File { path: path.into(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        let status = "Name:\tquarterdeck\nVmHWM:\t   20481 kB\nVmRSS:\t   20480 kB\nThreads:\t3\n";
        assert_eq!(in_bytes(status, "VmRSS:"), Some(20_971_520));
        assert_eq!(in_bytes(status, "VmHWM:"), Some(20_972_544));
        assert_eq!(in_bytes("Name:\tquarterdeck\n", "VmRSS:"), None);
    }

    #[test]
    fn processor_time_is_what_it_took_for_itself_and_for_the_kernel() {
        let text = "42 (a (strange) name) S 7 42 42 0 -1 4194560 9 0 0 0 150 50 20 5 20 0 3 0 100 1 1";
        let expected = Stat { parent: 7, own: Duration::from_secs(2), ended_children: Duration::from_millis(250) };
        assert_eq!(parse(text), Some(expected));
    }
}
