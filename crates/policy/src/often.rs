//! How often a patient wants optional mail, at most.

/// Twelve hours, in seconds.
const HALF_A_DAY: i64 = 43_200;

/// How often optional mail may come, at most.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Often {
    /// As it is sent.
    AsSent,
    /// Once a week.
    Weekly,
    /// Once a month.
    Monthly,
}

impl Often {
    /// All of them.
    pub const ALL: [Often; 3] = [Often::AsSent, Often::Weekly, Often::Monthly];
    /// The word stored and posted.
    pub const fn name(self) -> &'static str {
        match self {
            Often::AsSent => "as_sent",
            Often::Weekly => "weekly",
            Often::Monthly => "monthly",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Often> {
        Often::ALL.into_iter().find(|often| often.name() == text)
    }
    /// For how many seconds after one optional mail no other may come. Half a day under the week, and under the shortest
    /// month: a weekly letter that leaves a little earlier than last time still comes.
    pub const fn rest(self) -> i64 {
        match self {
            Often::AsSent => 0,
            Often::Weekly => 13 * HALF_A_DAY,
            Often::Monthly => 55 * HALF_A_DAY,
        }
    }
}
