//! The patient's side: one file per page, its view, its handlers; the template of the same name in
//! `templates/patient/`. Calm, one thing asked, no persuasion; never a patient's name or anything about care.

pub(crate) mod front;
pub(crate) mod not_me;
pub(crate) mod problem;
pub(crate) mod unsubscribe;
