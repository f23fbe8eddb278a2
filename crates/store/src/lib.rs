//! Persistence: SQL by noun, on SQLite and PostgreSQL. Holds sealed bytes and knows no key.
//!
//! - [`Store`] opens the data; [`Shelf`] opens the key shelf, a second database kept apart from it.
//! - [`Reading`] is a read transaction; [`Tx`] a write transaction, which commits only through
//!   [`audit::settle`](discreet_audit::settle) and friends: nothing changes unlogged.
//! - SQL texts lie in `sql/<noun>.sql`, one text for both databases with an `@postgres` variant where one is needed;
//!   each noun's file here has the functions that run them.
//! - `db/` is the only place that knows there are two databases.

mod accounts;
mod api;
mod campaigns;
mod consents;
mod db;
mod documents;
mod drafts;
mod gate;
mod images;
mod imports;
mod installation;
mod log;
mod messages;
mod patients;
mod preferences;
mod reading;
mod service;
mod shelf;
mod store;
mod tx;
mod users;
mod vendors;

pub use accounts::{AccountRow, SessionRow, WayInRow};
pub use api::{AnswerRow, WebhookRow};
pub use campaigns::{CampaignRow, CampaignState};
pub use consents::{EndingForm, FormRow, LedgerRow, NewAct, PatientAct, PatientForm, Said};
pub use db::{Lane, StoreError};
pub use documents::{DocumentKind, DocumentRow};
pub use drafts::{DraftRow, NoticeRow};
pub use gate::{Claim, DELIVERY_LEASE_SECONDS};
pub use images::ImageRow;
pub use imports::ImportRow;
pub use installation::{CheckpointRow, InstallationRow};
pub use messages::{Claimed, DecisionRow, MessageRow, MessageState, NewLink, NewMessage, OutcomeRow};
pub use patients::{KeyKind, PatientRow, PatientState};
pub use reading::Reading;
pub use service::{ClaimedService, FreshLink, NewService, ServiceRow};
pub use shelf::Shelf;
pub use store::{Location, Store};
pub use tx::Tx;
pub use users::{ListedToken, TokenRow, UserRow};
pub use vendors::VendorRow;
