//! A door for fuzzing (`make fuzz`), which nothing else has.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::{command::Command, data::Collector};

/// Reads `bytes` as a stranger's commands, and as the content of a message.
pub fn read(bytes: &[u8]) {
    for line in bytes.split(|&byte| byte == b'\n') {
        let _ = Command::parse(line);
    }
    let mut collector = Collector::new(Vec::new(), 10_000, Arc::new(Semaphore::new(3)));
    let (taken, _) = collector.take(bytes);
    assert!(taken <= bytes.len(), "more was taken than there is");
    let _ = collector.finish();
}
