//! Slowing down whoever guesses. Time is an argument; what is remembered is bounded and lost at a restart, which nobody
//! outside can cause.

use discreet_domain::Timestamp;
use std::collections::HashMap;
use std::hash::Hash;

/// How many tries are free, and how long each later one waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pace {
    /// Tries before anybody waits.
    pub free: u32,
    /// Seconds after which one more try is free again.
    pub seconds: i64,
}

/// Tries remembered at a time, at most: then those whose wait is over are forgotten.
const MOST: usize = 100_000;

/// Counts failed tries by key (an account, an address) as a leaky bucket: each fills it by one, time drains it.
#[derive(Debug)]
pub struct Throttle<K> {
    pace: Pace,
    /// When the bucket will be empty.
    empty_at: HashMap<K, Timestamp>,
}

impl<K: Eq + Hash> Throttle<K> {
    /// Nobody has failed yet.
    pub fn new(pace: Pace) -> Throttle<K> {
        Throttle { pace, empty_at: HashMap::new() }
    }
    /// Seconds to wait before another try; 0: go on.
    pub fn wait(&self, key: &K, now: Timestamp) -> i64 {
        let Some(empty_at) = self.empty_at.get(key) else { return 0 };
        let full_for = self.pace.seconds.saturating_mul(i64::from(self.pace.free));
        let over = empty_at.micros() - now.micros() - full_for.saturating_mul(1_000_000);
        if over <= -self.pace.seconds.saturating_mul(1_000_000) {
            0
        } else {
            (over / 1_000_000 + self.pace.seconds).max(1)
        }
    }
    /// Begins a try, if none must wait: 0, and it counts as failed until it is forgiven, so that many at once are not one.
    /// Else the seconds to wait.
    pub fn begin(&mut self, key: K, now: Timestamp) -> i64 {
        let wait = self.wait(&key, now);
        if wait == 0 {
            self.failed(key, now);
        }
        wait
    }
    /// A try failed.
    pub fn failed(&mut self, key: K, now: Timestamp) {
        if self.empty_at.len() >= MOST {
            self.empty_at.retain(|_, empty_at| *empty_at > now);
        }
        let drained = self.empty_at.get(&key).copied().filter(|at| *at > now).unwrap_or(now);
        self.empty_at.insert(key, drained.plus_seconds(self.pace.seconds));
    }
    /// A try succeeded: what went before is forgiven.
    pub fn forgive(&mut self, key: &K) {
        self.empty_at.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn some_are_free_then_one_every_so_often() {
        let mut throttle = Throttle::new(Pace { free: 3, seconds: 30 });
        for _ in 0..3 {
            assert_eq!(throttle.wait(&"dana", at(0)), 0);
            throttle.failed("dana", at(0));
        }
        assert_eq!(throttle.wait(&"dana", at(0)), 30);
        assert_eq!(throttle.wait(&"omar", at(0)), 0, "nobody else waits");
        assert_eq!(throttle.wait(&"dana", at(29)), 1);
        assert_eq!(throttle.wait(&"dana", at(30)), 0);
        throttle.failed("dana", at(30));
        assert_eq!(throttle.wait(&"dana", at(30)), 30);
        assert_eq!(throttle.wait(&"dana", at(200)), 0);
        throttle.failed("dana", at(200));
        assert_eq!(throttle.wait(&"dana", at(200)), 0, "long ago is forgotten");
        for _ in 0..5 {
            throttle.failed("dana", at(201));
        }
        throttle.forgive(&"dana");
        assert_eq!([0; 4].map(|_| throttle.begin("lee", at(0))), [0, 0, 0, 30], "begun is counted");
        assert_eq!(throttle.wait(&"dana", at(201)), 0);
    }
}
