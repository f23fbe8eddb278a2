//! A proof is worth what its constructor is worth: private fields, one maker, and no derive or conversion that makes
//! another one out of the air or out of itself.

use super::Workspace;
use crate::config::{PATH, Proof};
use crate::finding::Finding;
use crate::source::Source;
use crate::tokens::words;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemImpl, ItemStruct, ReturnType, Signature, Type, Visibility};

/// Each is a public way to have a value nobody's rule agreed to.
const MAKES_ANOTHER: [&str; 8] =
    ["Clone", "Copy", "Default", "Deserialize", "FromRow", "From", "TryFrom", "FromStr"];

pub fn run(workspace: &Workspace) -> Vec<Finding> {
    workspace.config.proof.iter().flat_map(|proof| look(workspace, proof)).collect()
}

fn look(workspace: &Workspace, proof: &Proof) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen = Seen::default();
    for source in &workspace.sources {
        if let Some(file) = &source.file {
            let mut finder = Finder { proof, source, findings: &mut findings, seen: &mut seen, within: None };
            finder.visit_file(file);
        }
    }
    if workspace.tree.has(&format!("crates/{}/src", proof.krate)) {
        findings.extend(seen.missing(proof));
    }
    findings
}

/// What was seen of a proof in its own crate.
#[derive(Default)]
struct Seen {
    defined: bool,
    makers: Vec<String>,
}

impl Seen {
    fn missing(&self, proof: &Proof) -> Vec<Finding> {
        let about = |what: String| Finding::at(PATH, 1, what, "mend the `[[proof]]` table");
        let mut findings = Vec::new();
        if !self.defined {
            findings.push(about(format!("crate `{}` defines no struct `{}`", proof.krate, proof.name)));
        }
        let absent = proof.makers.iter().filter(|maker| !self.makers.contains(maker));
        findings.extend(absent.map(|maker| about(format!("no public `{maker}` makes a `{}`", proof.name))));
        findings
    }
}

struct Finder<'w> {
    proof: &'w Proof,
    source: &'w Source,
    findings: &'w mut Vec<Finding>,
    seen: &'w mut Seen,
    /// The type whose `impl` block we are in.
    within: Option<String>,
}

impl Finder<'_> {
    fn at_home(&self, line: usize) -> bool {
        self.source.krate == self.proof.krate && self.source.is_shipped(line)
    }
    fn find(&mut self, line: usize, what: String, instead: &str) {
        self.findings.push(Finding::at(&self.source.path, line, what, instead));
    }
    /// A public function of the proof's own crate that returns one by value is a maker.
    fn maker(&mut self, visibility: &Visibility, signature: &Signature) {
        let line = signature.span().start().line;
        let public = matches!(visibility, Visibility::Public(_));
        if !public || !self.at_home(line) || !self.returns_proof(signature) {
            return;
        }
        let name = signature.ident.to_string();
        if !self.proof.makers.contains(&name) {
            let what = format!("`{name}` is another maker of `{}`", self.proof.name);
            self.find(line, what, "let the one maker make it, or do not make it public");
        }
        self.seen.makers.push(name);
    }
    fn returns_proof(&self, signature: &Signature) -> bool {
        let ReturnType::Type(_, returned) = &signature.output else { return false };
        let row = words(&**returned);
        let own = self.within.as_deref() == Some(self.proof.name.as_str());
        row.iter().enumerate().any(|(at, word)| {
            let named = *word == self.proof.name || (own && word == "Self");
            // `&Permit` and `&'a Permit` show one; they make none.
            let before: Vec<&str> = row.iter().take(at).rev().take(3).map(String::as_str).collect();
            named && !matches!(before.as_slice(), ["&", ..] | [_, "'", "&"])
        })
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_item_struct(&mut self, item: &'a ItemStruct) {
        let line = item.ident.span().start().line;
        if item.ident != self.proof.name || !self.at_home(line) {
            return;
        }
        self.seen.defined = true;
        for derived in item.attrs.iter().flat_map(derives) {
            let what = format!("`{}` derives `{derived}`", self.proof.name);
            self.find(line, what, "a proof is made once, by its maker, and spent: take the derive out");
        }
        for field in item.fields.iter().filter(|f| !matches!(f.vis, Visibility::Inherited)) {
            let what = format!("`{}` has a field that others can see", self.proof.name);
            self.find(field.span().start().line, what, "make it private, with a method that reads it");
        }
    }
    fn visit_item_impl(&mut self, item: &'a ItemImpl) {
        let line = item.span().start().line;
        let of = match &*item.self_ty {
            Type::Path(path) => path.path.segments.last().map(|s| s.ident.to_string()),
            _ => None,
        };
        let by = item.trait_.as_ref().and_then(|(path, _)| path.segments.last());
        let by = by.map(|s| s.ident.to_string()).filter(|name| MAKES_ANOTHER.contains(&name.as_str()));
        if let (Some(of), Some(by)) = (&of, by)
            && *of == self.proof.name
            && self.source.is_shipped(line)
        {
            self.find(
                line,
                format!("`{of}` implements `{by}`"),
                "a proof is made once, by its maker, and spent",
            );
        }
        let outer = std::mem::replace(&mut self.within, of);
        visit::visit_item_impl(self, item);
        self.within = outer;
    }
    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        self.maker(&item.vis, &item.sig);
        visit::visit_impl_item_fn(self, item);
    }
    fn visit_item_fn(&mut self, item: &'a syn::ItemFn) {
        self.maker(&item.vis, &item.sig);
        visit::visit_item_fn(self, item);
    }
}

/// The forbidden names in `#[derive(…)]`, behind `cfg_attr` too.
fn derives(attribute: &Attribute) -> Vec<&'static str> {
    let row = words(attribute);
    let derives = row.iter().any(|word| word == "derive");
    MAKES_ANOTHER.into_iter().filter(|name| derives && row.iter().any(|word| word == name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "[[proof]]\ntype = \"Permit\"\ncrate = \"policy\"\nmakers = [\"hand_over\"]\n";

    fn found(code: &str) -> Vec<String> {
        let w = Workspace::planted(&[("xtask/doors.toml", TABLE), ("crates/policy/src/permit.rs", code)]);
        run(&w).into_iter().map(|f| format!("{}: {}", f.line, f.what)).collect()
    }

    #[test]
    fn an_honest_proof_passes() {
        let code = "#[derive(Debug)]\npub struct Permit { message: u8 }\n\
            impl Permit { pub fn message(&self) -> u8 { 0 } fn mint() -> Self { Permit { message: 0 } } }\n\
            pub async fn hand_over<G>(tx: G) -> Result<Vec<Permit>, ()> { Err(()) }\n\
            pub fn first<'a>(all: &'a [Permit]) -> Option<&'a Permit> { all.first() }";
        assert_eq!(found(code), Vec::<String>::new());
    }

    #[test]
    fn every_way_to_another_one_is_found() {
        let code = "#[derive(Debug, Clone)]\n#[cfg_attr(x, derive(Deserialize))]\n\
            pub struct Permit { pub message: u8 }\n\
            impl Default for Permit { fn default() -> Self { loop {} } }\n\
            impl Permit { pub fn mint() -> Self { loop {} } }\n\
            pub fn hand_over() -> Vec<Permit> { vec![] }";
        assert_eq!(
            found(code),
            [
                "3: `Permit` derives `Clone`",
                "3: `Permit` derives `Deserialize`",
                "3: `Permit` has a field that others can see",
                "4: `Permit` implements `Default`",
                "5: `mint` is another maker of `Permit`",
            ]
        );
    }

    #[test]
    fn a_proof_that_went_away_is_found() {
        assert_eq!(
            found("pub struct Pass(());"),
            ["1: crate `policy` defines no struct `Permit`", "1: no public `hand_over` makes a `Permit`",]
        );
    }
}
