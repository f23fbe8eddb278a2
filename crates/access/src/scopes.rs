//! What a token is limited to, below what its holder's roles allow.

use crate::ActionName;

/// The actions a token is good for. Never more than its holder's roles allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scopes(Option<u128>);

impl Scopes {
    /// Whatever the roles allow.
    pub const ALL: Scopes = Scopes(None);
    /// These actions only.
    pub fn of(actions: &[ActionName]) -> Scopes {
        Scopes(Some(actions.iter().fold(0, |bits, action| bits | bit(*action))))
    }
    /// Reads stored names, comma-separated. One that is not known any more gives nothing.
    pub fn parse(names: Option<&str>) -> Scopes {
        names.map_or(Scopes::ALL, |names| {
            Scopes::of(&names.split(',').filter_map(ActionName::parse).collect::<Vec<_>>())
        })
    }
    /// Whether it is good for this.
    pub const fn has(self, action: ActionName) -> bool {
        match self.0 {
            None => true,
            Some(bits) => bits & bit(action) != 0,
        }
    }
    /// The names to store; `None`: not limited.
    pub fn names(self) -> Option<Vec<&'static str>> {
        self.0?;
        Some(ActionName::ALL.iter().filter(|action| self.has(**action)).map(|action| action.name()).collect())
    }
}

const fn bit(action: ActionName) -> u128 {
    1 << action as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_a_bit_of_its_own_and_reads_back() {
        assert!(ActionName::ALL.len() <= 128);
        for action in ActionName::ALL {
            let one = Scopes::of(&[*action]);
            assert_eq!(one.names(), Some(vec![action.name()]));
            assert_eq!(Scopes::parse(Some(action.name())), one);
            assert!(Scopes::ALL.has(*action) && !Scopes::of(&[]).has(*action));
        }
        assert_eq!(Scopes::parse(Some("Nonsense,Import")), Scopes::of(&[ActionName::Import]));
        assert_eq!(Scopes::parse(None), Scopes::ALL);
    }
}
