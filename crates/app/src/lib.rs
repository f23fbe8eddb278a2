//! The verbs: everything that can be asked of Discreet, one file per noun. Every verb takes leave
//! ([`Allowed`](discreet_access::Allowed)), and `now` where time matters; what it decides, pure crates decide; what it
//! changes, it changes with its audit entry in one transaction.

pub mod accounts;
pub mod answers;
mod app;
pub mod asked;
pub mod audit;
pub mod campaigns;
pub mod catalog;
mod chart;
pub mod charts;
pub mod checkpoints;
pub mod choices;
pub mod consent_texts;
pub mod consents;
pub mod copies;
pub mod corrections;
pub mod dispatch;
pub mod dns;
mod documents;
pub mod drafts;
mod egress;
mod error;
pub mod halt;
pub mod images;
pub mod import;
mod index;
pub mod installation;
pub mod join;
pub mod keys;
pub mod ledger;
pub mod links;
pub mod log_pages;
pub mod notices;
mod open;
pub mod overview;
pub mod patients;
mod scope;
pub mod segments;
pub mod sent;
mod settings;
mod standing;
pub mod templates;
pub mod tokens;
pub mod uploads;
pub mod users;
pub mod vendors;
mod vocabulary;
pub mod webhooks;
mod witness;

pub use app::{App, Clock};
pub use egress::Package;
pub use error::AppError;
pub use settings::Settings;
pub use standing::Standing;
