//! How memory is allocated: by mimalloc, whose threads free what others allocated without waiting for each other.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
