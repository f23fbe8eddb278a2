//! Segments in segments: each checked once, never within itself, not too deep, not too large.

use super::{Checker, checked};
use crate::ast::Word;
use crate::checked::{Checked, Nested, Node, Pin};
use crate::error::{CheckError, CheckErrorKind};
use crate::limits;
use crate::parse::cut;
use crate::scope::{SavedSegment, Scope};
use crate::suggest::closest;
use discreet_domain::SegmentId;
use std::collections::HashMap;
use std::sync::Arc;

/// The segments the walk is in or has been in.
pub(super) struct Opened {
    /// Those it is in, outermost first: the one asked for, which may have no id yet, and those nested in it.
    stack: Vec<(Option<SegmentId>, String)>,
    /// Those it has been in.
    done: HashMap<SegmentId, Result<Arc<Done>, Broken>>,
}

/// A nested segment, checked.
struct Done {
    checked: Checked,
    /// How many nodes it has, with those of segments nested in it.
    nodes: usize,
    /// How many segments deep it is, itself included.
    height: usize,
}

/// Why a nested segment cannot be used.
#[derive(Clone)]
struct Broken {
    kind: CheckErrorKind,
    message: String,
}

impl Opened {
    pub(super) fn new(editing: Option<SegmentId>) -> Opened {
        Opened { stack: vec![(editing, "this segment".to_owned())], done: HashMap::new() }
    }

    /// The names from a segment down to where it is named again, if the walk is in it.
    fn cycle(&self, id: SegmentId, name: &str) -> Option<String> {
        let from = self.stack.iter().position(|(open, _)| *open == Some(id))?;
        let names = self.stack.iter().skip(from).map(|(_, name)| name.as_str());
        Some(names.chain([name]).map(|name| format!("`{}`", cut(name))).collect::<Vec<_>>().join(" → "))
    }
}

impl<S: Scope + ?Sized> Checker<'_, S> {
    pub(super) fn nested(&mut self, name: &Word) -> Option<Node> {
        let Some(saved) = self.scope.segment(&name.node) else {
            let names = self.scope.segment_names();
            let meant = closest(&name.node, names.iter().map(String::as_str));
            let message = format!("there is no segment `{}`", cut(&name.node));
            return self.error(CheckErrorKind::UnknownSegment, name.span, message).suggesting(meant).none();
        };
        if let Some(cycle) = self.opened.cycle(saved.id, &name.node) {
            let message = format!("a segment cannot contain itself: {cycle}");
            return self.error(CheckErrorKind::Cycle, name.span, message).none();
        }
        let known = self.opened.done.get(&saved.id).cloned();
        let result = known.unwrap_or_else(|| self.open(&saved, &name.node));
        match result {
            Ok(done) => self.use_nested(&saved, name, &done),
            Err(broken) => self.error(broken.kind, name.span, broken.message).none(),
        }
    }

    /// Checks a nested segment for the first time.
    fn open(&mut self, saved: &SavedSegment, name: &str) -> Result<Arc<Done>, Broken> {
        self.opened.stack.push((Some(saved.id), name.to_owned()));
        let result = if self.opened.stack.len() > limits::NESTED_SEGMENTS + 1 {
            Err(too_deep())
        } else {
            checked(&saved.parsed, self.scope, self.opened).map_err(|errors| broken(name, &errors))
        };
        self.opened.stack.pop();
        let result = result.map(|(checked, nodes)| {
            let height = 1 + self.heights(&checked);
            Arc::new(Done { checked, nodes, height })
        });
        self.opened.done.insert(saved.id, result.clone());
        result
    }

    /// The height of the tallest segment directly within a checked one; those have been opened before it.
    fn heights(&self, checked: &Checked) -> usize {
        let ids = checked.pins().iter().filter_map(|pin| match pin {
            Pin::Segment { id, .. } => Some(id),
            _ => None,
        });
        let heights = ids.filter_map(|id| self.opened.done.get(id)?.as_ref().ok()).map(|done| done.height);
        heights.max().unwrap_or(0)
    }

    fn use_nested(&mut self, saved: &SavedSegment, name: &Word, done: &Done) -> Option<Node> {
        if self.opened.stack.len() + done.height > limits::NESTED_SEGMENTS + 1 {
            let Broken { kind, message } = too_deep();
            return self.error(kind, name.span, message).none();
        }
        self.nodes = self.nodes.saturating_add(done.nodes);
        if self.nodes > limits::CHECKED_NODES {
            let message = format!(
                "with the segments it names, this one has more than {} conditions and connectives",
                limits::CHECKED_NODES
            );
            return self.error(CheckErrorKind::TooLarge, name.span, message).none();
        }
        let checked = &done.checked;
        self.raise(checked.label);
        self.found.bases.extend(&checked.bases);
        self.found.pins.extend(checked.pins.iter().cloned());
        self.pin(Pin::Segment { id: saved.id, version: saved.version, hash: checked.fingerprint });
        Some(Node::Segment(Arc::new(Nested {
            id: saved.id,
            version: saved.version,
            name: name.node.clone(),
            root: Arc::clone(&checked.root),
        })))
    }
}

fn too_deep() -> Broken {
    let message = format!("segments may be {} deep in segments, not deeper", limits::NESTED_SEGMENTS);
    Broken { kind: CheckErrorKind::TooLarge, message }
}

/// A cycle and a limit are named as they are; of other errors, the first.
fn broken(name: &str, errors: &[CheckError]) -> Broken {
    match errors.first() {
        Some(error) if matches!(error.kind, CheckErrorKind::Cycle | CheckErrorKind::TooLarge) => {
            Broken { kind: error.kind, message: error.message.clone() }
        }
        first => {
            let why = first.map_or("it cannot be checked", |error| error.message.as_str());
            let message = format!("the segment `{}` is broken itself: {why}", cut(name));
            Broken { kind: CheckErrorKind::BrokenSegment, message }
        }
    }
}
