//! The staff's side. A page is one file here and one template of that name in `templates/staff/`: a view (a struct with
//! what the page shows), a handler, and where something is posted, what it does. All URLs, each with what it takes to open
//! it, are in `crate::router`.

pub(crate) mod authorizations;
pub(crate) mod campaigns;
pub(crate) mod confirm;
pub(crate) mod consents;
mod cookies;
pub(crate) mod error;
mod form;
mod frame;
pub(crate) mod guard;
pub(crate) mod home;
pub(crate) mod images;
pub(crate) mod imports;
pub(crate) mod log;
pub(crate) mod looks;
pub(crate) mod mailbox;
pub(crate) mod me;
mod multipart;
mod overtaken;
mod page;
mod parts;
pub(crate) mod patients;
pub(crate) mod people;
pub(crate) mod request;
pub(crate) mod routes;
pub(crate) mod second_factor;
pub(crate) mod segments;
pub(crate) mod set_up;
pub(crate) mod settings;
pub(crate) mod sign_in;
mod signed;
pub(crate) mod stop;
pub(crate) mod style;
pub(crate) mod welcome;
mod when;
