//! A test on a value of a known type: what fits, and what the words mean then.

use super::Checker;
use crate::ast::{Op, Quantity, Test, Word};
use crate::checked::{DateTest, Number, NumberTest, SetTest, TextTest, ValueTest, fold};
use crate::error::CheckErrorKind;
use crate::parse::{cut, date};
use crate::scope::Scope;
use crate::span::{Span, Spanned};
use crate::suggest::closest;
use crate::window::Window;
use discreet_domain::Day;
use discreet_domain::catalog::Kind;
use std::ops::Bound;

/// What is tested: an attribute or a field.
pub(super) struct Subject<'c> {
    pub name: &'c str,
    pub kind: Kind,
    pub values: &'c [String],
    pub span: Span,
}

impl<S: Scope + ?Sized> Checker<'_, S> {
    pub(super) fn value_test(&mut self, subject: &Subject<'_>, test: &Test) -> Option<ValueTest> {
        match subject.kind {
            Kind::Text | Kind::Zip => self.text(subject, test).map(ValueTest::Text),
            Kind::Number => self.number(subject, test).map(ValueTest::Number),
            Kind::Bool => self.boolean(subject, test).map(ValueTest::Bool),
            Kind::Date => self.date(subject, test).map(ValueTest::Date),
            Kind::Code => self.coded(subject, test),
            Kind::Set => self.set(subject, test).map(ValueTest::Set),
        }
    }

    fn text(&mut self, subject: &Subject<'_>, test: &Test) -> Option<TextTest> {
        match test {
            Test::Compare { op: Op::Equal, value } => {
                self.word(subject, value).map(|word| TextTest::OneOf(vec![word]))
            }
            Test::Compare { op: Op::NotEqual, value } => self.word(subject, value).map(TextTest::Not),
            Test::OneOf(values) => self.words(subject, values).map(TextTest::OneOf),
            Test::Contains(value) => Some(TextTest::Contains(fold(&value.node))),
            Test::StartsWith(value) => Some(TextTest::StartsWith(fold(&value.node))),
            other => self.wrong_test(subject, other),
        }
    }

    fn number(&mut self, subject: &Subject<'_>, test: &Test) -> Option<NumberTest> {
        match test {
            Test::Compare { op, value } => {
                let number = self.a_number(subject, value)?;
                Some(match op {
                    Op::Equal => NumberTest::OneOf(vec![number]),
                    Op::NotEqual => NumberTest::Not(number),
                    Op::Less => NumberTest::Within(Bound::Unbounded, Bound::Excluded(number)),
                    Op::AtMost => NumberTest::Within(Bound::Unbounded, Bound::Included(number)),
                    Op::Greater => NumberTest::Within(Bound::Excluded(number), Bound::Unbounded),
                    Op::AtLeast => NumberTest::Within(Bound::Included(number), Bound::Unbounded),
                })
            }
            Test::OneOf(values) => {
                let numbers: Vec<Option<Number>> =
                    values.iter().map(|value| self.a_number(subject, value)).collect();
                let mut numbers: Vec<Number> = numbers.into_iter().collect::<Option<_>>()?;
                numbers.sort_unstable();
                numbers.dedup();
                Some(NumberTest::OneOf(numbers))
            }
            Test::Range { from, to } => {
                let ends =
                    self.ends(from.as_ref(), to.as_ref(), |checker, value| checker.a_number(subject, value))?;
                let bound = |end: Option<Number>| end.map_or(Bound::Unbounded, Bound::Included);
                Some(NumberTest::Within(bound(ends.0), bound(ends.1)))
            }
            other => self.wrong_test(subject, other),
        }
    }

    fn boolean(&mut self, subject: &Subject<'_>, test: &Test) -> Option<bool> {
        let (value, equal) = match test {
            Test::Compare { op: Op::Equal, value } => (value, true),
            Test::Compare { op: Op::NotEqual, value } => (value, false),
            other => return self.wrong_test(subject, other),
        };
        match fold(&value.node).as_str() {
            "yes" | "true" => Some(equal),
            "no" | "false" => Some(!equal),
            _ => self.wrong_value(subject, value, "`yes` or `no`"),
        }
    }

    fn date(&mut self, subject: &Subject<'_>, test: &Test) -> Option<DateTest> {
        match test {
            Test::Compare { op, value } => {
                let day = self.a_date(subject, value)?;
                let window = match op {
                    Op::Equal | Op::NotEqual => Window::Between(day, day),
                    Op::Less => Window::Before(day),
                    Op::AtMost => Window::Before(day.plus_days(1)),
                    Op::Greater => Window::After(day),
                    Op::AtLeast => Window::After(day.plus_days(-1)),
                };
                Some(DateTest::Window { window, negated: *op == Op::NotEqual })
            }
            Test::OneOf(values) => {
                let days: Vec<Option<Day>> = values.iter().map(|value| self.a_date(subject, value)).collect();
                let mut days: Vec<Day> = days.into_iter().collect::<Option<_>>()?;
                days.sort_unstable();
                days.dedup();
                Some(DateTest::OneOf(days))
            }
            Test::Range { from, to } => {
                let ends =
                    self.ends(from.as_ref(), to.as_ref(), |checker, value| checker.a_date(subject, value))?;
                let window = match ends {
                    (Some(from), Some(to)) => Window::Between(from, to),
                    (Some(from), None) => Window::After(from.plus_days(-1)),
                    (None, Some(to)) => Window::Before(to.plus_days(1)),
                    (None, None) => return self.wrong_test(subject, test),
                };
                Some(DateTest::Window { window, negated: false })
            }
            Test::Window(window) => {
                self.window(window).map(|window| DateTest::Window { window, negated: false })
            }
            other => self.wrong_test(subject, other),
        }
    }

    fn coded(&mut self, subject: &Subject<'_>, test: &Test) -> Option<ValueTest> {
        let (codes, negated) = match test {
            Test::IsCode(code) => (std::slice::from_ref(code), false),
            Test::IsNotCode(code) => (std::slice::from_ref(code), true),
            Test::CodeIn(codes) => (codes.as_slice(), false),
            Test::Compare { op: Op::Equal | Op::NotEqual, value } => {
                return self.wrong_value(subject, value, "a code such as `loinc:4548-4`");
            }
            other => return self.wrong_test(subject, other),
        };
        self.code_set(codes).map(|codes| ValueTest::Code { codes, negated })
    }

    fn set(&mut self, subject: &Subject<'_>, test: &Test) -> Option<SetTest> {
        match test {
            Test::Has { quantity, values } => {
                let words = self.words(subject, values)?;
                Some(match quantity {
                    Quantity::Any => SetTest::Any(words),
                    Quantity::All => SetTest::All(words),
                    Quantity::None => SetTest::None(words),
                })
            }
            other => self.wrong_test(subject, other),
        }
    }

    /// A window that something can be in.
    pub(super) fn window(&mut self, window: &Spanned<Window>) -> Option<Window> {
        match window.node {
            Window::Between(first, last) if first > last => self
                .error(CheckErrorKind::EmptyRange, window.span, "no date is in this window")
                .helping("the earlier date comes first")
                .none(),
            window => Some(window),
        }
    }

    /// No window is one that holds everything; `None` only after an error.
    pub(super) fn optional_window(&mut self, window: Option<&Spanned<Window>>) -> Option<Option<Window>> {
        window.map_or(Some(None), |window| self.window(window).map(Some))
    }

    /// Both ends of a range, the smaller first.
    fn ends<T: PartialOrd>(
        &mut self,
        from: Option<&Word>,
        to: Option<&Word>,
        mut read: impl FnMut(&mut Self, &Word) -> Option<T>,
    ) -> Option<(Option<T>, Option<T>)> {
        let low = from.map(|from| read(self, from));
        let high = to.map(|to| read(self, to));
        // An end that is there and could not be read was reported.
        let low = low.map_or(Some(None), |low| low.map(Some))?;
        let high = high.map_or(Some(None), |high| high.map(Some))?;
        match (from, to) {
            (Some(from), Some(to)) if low > high => self
                .error(CheckErrorKind::EmptyRange, from.span.to(to.span), "nothing is in this range")
                .helping("the smaller end comes first")
                .none(),
            _ => Some((low, high)),
        }
    }

    fn words(&mut self, subject: &Subject<'_>, values: &[Word]) -> Option<Vec<String>> {
        let words: Vec<Option<String>> = values.iter().map(|value| self.word(subject, value)).collect();
        let mut words: Vec<String> = words.into_iter().collect::<Option<_>>()?;
        words.sort_unstable();
        words.dedup();
        Some(words)
    }

    /// A word to compare with, folded. One that is not among the known values is allowed and hinted at.
    fn word(&mut self, subject: &Subject<'_>, value: &Word) -> Option<String> {
        if subject.kind == Kind::Zip && !five_digits(&value.node) {
            return self.wrong_value(subject, value, "a ZIP code of five digits");
        }
        let word = fold(&value.node);
        let known = subject.values.is_empty() || subject.values.iter().any(|v| fold(v) == word);
        if !known {
            let meant = closest(&value.node, subject.values.iter().map(String::as_str));
            let values: Vec<String> = subject.values.iter().map(|v| format!("`{v}`")).collect();
            let message = format!(
                "`{}` is not among the known values of `{}`: {}",
                cut(&value.node),
                subject.name,
                values.join(", ")
            );
            self.hint(value.span, message, meant);
        }
        Some(word)
    }

    fn a_number(&mut self, subject: &Subject<'_>, value: &Word) -> Option<Number> {
        match number(&value.node) {
            Some(number) => Some(number),
            None => self.wrong_value(subject, value, "a number such as `9` or `7.5`"),
        }
    }

    fn a_date(&mut self, subject: &Subject<'_>, value: &Word) -> Option<Day> {
        match date(&value.node) {
            Some(day) => Some(day),
            None => self.wrong_value(subject, value, "a date such as `2026-01-31`"),
        }
    }

    fn wrong_value<T>(&mut self, subject: &Subject<'_>, value: &Word, expected: &str) -> Option<T> {
        let message =
            format!("`{}` is {}: `{}` does not fit", subject.name, noun(subject.kind), cut(&value.node));
        self.error(CheckErrorKind::WrongValue, value.span, message).expecting(&[expected]).none()
    }

    fn wrong_test<T>(&mut self, subject: &Subject<'_>, test: &Test) -> Option<T> {
        let name = subject.name;
        let message = format!("`{name}` is {}: {} does not fit", noun(subject.kind), shown(test));
        let fault =
            self.error(CheckErrorKind::WrongTest, subject.span, message).expecting(fitting(subject.kind));
        match (subject.kind, test) {
            (Kind::Set, Test::Compare { value, .. }) => {
                fault.helping(format!("write `{name} has any ({})`", cut(&value.node))).none()
            }
            _ => fault.none(),
        }
    }
}

/// A number of the language: digits, with a minus before and a fraction after them if wanted. No exponents, no
/// infinities.
pub(super) fn number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (all_digits(whole) && all_digits(fraction)).then(|| text.parse().ok().and_then(Number::new))?
}

pub(super) fn five_digits(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "a number",
        Kind::Bool => "yes or no",
        Kind::Date => "a date",
        Kind::Code => "a code",
        Kind::Set => "a set",
        Kind::Zip => "a ZIP code",
    }
}

/// The tests that fit a type, as errors list them.
fn fitting(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Text => &["`=`", "`!=`", "`in (…)`", "`contains`", "`starts with`"],
        Kind::Zip => &["`=`", "`!=`", "`in (…)`", "`starts with`", "`within … miles of …`"],
        Kind::Number => &["`=`", "`!=`", "`<`", "`<=`", "`>`", "`>=`", "`in (…)`", "`in 1..9`"],
        Kind::Bool => &["`= yes`", "`= no`"],
        Kind::Date => &["`=`", "`!=`", "`<`", "`<=`", "`>`", "`>=`", "`in (…)`", "a range", "a window"],
        Kind::Code => &["`=`", "`!=`", "`in (…)`, each with codes such as `loinc:4548-4`"],
        Kind::Set => &["`has any (…)`", "`has all (…)`", "`has none (…)`"],
    }
}

/// A test as errors name it.
fn shown(test: &Test) -> String {
    match test {
        Test::Compare { op, .. } => format!("`{op}`"),
        Test::OneOf(_) => "a list of words".to_owned(),
        Test::Range { .. } => "a range".to_owned(),
        Test::Contains(_) => "`contains`".to_owned(),
        Test::StartsWith(_) => "`starts with`".to_owned(),
        Test::Has { .. } => "`has …`".to_owned(),
        Test::Window(_) => "a window of time".to_owned(),
        Test::IsCode(_) | Test::IsNotCode(_) | Test::CodeIn(_) => "a code".to_owned(),
    }
}
