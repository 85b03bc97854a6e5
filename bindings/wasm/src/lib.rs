//! The library for JavaScript: one function that takes a request and gives an answer, both JSON.
//!
//! The two sides share one buffer. The host asks for it with [`buffer`], writes a request into it, and
//! [`call`]s; the answer is in the buffer then, [`length`] bytes long. js/module.ts is the other side.
//! Positions in answers are UTF-16 code units, as JavaScript counts.

mod complete;
mod request;
mod settings;

use std::cell::RefCell;

use request::State;

thread_local! {
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static STATE: RefCell<State> = RefCell::new(State::default());
}

/// Makes the buffer `length` bytes long, for a request, and returns its address.
#[expect(unsafe_code, reason = "exported under a unique name")]
#[unsafe(no_mangle)]
pub extern "C" fn buffer(length: usize) -> *mut u8 {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.clear();
        buffer.resize(length, 0);
        buffer.as_mut_ptr()
    })
}

/// Answers the request in the buffer, puts the answer in its place, and returns the buffer's address.
#[expect(unsafe_code, reason = "exported under a unique name")]
#[unsafe(no_mangle)]
pub extern "C" fn call() -> *const u8 {
    BUFFER.with_borrow_mut(|buffer| {
        *buffer = STATE.with_borrow_mut(|state| state.answer(buffer)).into_bytes();
        buffer.as_ptr()
    })
}

/// The length of the buffer in bytes.
#[expect(unsafe_code, reason = "exported under a unique name")]
#[unsafe(no_mangle)]
pub extern "C" fn length() -> usize {
    BUFFER.with_borrow(Vec::len)
}
