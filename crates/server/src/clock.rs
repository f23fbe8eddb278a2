//! The only file that reads the clock.

use discreet_domain::Timestamp;

/// The time it is.
#[expect(clippy::disallowed_methods, reason = "this is the one place that asks")]
pub fn now() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// Tells how much time has passed since it was made, by a clock that never goes back.
pub fn stopwatch() -> impl Fn() -> std::time::Duration {
    let began = std::time::Instant::now();
    move || began.elapsed()
}

/// How long ago that was.
pub fn since(then: Timestamp) -> std::time::Duration {
    std::time::Duration::from_micros(u64::try_from(now().micros() - then.micros()).unwrap_or(0))
}
