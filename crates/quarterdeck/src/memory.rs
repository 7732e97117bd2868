//! How memory is allocated, by us and by the C code that is linked in (`override`): by mimalloc, whose threads free what others
//! allocated without waiting for each other.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
