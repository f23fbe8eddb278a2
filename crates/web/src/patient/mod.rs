//! The patient's side: one file per page, its view, its handlers; the template of the same name in
//! `templates/patient/`. Calm, one thing asked, no persuasion; never a patient's name or anything about care.

pub(crate) mod asked;
pub(crate) mod birth;
pub(crate) mod choices;
pub(crate) mod copy;
pub(crate) mod form;
pub(crate) mod front;
pub(crate) mod join;
pub(crate) mod not_me;
pub(crate) mod opt_in;
pub(crate) mod problem;
pub(crate) mod said;
pub(crate) mod trial;
pub(crate) mod unsubscribe;
