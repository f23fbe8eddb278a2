//! Consents and random parts: always known.

use super::Setting;
use crate::bits::{Answer, Bits};
use crate::index::View;
use crate::part::Part;
use crate::record::Stand;
use discreet_segment::ast::Stance;
use discreet_segment::bucket_of;
use discreet_segment::checked::{BucketLeaf, ConsentLeaf};

pub(crate) struct ConsentCheck {
    about: Option<u32>,
    stand: Stand,
}

impl ConsentCheck {
    pub fn new(leaf: &ConsentLeaf, setting: Setting<'_>) -> ConsentCheck {
        ConsentCheck {
            about: setting.lexicon.consents.find(&(leaf.topic.clone(), leaf.channel)),
            stand: match leaf.state {
                Stance::Granted => Stand::Granted,
                Stance::Withdrawn => Stand::Withdrawn,
            },
        }
    }
    pub fn answer(&self, part: &Part, wanted: &Bits) -> Answer {
        let Some(stands) = self.about.and_then(|about| part.consents(about)) else {
            return Answer::same(wanted, Some(false));
        };
        Answer::scan(wanted, |slot| Some(stands.get(slot) == self.stand as u32))
    }
}

pub(crate) struct BucketCheck(BucketLeaf);

impl BucketCheck {
    pub fn new(leaf: &BucketLeaf) -> BucketCheck {
        BucketCheck(leaf.clone())
    }
    pub fn answer(&self, view: &View<'_>, wanted: &Bits) -> Answer {
        let BucketLeaf { from, to, of, salt } = &self.0;
        Answer::scan(wanted, |slot| {
            let bucket = bucket_of(view.patient(slot)?, salt, *of);
            Some((*from..=*to).contains(&bucket))
        })
    }
}
