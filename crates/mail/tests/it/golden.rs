//! What leaves, letter for letter. `UPDATE_GOLDEN=1 cargo test -p discreet-mail` rewrites the files; read the diff.

use crate::world::{newsletter, reminder, values};
use discreet_mail::{Layout, Links};
use std::path::PathBuf;

fn same(name: &str, got: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, got).unwrap();
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(want == got, "{} differs; if it should, run with UPDATE_GOLDEN=1", path.display());
}

fn check(name: &str, layout: &Layout) {
    let page = layout.fill(&values(), &Links::sample()).unwrap();
    same(&format!("{name}.html"), page.html().expose());
    same(&format!("{name}.txt"), page.text().expose());
}

#[test]
fn a_newsletter_in_markdown() {
    check("newsletter", &newsletter());
}

#[test]
fn a_reminder_in_mjml() {
    check("reminder", &reminder());
}
