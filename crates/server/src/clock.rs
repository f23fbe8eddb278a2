//! The only file that reads the clock.

use discreet_domain::Timestamp;

/// The time it is.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
pub fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// How long ago that was.
pub fn since(then: Timestamp) -> std::time::Duration {
    std::time::Duration::from_micros(u64::try_from(now().micros() - then.micros()).unwrap_or(0))
}
