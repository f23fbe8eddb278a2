//! Short texts with a meaning: label badges, the summary of what is wrong with a form.

use super::part;
use crate::staff::form::{Form, Problem};
use askama::Template;
use discreet_domain::Label;

/// How careful to be with something, in words.
#[derive(Template, Debug)]
#[template(
    source = r#"<a class="badge badge-{{ level }}" href="/rules#labels">{% if sensitive %}<svg class="icon" aria-hidden="true"><use href="{{ icons }}#lock"/></svg>{% endif %}{{ name }} {{ meaning }}</a>"#,
    ext = "html"
)]
pub(crate) struct Badge {
    name: String,
    meaning: &'static str,
    level: String,
    sensitive: bool,
    icons: &'static str,
}

/// The badge of a label.
pub(crate) fn badge(label: Label) -> Badge {
    let meaning = match label {
        Label::L0 => "Open",
        Label::L1 => "Contact",
        Label::L2 => "Health",
        Label::L3 => "Sensitive",
        Label::L4 => "Restricted",
        Label::L5 => "Never used",
    };
    let name = label.name().to_owned();
    let level = name.to_lowercase();
    Badge { name, meaning, level, sensitive: label >= Label::L3, icons: crate::assets::staff_files().icons }
}

/// What is wrong with a form: first in `main`, with links to the fields.
#[derive(Template, Debug)]
#[template(
    source = r##"{% if !problems.is_empty() %}<div class="summary" id="summary" tabindex="-1"><div role="alert"><h2>There is a problem</h2><ul>{% for p in problems %}<li>{% if p.field.is_empty() %}{{ p.text }}{% else %}<a href="#{{ p.field }}">{{ p.text }}</a>{% endif %}</li>{% endfor %}</ul></div></div>{% endif %}"##,
    ext = "html"
)]
pub(crate) struct Summary {
    problems: Vec<Problem>,
}

/// The summary of a form's problems; nothing if there are none.
pub(crate) fn summary(form: &Form) -> Summary {
    Summary { problems: form.problems().to_vec() }
}

/// A page beside others of its kind.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) current: bool,
}

/// Pages beside each other: links, of which one is where we are.
#[derive(Template, Debug)]
#[template(
    source = r#"<nav aria-label="{{ label }}"><ul class="tabs">{% for tab in tabs %}<li><a href="{{ tab.href }}"{% if tab.current %} aria-current="page"{% endif %}>{{ tab.name }}</a></li>{% endfor %}</ul></nav>"#,
    ext = "html"
)]
pub(crate) struct Tabs {
    label: &'static str,
    tabs: Vec<Tab>,
}

/// Pages beside each other.
pub(crate) fn tabs(label: &'static str, tabs: Vec<Tab>) -> Tabs {
    Tabs { label, tabs }
}

part!(Badge, Summary, Tabs);
