//! How the system's allocator deals with our threads.

/// `M_TRIM_THRESHOLD` of mallopt(3).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEEP_FREE: i32 = -1;
/// `M_MMAP_THRESHOLD` of mallopt(3).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAP_FROM: i32 = -3;
/// `M_ARENA_MAX` of mallopt(3).
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const ARENAS: i32 = -8;

/// Few arenas, because what is made on one thread is dropped on another, and each arena keeps its holes. What is free is
/// kept for the next batch of mail, and not given back to the system and asked for again a thousand times a minute.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn keep_together() {
    #[expect(unsafe_code, reason = "a function of the C library, of two numbers")]
    unsafe extern "C" {
        safe fn mallopt(parameter: i32, value: i32) -> i32;
    }
    // What the library does not know it leaves as it was.
    for (parameter, value) in [(ARENAS, 4), (KEEP_FREE, 8 << 20), (MAP_FROM, 1 << 20)] {
        mallopt(parameter, value);
    }
}

/// Other allocators are left alone.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn keep_together() {}
