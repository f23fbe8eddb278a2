//! Time: text of twice the length takes about twice as long to parse and check, whatever is written in it; and nothing at
//! a limit takes more stack than a small thread has.

use crate::scope::World;
use discreet_segment::english::{PlainWording, outline, sentence};
use discreet_segment::{Parsed, limits, parse};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Each size is so much the one before.
const STEP: usize = 2;
/// Twice the length may take this much longer: linear would be 2, quadratic 4.
const MOST: f64 = 3.0;
/// A measurement lasts at least so long, because the system counts in ticks.
const ENOUGH: Duration = Duration::from_millis(30);
/// A step that took too long is measured again so often, and the least counts.
const AGAIN: usize = 6;

/// How long this thread has had a core: others may be busy on the same machine. Where the system does not say, how long it
/// has been there.
fn spent(since: Instant) -> Duration {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = schedule.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
    nanos.filter(|nanos| *nanos > 0).map_or_else(|| since.elapsed(), Duration::from_nanos)
}

/// How long it takes to parse and check a text.
fn time(text: &str, world: &World) -> f64 {
    let once = || {
        if let Ok(parsed) = black_box(parse(black_box(text))) {
            let _ = black_box(parsed.check(world));
        }
    };
    let since = Instant::now();
    let begun = spent(since);
    let mut runs = 0;
    loop {
        let more = runs.max(1);
        (0..more).for_each(|_| once());
        runs += more;
        let took = spent(since) - begun;
        if took >= ENOUGH {
            return took.as_secs_f64() / f64::from(runs);
        }
    }
}

/// Holds a shape of text, of sizes from `least` to `most`, to the rule.
#[track_caller]
fn is_linear(what: &str, (least, most): (usize, usize), shape: impl Fn(usize) -> String) {
    let world = World { places: true, ..World::new() };
    let took = |size: usize| {
        let text = shape(size);
        assert!(text.len() <= limits::TEXT_BYTES, "{what}: {} bytes", text.len());
        time(&text, &world)
    };
    let (mut size, mut small) = (least, took(least));
    while size * STEP <= most {
        let mut large = f64::INFINITY;
        let fits = (0..AGAIN).any(|_| {
            large = large.min(took(size * STEP));
            large < MOST * small
        });
        assert!(fits, "{what}: {size} took {small} s and {} took {large} s", size * STEP);
        (size, small) = (size * STEP, large);
    }
}

fn joined(parts: impl Iterator<Item = String>, by: &str) -> String {
    parts.collect::<Vec<_>>().join(by)
}

#[test]
fn many_conditions() {
    let most = 1_900;
    for by in [" and ", " or "] {
        is_linear("tests on age", (100, most), |n| joined((0..n).map(|at| format!("age > {at}")), by));
        is_linear("alternating", (50, most / 2), |n| {
            joined((0..n / 2).map(|at| format!("(age > {at} and not sex = male)")), by)
        });
    }
    is_linear("attributes that are not there", (100, most), |n| {
        joined((0..n).map(|at| format!("agee{at} > 5")), " and ")
    });
    is_linear("values unlike those usually seen", (100, most), |n| {
        joined((0..n).map(|at| format!("sex = femal{at}")), " and ")
    });
    is_linear("segments in segments", (100, 1_000), |n| {
        joined((0..n).map(|_| "in segment \"Asked for fewer emails\"".to_owned()), " and ")
    });
    is_linear("sequences", (50, 600), |n| {
        joined(
            (0..n).map(|at| format!("any email_click then page_view where page = a{at} within 2 days")),
            " or ",
        )
    });
    is_linear("value sets", (100, 1_200), |n| {
        joined((0..n).map(|at| format!("has condition (@diabetes, icd10:E{at})")), " or ")
    });
}

#[test]
fn long_filters() {
    is_linear("a filter's tests", (100, 1_900), |n| {
        format!("any appointment where {}", joined((0..n).map(|at| format!("type = t{at}")), " and "))
    });
    is_linear("parentheses after each and", (50, 800), |n| {
        format!(
            "any appointment where {}",
            joined((0..n).map(|_| "not (not (missing type))".to_owned()), " and ")
        )
    });
    is_linear("and, then too many parentheses", (16, 512), |n| {
        format!("any appointment where missing type{}", " and (not (not (".repeat(n))
    });
}

#[test]
fn long_lists() {
    let items = |n: usize, item: fn(usize) -> String| joined((0..n).map(item), ", ");
    let most = limits::LIST_ITEMS;
    is_linear("words", (100, most), |n| format!("state in ({})", items(n, |at| format!("word{at}"))));
    is_linear("numbers", (100, most), |n| format!("age in ({})", items(n, |at| at.to_string())));
    is_linear("codes", (100, most), |n| format!("has condition ({})", items(n, |at| format!("icd10:E{at}"))));
    is_linear("stems", (100, most), |n| {
        format!("has condition ({})", items(n, |at| format!("icd10:E{at}*")))
    });
    is_linear("unknown value sets", (100, most), |n| {
        format!("has condition ({})", items(n, |at| format!("@diabets{at}")))
    });
    is_linear("of a set", (100, most), |n| {
        format!("interests has all ({})", items(n, |at| format!("word{at}")))
    });
}

#[test]
fn deep_and_long_text() {
    let deep = |n: usize| format!("{}age > 5{}", "not (".repeat(n), ")".repeat(n));
    is_linear("nested to the limit, many times", (8, 100), |n| joined((0..n).map(|_| deep(40)), " or "));
    let bytes = limits::TEXT_BYTES;
    for part in ["(", "not ", "age ", "\"", "# c\n", "x,", "@", "..", "icd10:", "any x where (", "then ", "é"]
    {
        let least = bytes / 32 / part.len();
        is_linear(part, (least, bytes / part.len()), |n| part.repeat(n));
    }
    is_linear("one long word", (bytes / 32, bytes), |n| "x".repeat(n));
    is_linear("spaces", (bytes / 32, bytes - 8), |n| format!("{}age > 5", " ".repeat(n - 8)));
}

/// The smallest stack that work is done on anywhere is two megabytes; half of that must do, in a build without
/// optimization.
const STACK: usize = 1 << 20;

#[test]
fn nothing_at_the_limits_needs_much_stack() {
    let all = || {
        let world = World::new();
        let depth = limits::DEPTH;
        let nots = format!("{}age > 5", "not ".repeat(depth));
        let mut mixed = "age > 5".to_owned();
        for _ in 0..depth / 2 {
            mixed = format!("(sex = m and {mixed} or zip = 94110)");
        }
        let mut filter = "missing site".to_owned();
        for at in 0..depth - 2 {
            filter = format!("(missing type {} {filter})", if at % 2 == 0 { "or" } else { "and" });
        }
        let sequence =
            format!("any appointment where {filter} then appointment where {filter} within 2 days");
        for text in [nots, mixed, format!("no appointment where {filter}"), sequence] {
            let parsed = parse(&text).unwrap_or_else(|error| panic!("{}", error.render(&text)));
            let checked = parsed.check(&world).unwrap();
            assert!(!sentence(checked.expr(), &PlainWording).is_empty());
            assert!(!outline(checked.expr(), &PlainWording).is_empty());
            assert_eq!(Parsed::from_json(&parsed.to_json()).unwrap().to_string(), parsed.to_string());
        }
        for part in ["(", "not ", "not (", "any x where (", "any x then y where not "] {
            assert!(parse(&part.repeat(limits::TEXT_BYTES / part.len())).is_err());
        }
    };
    std::thread::Builder::new().stack_size(STACK).spawn(all).unwrap().join().unwrap();
}
