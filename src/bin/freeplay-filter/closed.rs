//! Detects that standard output is closed, as with `>&-` in a shell.
//!
//! Rust's runtime opens /dev/null in place of a closed stream before `main`, so output would be lost without an
//! error. On Windows this is not detected.

use std::io;

/// Returns an error if standard output was closed when the process was started.
pub(crate) fn check() -> io::Result<()> {
    #[cfg(unix)]
    if unix::IS_CLOSED.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(io::Error::other("standard output is closed"));
    }
    Ok(())
}

#[cfg(unix)]
mod unix {
    use std::sync::atomic::{AtomicBool, Ordering};

    pub(super) static IS_CLOSED: AtomicBool = AtomicBool::new(false);

    ctor::declarative::ctor! {
        // Sound, as a system call and an atomic need nothing that the runtime prepares.
        #[ctor(unsafe)]
        fn before_runtime() {
            let is_open = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_ok();
            IS_CLOSED.store(!is_open, Ordering::Relaxed);
        }
    }
}
