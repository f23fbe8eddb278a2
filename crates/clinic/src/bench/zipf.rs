//! Skew, without the functions whose last bit differs from machine to machine: only `+ - * /` and square roots.

use crate::random::Dice;

/// Ranks drawn by Zipf's law with exponent 0.9.
#[derive(Debug)]
pub(super) struct Zipf {
    /// Sums of weights up to each rank, in millionths of the first rank's.
    sums: Vec<u64>,
}

impl Zipf {
    pub(super) fn new(count: usize) -> Zipf {
        let mut sum = 0;
        let weights = (1..=count).map(|rank| {
            sum += (1e6 / power_nine_tenths(rank as f64)) as u64;
            sum
        });
        Zipf { sums: weights.collect() }
    }
    /// A rank, from 0.
    pub(super) fn draw(&self, dice: &mut Dice) -> usize {
        let total = self.sums.last().copied().unwrap_or(0);
        let at = u64::from(dice.below(u32::MAX)) * total / u64::from(u32::MAX);
        self.sums.partition_point(|sum| *sum <= at)
    }
}

/// The tenth root of the ninth power, by halving.
fn power_nine_tenths(of: f64) -> f64 {
    let power = |base: f64, times: u32| (0..times).fold(1.0, |product, _| product * base);
    let wanted = power(of, 9);
    let (mut low, mut high) = (0.0, of.max(1.0));
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if power(middle, 10) < wanted { low = middle } else { high = middle }
    }
    high
}

/// How active a patient is, one on average: Zipf–Mandelbrot with exponent 0.75. The least has a third of that, one in
/// a hundred more than six times, the most sixteen times.
pub(super) fn activity(dice: &mut Dice) -> f64 {
    /// Keeps the most active within bounds.
    const OFFSET: f64 = 0.006;
    /// The mean of `(u + OFFSET)^-0.75` over `u` from 0 to 1.
    const MEAN: f64 = 2.8927;
    let place = f64::from(dice.below(1 << 24)) / f64::from(1 << 24) + OFFSET;
    1.0 / (place.sqrt() * place.sqrt().sqrt()) / MEAN
}

/// A number whose mean is `mean`: between nothing and twice that, evenly.
pub(super) fn around(mean: f64, dice: &mut Dice) -> u32 {
    let thousandths = (mean * 2000.0) as u32;
    let drawn = dice.below(thousandths.saturating_add(1));
    drawn / 1000 + u32::from(dice.chance(drawn % 1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Stream;

    #[test]
    fn nine_tenths() {
        for of in [1.0, 2.0, 10.0, 300.0] {
            assert!((power_nine_tenths(of) - f64::powf(of, 0.9)).abs() < 1e-9 * of);
        }
    }

    #[test]
    fn activity_is_one_on_average_with_a_long_tail() {
        let mut dice = Dice::new(1, 0, Stream::Visits);
        let mut drawn: Vec<f64> = (0..100_000).map(|_| activity(&mut dice)).collect();
        drawn.sort_by(f64::total_cmp);
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
        assert!(
            drawn[0] > 0.3 && drawn[99_999] > 14.0 && drawn[99_000] > 6.0,
            "{:?}",
            (drawn[0], drawn[99_000], drawn[99_999])
        );
    }

    #[test]
    fn around_has_its_mean() {
        let mut dice = Dice::new(2, 0, Stream::Visits);
        for mean in [0.3, 2.4, 15.0] {
            let sum: u32 = (0..50_000).map(|_| around(mean, &mut dice)).sum();
            assert!((f64::from(sum) / 50_000.0 / mean - 1.0).abs() < 0.03, "{mean}");
        }
    }

    #[test]
    fn first_ranks_come_most() {
        let zipf = Zipf::new(300);
        let mut dice = Dice::new(3, 0, Stream::Visits);
        let mut counts = [0_u32; 300];
        (0..100_000).for_each(|_| counts[zipf.draw(&mut dice)] += 1);
        assert!(counts[0] > counts[5] && counts[5] > counts[50] && counts[299] > 0);
        let ratio = f64::from(counts[0]) / f64::from(counts[9]);
        assert!((6.0..10.0).contains(&ratio), "{ratio}");
    }
}
