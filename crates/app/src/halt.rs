//! Ending dispatchers in good order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A word from outside that dispatchers are to end: what is with the relay gets its outcome, what was handed over and not
/// yet begun goes back to the queue, nothing else is claimed. All clones are one.
#[derive(Clone, Debug, Default)]
pub struct Halt(Arc<AtomicBool>);

impl Halt {
    /// Ends them.
    pub fn call(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
    /// Whether they are to end.
    pub fn is_called(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
