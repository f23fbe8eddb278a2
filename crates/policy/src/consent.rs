//! The consent ledger: acts are appended, never changed; what holds is a fold over them, for any instant.

use discreet_domain::{Channel, Timestamp, Topic};
use serde::{Deserialize, Serialize};

/// The topic whose withdrawal stops all optional mail.
pub const ALL_OPTIONAL: &str = "all-optional";
/// The topic whose withdrawal stops everything but legally required notices.
pub const EVERYTHING: &str = "everything";

/// How an act came about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A form on the web.
    WebForm,
    /// The patient portal.
    Portal,
    /// Paper.
    Paper,
    /// Told to staff, by telephone or at the desk.
    Spoken,
    /// Brought in from another system.
    Imported,
    /// The link or button of a mail: made by whoever reads that mailbox.
    MailLink,
    /// The mail program's one-click unsubscribe (RFC 8058).
    OneClick,
    /// The preference page, behind a link freshly mailed to the address.
    PreferencePage,
    /// A double opt-in: confirmed by a link mailed to the address.
    DoubleOptIn,
}

impl Method {
    /// All of them.
    pub const ALL: [Method; 9] = [
        Method::WebForm,
        Method::Portal,
        Method::Paper,
        Method::Spoken,
        Method::Imported,
        Method::MailLink,
        Method::OneClick,
        Method::PreferencePage,
        Method::DoubleOptIn,
    ];
    /// The word stored and typed.
    pub const fn name(self) -> &'static str {
        match self {
            Method::WebForm => "web_form",
            Method::Portal => "portal",
            Method::Paper => "paper",
            Method::Spoken => "spoken",
            Method::Imported => "imported",
            Method::MailLink => "mail_link",
            Method::OneClick => "one_click",
            Method::PreferencePage => "preference_page",
            Method::DoubleOptIn => "double_opt_in",
        }
    }
    /// Reads the word. `phone` and `desk` are other words for `spoken`.
    pub fn parse(text: &str) -> Option<Method> {
        match text {
            "phone" | "desk" | "verbal" => Some(Method::Spoken),
            "web" => Some(Method::WebForm),
            "import" => Some(Method::Imported),
            _ => Method::ALL.into_iter().find(|m| m.name() == text),
        }
    }
    /// Whether the patient did it here, by their own hand. No import ever overrides such a withdrawal.
    pub const fn by_own_hand(self) -> bool {
        matches!(
            self,
            Method::MailLink
                | Method::OneClick
                | Method::PreferencePage
                | Method::DoubleOptIn
                | Method::WebForm
                | Method::Portal
        )
    }
}

/// One act on the ledger of one patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// Its place: later acts have greater numbers.
    pub n: u64,
    /// About what.
    pub topic: Topic,
    /// By what way.
    pub channel: Channel,
    /// Opt-in, or opt-out.
    pub granted: bool,
    /// When it was done.
    pub at: Timestamp,
    /// When it came onto the ledger.
    pub recorded: Timestamp,
    /// How.
    pub method: Method,
}

/// A stop that a reader of the mailbox asked for; it holds for everyone at the address until they opt in anew.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AddressStop {
    /// Its place among the acts.
    pub n: u64,
    /// The topic, [`ALL_OPTIONAL`] or [`EVERYTHING`].
    pub topic: Topic,
}

/// Where a patient stands on one topic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OptIn {
    /// Nothing was ever said.
    Never,
    /// Opted in.
    Granted,
    /// Opted out.
    Withdrawn,
}

/// What was stopped beyond one topic.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stop {
    /// Nothing.
    None,
    /// All optional mail.
    Optional,
    /// All mail but legally required notices.
    All,
}

/// The state of one patient on one topic by email.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// On the topic.
    pub opt_in: OptIn,
    /// Beyond it.
    pub stop: Stop,
    /// The number of the grant relied upon.
    pub relied_on: Option<u64>,
}

/// Folds a patient's acts, and the stops on the patient's address, into where the patient stands on `topic` by email.
/// Order is by number, not by date: what was said last holds. An imported grant lifts no stop: neither one of all optional
/// mail nor one at the address; only the patient's own later word does.
pub fn fold<'a>(
    acts: impl IntoIterator<Item = &'a Act>,
    stops: impl IntoIterator<Item = &'a AddressStop>,
    topic: &Topic,
) -> Standing {
    let (mut on_topic, mut on_optional, mut on_everything) =
        (Last::default(), Last::default(), Last::default());
    let mut spoken: Option<u64> = None;
    for act in acts.into_iter().filter(|act| act.channel == Channel::Email) {
        match act.topic.as_str() {
            ALL_OPTIONAL => on_optional.take(act.n, act.granted),
            EVERYTHING => on_everything.take(act.n, act.granted),
            _ if act.topic == *topic => {
                on_topic.take(act.n, act.granted);
                if act.granted && act.method != Method::Imported {
                    spoken = spoken.max(Some(act.n));
                }
            }
            _ => {}
        }
    }
    let mut stopped_here: Option<u64> = None;
    for stop in stops {
        match stop.topic.as_str() {
            ALL_OPTIONAL => on_optional.take(stop.n, false),
            EVERYTHING => on_everything.take(stop.n, false),
            _ if stop.topic == *topic => stopped_here = stopped_here.max(Some(stop.n)),
            _ => {}
        }
    }
    if stopped_here.is_some_and(|n| spoken.is_none_or(|grant| grant < n)) {
        on_topic = Last(stopped_here.map(|n| (n, false)));
    }
    let optional_stopped = on_optional.stopped_at().is_some_and(|n| spoken.is_none_or(|grant| grant < n));
    let stop = match on_everything.stopped_at() {
        Some(_) => Stop::All,
        None if optional_stopped => Stop::Optional,
        None => Stop::None,
    };
    let opt_in = match on_topic.0 {
        None => OptIn::Never,
        Some((_, true)) => OptIn::Granted,
        Some((_, false)) => OptIn::Withdrawn,
    };
    let relied_on = on_topic.0.filter(|(_, granted)| *granted).map(|(n, _)| n);
    Standing { opt_in, stop, relied_on }
}

#[derive(Default)]
struct Last(Option<(u64, bool)>);

impl Last {
    fn take(&mut self, n: u64, granted: bool) {
        if self.0.is_none_or(|(last, _)| last < n) {
            self.0 = Some((n, granted));
        }
    }
    fn stopped_at(&self) -> Option<u64> {
        self.0.filter(|(_, granted)| !granted).map(|(n, _)| n)
    }
}

/// Whether an imported grant may be taken onto the ledger: never over a withdrawal the patient made by their own hand,
/// never over one made after the grant's own date. An imported grant that says nothing new is not taken either, so
/// that importing twice changes nothing.
pub fn admits_imported<'a>(
    acts: impl IntoIterator<Item = &'a Act>,
    topic: &Topic,
    channel: Channel,
    granted_at: Timestamp,
) -> Admission {
    let (mut last, mut own_no, mut spoken): (Option<&Act>, Option<u64>, Option<u64>) = (None, None, None);
    for act in acts.into_iter().filter(|a| a.topic == *topic && a.channel == channel) {
        if last.is_none_or(|l| l.n < act.n) {
            last = Some(act);
        }
        if !act.granted && act.method.by_own_hand() {
            own_no = own_no.max(Some(act.n));
        }
        if act.granted && act.method != Method::Imported {
            spoken = spoken.max(Some(act.n));
        }
    }
    match last {
        Some(act) if act.granted => Admission::Nothing,
        Some(act) if own_no > spoken || act.at >= granted_at => Admission::Withdrawn,
        _ => Admission::Take,
    }
}

/// What becomes of an imported act.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Onto the ledger with it.
    Take,
    /// It says nothing new.
    Nothing,
    /// A withdrawal stands against it; that is reported.
    Withdrawn,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(n: u64, topic: &str, granted: bool, at: i64, method: Method) -> Act {
        Act {
            n,
            topic: Topic::parse(topic).unwrap(),
            channel: Channel::Email,
            granted,
            at: Timestamp::from_micros(at),
            recorded: Timestamp::from_micros(at),
            method,
        }
    }
    fn stop(n: u64, topic: &str) -> AddressStop {
        AddressStop { n, topic: Topic::parse(topic).unwrap() }
    }
    fn standing(acts: &[Act], stops: &[AddressStop]) -> Standing {
        fold(acts, stops, &Topic::marketing())
    }

    #[test]
    fn what_was_said_last_holds_whatever_the_order_read() {
        let yes = act(1, "marketing", true, 1, Method::Paper);
        let no = act(2, "marketing", false, 2, Method::Spoken);
        let again = act(3, "marketing", true, 3, Method::WebForm);
        assert_eq!(standing(&[], &[]).opt_in, OptIn::Never);
        assert_eq!(standing(&[no.clone(), yes.clone()], &[]).opt_in, OptIn::Withdrawn);
        let s = standing(&[again, no, yes], &[]);
        assert_eq!((s.opt_in, s.relied_on), (OptIn::Granted, Some(3)));
        assert_eq!(standing(&[act(1, "newsletter", true, 1, Method::Paper)], &[]).opt_in, OptIn::Never);
        let by_sms = Act { channel: Channel::Sms, ..act(1, "marketing", true, 1, Method::Paper) };
        assert_eq!(standing(&[by_sms], &[]).opt_in, OptIn::Never);
    }

    #[test]
    fn a_stop_at_the_address_holds_until_the_patient_opts_in_anew() {
        let early = act(1, "marketing", true, 1, Method::Paper);
        let late = act(3, "marketing", true, 3, Method::Paper);
        assert_eq!(standing(std::slice::from_ref(&early), &[stop(2, "marketing")]).opt_in, OptIn::Withdrawn);
        assert_eq!(standing(&[early, late], &[stop(2, "marketing")]).opt_in, OptIn::Granted);
    }

    #[test]
    fn an_imported_grant_lifts_no_stop() {
        let imported = |n| act(n, "marketing", true, n as i64, Method::Imported);
        assert_eq!(standing(&[imported(5)], &[stop(2, "marketing")]).opt_in, OptIn::Withdrawn);
        let optional = act(2, ALL_OPTIONAL, false, 2, Method::MailLink);
        assert_eq!(standing(&[optional.clone(), imported(5)], &[]).stop, Stop::Optional);
        assert_eq!(standing(&[imported(5)], &[stop(2, ALL_OPTIONAL)]).stop, Stop::Optional);
        let own = act(6, "marketing", true, 6, Method::Paper);
        let s = standing(&[optional, imported(5), own], &[stop(2, "marketing")]);
        assert_eq!((s.opt_in, s.stop, s.relied_on), (OptIn::Granted, Stop::None, Some(6)));
        // A withdrawal staff records later does not hide the one the patient made.
        let acts =
            [act(1, "marketing", false, 1, Method::OneClick), act(2, "marketing", false, 2, Method::Spoken)];
        let late = Timestamp::from_micros(9);
        let admission = admits_imported(&acts, &Topic::marketing(), Channel::Email, late);
        assert_eq!(admission, Admission::Withdrawn);
    }

    #[test]
    fn two_stops() {
        let yes = act(1, "marketing", true, 1, Method::Paper);
        let optional = act(2, ALL_OPTIONAL, false, 2, Method::MailLink);
        let all = act(2, EVERYTHING, false, 2, Method::Spoken);
        let again = act(3, "marketing", true, 3, Method::WebForm);
        assert_eq!(standing(&[yes.clone(), optional.clone()], &[]).stop, Stop::Optional);
        assert_eq!(standing(&[yes.clone(), optional, again.clone()], &[]).stop, Stop::None);
        assert_eq!(standing(&[yes.clone(), all.clone()], &[]).stop, Stop::All);
        assert_eq!(standing(&[yes, all, again], &[]).stop, Stop::All, "STOP-ALL is lifted by name only");
        assert_eq!(standing(&[], &[stop(1, EVERYTHING)]).stop, Stop::All);
    }

    #[test]
    fn an_imported_grant_never_overrides_a_withdrawal() {
        let m = Topic::marketing();
        let ask =
            |acts: &[Act], at: i64| admits_imported(acts, &m, Channel::Email, Timestamp::from_micros(at));
        assert_eq!(ask(&[], 5), Admission::Take);
        assert_eq!(ask(&[act(1, "marketing", true, 1, Method::Imported)], 5), Admission::Nothing);
        let by_hand = act(2, "marketing", false, 2, Method::OneClick);
        assert_eq!(ask(std::slice::from_ref(&by_hand), 1), Admission::Withdrawn);
        assert_eq!(ask(&[by_hand], 5), Admission::Withdrawn, "nor a later one: the patient made it here");
        let by_staff = act(2, "marketing", false, 2, Method::Spoken);
        assert_eq!(ask(std::slice::from_ref(&by_staff), 2), Admission::Withdrawn);
        assert_eq!(ask(&[by_staff], 3), Admission::Take);
    }

    #[test]
    fn methods_read_back() {
        for m in Method::ALL {
            assert_eq!(Method::parse(m.name()), Some(m));
        }
    }
}
