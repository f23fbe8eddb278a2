//! The organization's settings, sealed in the database.

use crate::error::{AppError, Result};
use discreet_domain::{EmailAddress, Topic, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Stands where the postal address is not told yet.
const NO_ADDRESS: &str = "(postal address not set)";

/// What the organization says of itself. One per installation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name patients know it by.
    pub organization: String,
    /// A valid physical postal address, line by line (15 USC 7704(a)(5)(A)(iii)).
    pub postal_address: Vec<String>,
    /// A telephone number to call.
    pub phone: Option<String>,
    /// The IANA time zone.
    pub time_zone: String,
    /// The address mail comes from.
    pub from_address: String,
    /// Where the links in mail lead, without a path.
    pub link_base: String,
    /// The web site.
    pub website: Option<String>,
    /// More hosts that links and images in mail may name.
    pub hosts: Vec<String>,
    /// Topics and their public names.
    pub topics: BTreeMap<String, String>,
}

impl Settings {
    /// The name of an organization that has not told its own.
    pub const UNNAMED: &str = "Our clinic";

    /// Settings of an organization that has told only what is needed.
    pub fn new(organization: &str, postal_address: &[&str], time_zone: &str) -> Settings {
        Settings {
            organization: organization.to_owned(),
            postal_address: if postal_address.is_empty() {
                vec![NO_ADDRESS.to_owned()]
            } else {
                postal_address.iter().map(|line| (*line).to_owned()).collect()
            },
            phone: None,
            time_zone: time_zone.to_owned(),
            from_address: "news@clinic.example".to_owned(),
            link_base: "https://mail.clinic.example".to_owned(),
            website: None,
            hosts: Vec::new(),
            topics: BTreeMap::from([("marketing".to_owned(), "News and offers".to_owned())]),
        }
    }
    /// Whether a valid postal address was told: nothing commercial is sent without one (15 USC 7704(a)(5)(A)(iii)).
    pub(crate) fn has_address(&self) -> bool {
        self.postal_address.iter().all(|line| line != NO_ADDRESS)
    }
    /// Checks what can be checked.
    ///
    /// # Errors
    /// [`AppError::Invalid`], naming the setting and what was expected.
    pub fn check(&self) -> Result<()> {
        let need = |text: &str, what: &str| {
            if text.trim().is_empty() {
                Err(AppError::invalid(format!("`{what}` must not be empty")))
            } else {
                Ok(())
            }
        };
        need(&self.organization, "organization")?;
        need(&self.postal_address.concat(), "postal_address")?;
        Zone::named(&self.time_zone).map_err(|e| AppError::invalid(format!("`time_zone`: {e}")))?;
        EmailAddress::parse(&self.from_address)
            .map_err(|e| AppError::invalid(format!("`from_address`: {e}")))?;
        for topic in self.topics.keys() {
            Topic::parse(topic).map_err(|e| AppError::invalid(format!("`topics`: {e}")))?;
        }
        Ok(())
    }
    /// The time zone; checked when the settings were set.
    pub(crate) fn zone(&self) -> Zone {
        Zone::named(&self.time_zone).unwrap_or_else(|_| Zone::utc())
    }
    /// A topic's public name; its own word if it has none.
    pub(crate) fn topic_name(&self, topic: &Topic) -> String {
        self.topics.get(topic.as_str()).cloned().unwrap_or_else(|| topic.as_str().replace(['_', '-'], " "))
    }
}
