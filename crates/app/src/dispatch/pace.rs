//! How a dispatcher works, and what it did.

/// How a dispatcher works. The defaults suit a clinic; tests shorten the leases.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Messages claimed, and handed over, at a time.
    pub batch: u32,
    /// Deliveries at a time.
    pub concurrency: usize,
    /// For how long a claim holds, in seconds.
    pub claim_seconds: i64,
    /// After how many seconds a handed-over message without an outcome is `unknown`.
    pub delivery_seconds: i64,
    /// How long to wait before trying again what was deferred or not tried, in seconds; doubled each time it happens in a
    /// row, up to [`LONGEST_WAIT`].
    pub retry_seconds: i64,
}

/// The longest wait between two tries, in seconds.
pub const LONGEST_WAIT: i64 = 3600;

impl Default for Pace {
    fn default() -> Self {
        Pace {
            batch: 100,
            concurrency: 8,
            claim_seconds: 60,
            delivery_seconds: discreet_store::DELIVERY_LEASE_SECONDS,
            retry_seconds: 30,
        }
    }
}

/// What one round did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Round {
    /// Messages claimed.
    pub claimed: u64,
    /// Handed over.
    pub handed_over: u64,
    /// Taken by the relay.
    pub accepted: u64,
    /// Back in the queue: deferred, or not tried.
    pub again: u64,
    /// Refused or bounced.
    pub refused: u64,
    /// Nobody knows.
    pub unknown: u64,
}

impl Round {
    pub(super) fn add(&mut self, other: Round) {
        self.claimed += other.claimed;
        self.handed_over += other.handed_over;
        self.accepted += other.accepted;
        self.again += other.again;
        self.refused += other.refused;
        self.unknown += other.unknown;
    }
}
