//! Reading in tests.

use discreet_domain::{CodeFact, EventFact, Value, Zone};
use discreet_intake::*;
use std::convert::Infallible;
use std::path::PathBuf;

/// Everything an import yielded.
pub struct Seen {
    pub items: Vec<Item>,
    pub report: Report,
}

pub fn options() -> Options {
    Options::new(Zone::named("America/New_York").unwrap())
}

/// The outside sample sets, if they are here: `DISCREET_SAMPLES`, else `../shared/data` beside the workspace.
pub fn samples(set: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("DISCREET_SAMPLES") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let set = root.join(set);
    if !set.exists() {
        println!("sample set {} is not here: nothing tested", set.display());
        return None;
    }
    Some(set)
}

pub fn read_path(path: impl Into<PathBuf>, options: &Options) -> Seen {
    let mut items = Vec::new();
    let mut sink = |item| -> Result<(), Infallible> {
        items.push(item);
        Ok(())
    };
    let report = read(&Source::at(path), options, &mut sink).unwrap();
    Seen { items, report }
}

pub fn read_bytes(name: &str, format: Format, bytes: &[u8], options: &Options) -> Seen {
    let mut items = Vec::new();
    let mut sink = |item| -> Result<(), Infallible> {
        items.push(item);
        Ok(())
    };
    let report = read_stream(name, format, bytes, options, &mut sink).unwrap();
    Seen { items, report }
}

pub fn ndjson(lines: &str) -> Seen {
    read_bytes("a.ndjson", Format::Ndjson, lines.as_bytes(), &options())
}

pub fn json(text: &str) -> Seen {
    read_bytes("a.json", Format::Json, text.as_bytes(), &options())
}

pub fn csv(name: &str, text: &str) -> Seen {
    read_bytes(name, Format::Csv, text.as_bytes(), &options())
}

impl Seen {
    pub fn records(&self) -> Vec<&Record> {
        self.items.iter().filter_map(|i| if let Item::Record(r) = i { Some(r) } else { None }).collect()
    }
    pub fn patients(&self) -> Vec<&PatientPart> {
        let part = |r: &'_ &Record| matches!(r.what, Incoming::Patient(_));
        let records = self.records().into_iter().filter(part);
        records.map(|r| if let Incoming::Patient(p) = &r.what { &**p } else { unreachable!() }).collect()
    }
    pub fn codes(&self) -> Vec<&CodeFact> {
        let records = self.records().into_iter();
        records.filter_map(|r| if let Incoming::Code(c) = &r.what { Some(c) } else { None }).collect()
    }
    pub fn events(&self) -> Vec<&EventFact> {
        let records = self.records().into_iter();
        records.filter_map(|r| if let Incoming::Event(e) = &r.what { Some(e) } else { None }).collect()
    }
    pub fn attributes(&self) -> Vec<&AttributePart> {
        let records = self.records().into_iter();
        records.filter_map(|r| if let Incoming::Attribute(a) = &r.what { Some(a) } else { None }).collect()
    }
    pub fn consents(&self) -> Vec<&ConsentRow> {
        let records = self.records().into_iter();
        records.filter_map(|r| if let Incoming::Consent(c) = &r.what { Some(c) } else { None }).collect()
    }
    /// What was taken back.
    pub fn deleted(&self) -> Vec<discreet_domain::FactId> {
        let records = self.records().into_iter();
        records
            .filter_map(|r| if let Incoming::Delete { fact } = r.what { Some(fact) } else { None })
            .collect()
    }
    /// Reasons of rejected rows, as text.
    pub fn rejected(&self) -> Vec<String> {
        self.rejected_rows().into_iter().map(|r| r.reason.to_string()).collect()
    }
    pub fn rejected_rows(&self) -> Vec<&Rejected> {
        self.items.iter().filter_map(|i| if let Item::Rejected(r) = i { Some(r) } else { None }).collect()
    }
    pub fn warnings(&self) -> Vec<String> {
        let warning = |i: &Item| if let Item::Warning(w) = i { Some(w.reason.to_string()) } else { None };
        self.items.iter().filter_map(warning).collect()
    }
    pub fn problems(&self) -> Vec<String> {
        let problem = |i: &Item| {
            if let Item::FileRefused { problem, .. } = i { Some(problem.to_string()) } else { None }
        };
        self.items.iter().filter_map(problem).collect()
    }
    pub fn names(&self) -> Vec<(String, String)> {
        let name = |i: &Item| {
            if let Item::Name(n) = i { Some((n.code.to_string(), n.display.clone())) } else { None }
        };
        self.items.iter().filter_map(name).collect()
    }
    /// The one patient there is.
    pub fn patient(&self) -> &PatientPart {
        let [patient] = self.patients()[..] else { panic!("{:?} {:?}", self.rejected(), self.warnings()) };
        patient
    }
    pub fn code(&self) -> &CodeFact {
        let [code] = self.codes()[..] else { panic!("{:?} {:?}", self.rejected(), self.warnings()) };
        code
    }
    pub fn event(&self) -> &EventFact {
        let [event] = self.events()[..] else { panic!("{:?} {:?}", self.rejected(), self.warnings()) };
        event
    }
    /// Nothing rejected, nothing warned about.
    pub fn quiet(self) -> Seen {
        assert_eq!((self.rejected(), self.warnings(), self.problems()), (vec![], vec![], vec![]));
        self
    }
}

impl PatientLike for PatientPart {
    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.get(name).map(shown)
    }
}

pub trait PatientLike {
    fn attribute(&self, name: &str) -> Option<String>;
}

/// `name=value` of an event's fields, in order.
pub fn fields(event: &EventFact) -> Vec<String> {
    event.fields.iter().map(|(name, value)| format!("{name}={}", shown(value))).collect()
}

pub fn shown(value: &Value) -> String {
    match value {
        Value::Text(t) => t.clone(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        Value::When(w) => w.to_string(),
        Value::Code(c) => c.to_string(),
        Value::Set(words) => words.join("+"),
    }
}

pub fn codes(fact: &CodeFact) -> Vec<String> {
    fact.codes.iter().map(ToString::to_string).collect()
}
