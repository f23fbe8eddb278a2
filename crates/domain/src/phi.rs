//! Protected health information has a type.

use std::fmt;

/// A value that is, or may be, protected health information (45 CFR 160.103).
///
/// It prints as `Phi(_)` and has no `Display`, `Serialize` or `Deref`, so it cannot end in a log line, an error, a
/// URL or a JSON body by accident. [`Phi::expose`] is the one way in; it is greppable on purpose.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Marks `value` as PHI.
    pub const fn new(value: T) -> Self {
        Phi(value)
    }
    /// Looks inside. The caller answers for where it goes.
    pub const fn expose(&self) -> &T {
        &self.0
    }
    /// Takes it out. The caller answers for where it goes.
    pub fn into_exposed(self) -> T {
        self.0
    }
    /// A value made of PHI is PHI.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Phi<U> {
        Phi(f(self.0))
    }
    /// Like [`Phi::map`], for what can fail.
    ///
    /// # Errors
    /// Whatever `f` returns.
    pub fn try_map<U, E>(self, f: impl FnOnce(T) -> Result<U, E>) -> Result<Phi<U>, E> {
        f(self.0).map(Phi)
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phi(_)")
    }
}

/// ```compile_fail,E0277
/// fn shown(p: discreet_domain::Phi<String>) -> String { p.to_string() }
/// ```
/// ```compile_fail,E0277
/// fn sent<T: serde::Serialize>(_: T) {}
/// sent(discreet_domain::Phi::new("a".to_owned()));
/// ```
/// ```compile_fail,E0614
/// let p = discreet_domain::Phi::new(1);
/// let _ = *p;
/// ```
/// The compiling twin:
/// ```
/// let p = discreet_domain::Phi::new("a".to_owned());
/// assert_eq!(format!("{p:?}"), "Phi(_)");
/// assert_eq!(p.expose(), "a");
/// ```
#[cfg(doctest)]
struct WaysRoundPhi;
