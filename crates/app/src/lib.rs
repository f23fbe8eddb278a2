//! The verbs: everything that can be asked of Discreet, one file per noun. Every verb takes leave
//! ([`Allowed`](discreet_access::Allowed)), and `now` where time matters; what it decides, pure crates decide; what it
//! changes, it changes with its audit entry in one transaction.

pub mod accounts;
pub mod answers;
mod app;
pub mod audit;
pub mod campaigns;
mod chart;
pub mod consents;
pub mod dispatch;
mod documents;
pub mod drafts;
mod error;
pub mod halt;
pub mod import;
mod index;
pub mod installation;
pub mod keys;
pub mod links;
pub mod notices;
mod open;
pub mod overview;
pub mod patients;
mod scope;
pub mod segments;
mod settings;
mod standing;
pub mod templates;
mod tokens;
pub mod uploads;
pub mod users;
mod vocabulary;
pub mod webhooks;
mod witness;

pub use app::{App, Clock};
pub use error::AppError;
pub use settings::Settings;
pub use standing::Standing;
