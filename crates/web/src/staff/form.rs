//! Forms: what was posted, and what of it is wrong. What was typed is always kept.

use crate::fields::Fields;
use crate::site::Site;
use crate::staff::cookies;
use crate::staff::error::{Result, StaffError};
use axum::extract::{FromRequest, Request};
use secrecy::SecretString;
use std::collections::BTreeMap;

/// The hidden field, or header, that shows a form to be ours.
pub(crate) const TOKEN_FIELD: &str = "form_token";
const TOKEN_HEADER: &str = "form-token";

/// What was posted from a page of this session.
#[derive(Debug)]
pub(crate) struct Posted(Fields);

impl Posted {
    /// A field, without the blanks around it; empty if it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.first(name).trim()
    }
    /// A field as typed: texts of several lines.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.0.first(name)
    }
    /// All values of a field: boxes that are ticked.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> Vec<&'a str> {
        self.0.all(name).map(str::trim).collect()
    }
    /// Whether a field was sent at all.
    pub(crate) fn sent(&self, name: &str) -> bool {
        self.0.all(name).next().is_some()
    }
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }
    /// A secret as typed; it is not kept for showing the form again.
    pub(crate) fn secret(&self, name: &str) -> SecretString {
        self.0.first(name).to_owned().into()
    }
}

impl FromRequest<Site> for Posted {
    type Rejection = StaffError;

    async fn from_request(request: Request, site: &Site) -> Result<Posted> {
        let session = cookies::session(request.headers(), site.options);
        let header = request.headers().get(TOKEN_HEADER).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let fields = Fields::from_request(request, site).await?;
        let presented = header.unwrap_or_else(|| fields.first(TOKEN_FIELD).to_owned());
        // Before anybody is signed in there is no session to ride on: `guard` has checked where the form came from.
        match session {
            Some(secret) if !secret.is_form_token(&presented) => Err(StaffError::Form),
            _ => Ok(Posted(fields)),
        }
    }
}

/// A form as shown: values, and what is wrong with them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    values: BTreeMap<String, Vec<String>>,
    problems: Vec<Problem>,
}

/// Something wrong with a field, in the words shown beside it and in the summary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Problem {
    pub(crate) field: String,
    pub(crate) text: String,
}

impl Form {
    /// The form with what was posted of these fields. Secrets are not named here, so they are not shown again.
    pub(crate) fn of(posted: &Posted, fields: &[&str]) -> Form {
        let kept = |name: &&str| ((*name).to_owned(), posted.0.all(name).map(str::to_owned).collect());
        Form { values: fields.iter().map(kept).collect(), problems: Vec::new() }
    }
    pub(crate) fn with(mut self, field: &str, value: impl Into<String>) -> Form {
        self.set(field, value);
        self
    }
    pub(crate) fn set(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), vec![value.into()]);
    }
    pub(crate) fn set_all(&mut self, field: &str, values: Vec<String>) {
        self.values.insert(field.to_owned(), values);
    }
    pub(crate) fn value(&self, field: &str) -> &str {
        self.values.get(field).and_then(|all| all.first()).map_or("", String::as_str)
    }
    pub(crate) fn all(&self, field: &str) -> &[String] {
        self.values.get(field).map_or(&[], Vec::as_slice)
    }
    pub(crate) fn is(&self, field: &str, value: &str) -> bool {
        self.values.get(field).is_some_and(|all| all.iter().any(|v| v == value))
    }
    /// Notes that something is wrong with a field.
    pub(crate) fn wrong(&mut self, field: &str, text: impl Into<String>) {
        self.problems.push(Problem { field: field.to_owned(), text: text.into() });
    }
    /// Needs a field to be filled in.
    pub(crate) fn need(&mut self, field: &str, text: &str) {
        if self.value(field).trim().is_empty() {
            self.wrong(field, text);
        }
    }
    pub(crate) fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|p| p.field == field).map(|p| p.text.as_str())
    }
    pub(crate) fn problems(&self) -> &[Problem] {
        &self.problems
    }
    pub(crate) fn is_fine(&self) -> bool {
        self.problems.is_empty()
    }
}
