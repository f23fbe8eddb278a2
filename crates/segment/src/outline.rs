//! The tree as the visual builder edits it: groups with one joining word each, rows that are one condition each, and acts
//! that change it. Unlike [`Expr`], it may be unfinished: a group may be empty or have one row, and stays where it is.
//!
//! Parts are named by their place: `2.0` is the first part of the third part of the root. An act that names a place that is
//! not there is refused; whoever sends acts says which revision they mean, so that places cannot shift under them.

use crate::ast::{Expr, Leaf};
use crate::limits;
use crate::span::Spanned;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How the parts of a group are joined.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// All of them are true.
    #[default]
    All,
    /// At least one of them is true.
    Any,
    /// None of them is true.
    None,
    /// Not all of them are true.
    NotAll,
}

impl Join {
    /// All of them, in the order they are offered.
    pub const ALL: [Join; 4] = [Join::All, Join::Any, Join::None, Join::NotAll];

    /// The word for a form.
    pub const fn name(self) -> &'static str {
        match self {
            Join::All => "all",
            Join::Any => "any",
            Join::None => "none",
            Join::NotAll => "not_all",
        }
    }
    /// In words.
    pub const fn title(self) -> &'static str {
        match self {
            Join::All => "all of these are true",
            Join::Any => "at least one of these is true",
            Join::None => "none of these is true",
            Join::NotAll => "not all of these are true",
        }
    }
    /// The word between two parts.
    pub const fn between(self) -> &'static str {
        match self {
            Join::All | Join::NotAll => "and",
            Join::Any | Join::None => "or",
        }
    }
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Join> {
        Join::ALL.into_iter().find(|join| join.name() == text)
    }
}

/// A group.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Group {
    /// How its parts are joined.
    pub join: Join,
    /// Its parts, in order; possibly none yet.
    pub parts: Vec<Part>,
}

/// One condition.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Row {
    /// The condition.
    pub leaf: Leaf,
    /// It must not hold.
    #[serde(default)]
    pub negated: bool,
}

/// A part of a group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "most parts are rows; a tree has few")]
pub enum Part {
    /// One condition.
    Row(Row),
    /// A group within the group.
    Group(Group),
}

/// Where a part is: which part of the root, which part of that, and so on. Empty: the root itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Place(pub Vec<usize>);

impl Place {
    /// The place of a part of the group at this place.
    #[must_use]
    pub fn part(&self, at: usize) -> Place {
        let mut steps = self.0.clone();
        steps.push(at);
        Place(steps)
    }
    /// The group a part is in, and which part of it; `None` for the root.
    pub fn up(&self) -> Option<(Place, usize)> {
        let (last, before) = self.0.split_last()?;
        Some((Place(before.to_vec()), *last))
    }
    /// Counted from one, as people do: `3.1`.
    pub fn shown(&self) -> String {
        self.0.iter().map(|step| (step + 1).to_string()).collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps: Vec<String> = self.0.iter().map(usize::to_string).collect();
        f.write_str(&steps.join("."))
    }
}

impl FromStr for Place {
    type Err = OutlineError;

    fn from_str(text: &str) -> Result<Place, OutlineError> {
        let steps = text.split('.').filter(|step| !step.is_empty());
        let steps: Result<Vec<usize>, _> = steps.map(str::parse).collect();
        steps.ok().filter(|steps| steps.len() <= limits::DEPTH).map(Place).ok_or(OutlineError::NoSuchPlace)
    }
}

/// A change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// Adds a condition at the end of a group.
    Add(Place, Row),
    /// Adds an empty group at the end of a group.
    AddGroup(Place),
    /// Replaces a condition.
    Set(Place, Row),
    /// Joins a group's parts otherwise.
    Join(Place, Join),
    /// Turns a condition into its opposite, or back.
    Negate(Place),
    /// Moves a part one up within its group; out of it, before the group, if it is the first.
    Up(Place),
    /// Moves a part one down within its group; out of it, behind the group, if it is the last.
    Down(Place),
    /// Moves a part to the end of another group.
    MoveInto(Place, Place),
    /// Puts a part into a group of its own.
    Wrap(Place),
    /// Puts a copy behind a part.
    Duplicate(Place),
    /// Takes a part out.
    Remove(Place),
}

/// Why an act was not done. Nothing has changed then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OutlineError {
    /// There is nothing at that place, or it is not what the act is for.
    #[error("there is no such condition or group any more")]
    NoSuchPlace,
    /// A group cannot go into itself.
    #[error("a group cannot be moved into itself")]
    IntoItself,
    /// It would be too deep or too much.
    #[error("a segment has at most {} conditions and groups, {} deep", limits::NODES, limits::DEPTH)]
    TooLarge,
}

/// The tree the builder edits.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Outline {
    /// The outermost group.
    pub root: Group,
}

impl Outline {
    /// The tree of an expression.
    pub fn of(expr: &Expr) -> Outline {
        match part(expr) {
            Part::Group(root) => Outline { root },
            row => Outline { root: Group { join: Join::All, parts: vec![row] } },
        }
    }
    /// The expression it says; `None` while there is no condition in it. Groups without one are passed over.
    pub fn expr(&self) -> Option<Expr> {
        group_expr(&self.root)
    }
    /// The group at a place.
    pub fn group(&self, place: &Place) -> Option<&Group> {
        let mut group = &self.root;
        for step in &place.0 {
            group = match group.parts.get(*step)? {
                Part::Group(inner) => inner,
                Part::Row(_) => return None,
            };
        }
        Some(group)
    }
    /// The part at a place; `None` for the root.
    pub fn part(&self, place: &Place) -> Option<&Part> {
        let (group, at) = place.up()?;
        self.group(&group)?.parts.get(at)
    }
    fn group_mut(&mut self, place: &Place) -> Result<&mut Group, OutlineError> {
        let mut group = &mut self.root;
        for step in &place.0 {
            group = match group.parts.get_mut(*step) {
                Some(Part::Group(inner)) => inner,
                _ => return Err(OutlineError::NoSuchPlace),
            };
        }
        Ok(group)
    }
    fn part_mut(&mut self, place: &Place) -> Result<&mut Part, OutlineError> {
        let (group, at) = place.up().ok_or(OutlineError::NoSuchPlace)?;
        self.group_mut(&group)?.parts.get_mut(at).ok_or(OutlineError::NoSuchPlace)
    }
    /// All groups, outermost first, with their places.
    pub fn groups(&self) -> Vec<(Place, &Group)> {
        let mut found = Vec::new();
        walk(&self.root, &Place::default(), &mut |place, group| found.push((place.clone(), group)));
        found
    }

    /// Does an act; says where the part it was about is now (for a removal: the group it was in).
    ///
    /// # Errors
    /// [`OutlineError`]: nothing has changed.
    pub fn act(&mut self, act: Act) -> Result<Place, OutlineError> {
        let mut changed = self.clone();
        let place = changed.do_act(act)?;
        changed.within_limits()?;
        *self = changed;
        Ok(place)
    }
    fn do_act(&mut self, act: Act) -> Result<Place, OutlineError> {
        match act {
            Act::Add(group, row) => self.push(&group, Part::Row(row)),
            Act::AddGroup(group) => {
                // Inside "all" one wants "at least one", and the other way round.
                let join = if self.group(&group).is_some_and(|g| g.join == Join::Any) {
                    Join::All
                } else {
                    Join::Any
                };
                self.push(&group, Part::Group(Group { join, parts: Vec::new() }))
            }
            Act::Set(place, row) => match self.part_mut(&place)? {
                Part::Row(old) => {
                    *old = row;
                    Ok(place)
                }
                Part::Group(_) => Err(OutlineError::NoSuchPlace),
            },
            Act::Join(place, join) => {
                self.group_mut(&place)?.join = join;
                Ok(place)
            }
            Act::Negate(place) => {
                match self.part_mut(&place)? {
                    Part::Row(row) => row.negated = !row.negated,
                    Part::Group(group) => group.join = opposite(group.join),
                }
                Ok(place)
            }
            Act::Up(place) => self.shift(&place, true),
            Act::Down(place) => self.shift(&place, false),
            Act::MoveInto(place, group) => self.move_into(&place, &group),
            Act::Wrap(place) => {
                let part = self.part_mut(&place)?;
                let inner = std::mem::replace(part, Part::Group(Group::default()));
                *part = Part::Group(Group { join: Join::Any, parts: vec![inner] });
                Ok(place)
            }
            Act::Duplicate(place) => {
                let (group, at) = place.up().ok_or(OutlineError::NoSuchPlace)?;
                let copy = self.part(&place).cloned().ok_or(OutlineError::NoSuchPlace)?;
                self.group_mut(&group)?.parts.insert(at + 1, copy);
                Ok(group.part(at + 1))
            }
            Act::Remove(place) => {
                let (group, _) = self.take(&place)?;
                Ok(group)
            }
        }
    }
    fn push(&mut self, group: &Place, part: Part) -> Result<Place, OutlineError> {
        let parts = &mut self.group_mut(group)?.parts;
        parts.push(part);
        Ok(group.part(parts.len() - 1))
    }
    /// Takes a part out; says which group it was in.
    fn take(&mut self, place: &Place) -> Result<(Place, Part), OutlineError> {
        let (group, at) = place.up().ok_or(OutlineError::NoSuchPlace)?;
        let parts = &mut self.group_mut(&group)?.parts;
        if at >= parts.len() {
            return Err(OutlineError::NoSuchPlace);
        }
        let part = parts.remove(at);
        Ok((group, part))
    }
    fn shift(&mut self, place: &Place, up: bool) -> Result<Place, OutlineError> {
        let (group, at) = place.up().ok_or(OutlineError::NoSuchPlace)?;
        let count = self.group(&group).ok_or(OutlineError::NoSuchPlace)?.parts.len();
        if at >= count {
            return Err(OutlineError::NoSuchPlace);
        }
        let to = if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < count) };
        match (to, group.up()) {
            (Some(to), _) => {
                self.group_mut(&group)?.parts.swap(at, to);
                Ok(group.part(to))
            }
            // at the edge: out of the group
            (None, Some((outer, inner_at))) => {
                let (_, part) = self.take(place)?;
                let to = if up { inner_at } else { inner_at + 1 };
                self.group_mut(&outer)?.parts.insert(to, part);
                Ok(outer.part(to))
            }
            (None, None) => Ok(place.clone()),
        }
    }
    fn move_into(&mut self, place: &Place, group: &Place) -> Result<Place, OutlineError> {
        if group.0.starts_with(&place.0) {
            return Err(OutlineError::IntoItself);
        }
        if self.group(group).is_none() {
            return Err(OutlineError::NoSuchPlace);
        }
        let (from, part) = self.take(place)?;
        let mut steps = group.0.clone();
        // The group itself has moved one up if it stood behind what was taken, in the same group.
        if let Some(step) = steps.get_mut(from.0.len())
            && group.0.starts_with(&from.0)
            && place.0.last().is_some_and(|taken| *step > *taken)
        {
            *step -= 1;
        }
        self.push(&Place(steps), part)
    }
    fn within_limits(&self) -> Result<(), OutlineError> {
        let (mut nodes, mut deepest) = (0, 0);
        walk(&self.root, &Place::default(), &mut |place, group| {
            nodes += 1 + group.parts.iter().filter(|part| matches!(part, Part::Row(_))).count();
            deepest = deepest.max(place.0.len());
        });
        // Each group can take a `not` besides itself.
        let fits = nodes <= limits::NODES && (deepest + 1) * 2 < limits::DEPTH;
        if fits { Ok(()) } else { Err(OutlineError::TooLarge) }
    }
}

fn walk<'g>(group: &'g Group, place: &Place, found: &mut impl FnMut(&Place, &'g Group)) {
    found(place, group);
    for (at, part) in group.parts.iter().enumerate() {
        if let Part::Group(inner) = part {
            walk(inner, &place.part(at), found);
        }
    }
}

const fn opposite(join: Join) -> Join {
    match join {
        Join::All => Join::NotAll,
        Join::NotAll => Join::All,
        Join::Any => Join::None,
        Join::None => Join::Any,
    }
}

fn part(expr: &Expr) -> Part {
    let group = |join, parts: &[Expr]| Part::Group(Group { join, parts: parts.iter().map(part).collect() });
    match expr {
        Expr::All(parts) => group(Join::All, parts),
        Expr::Any(parts) => group(Join::Any, parts),
        Expr::Leaf(leaf) => Part::Row(Row { leaf: leaf.node.clone(), negated: false }),
        Expr::Not(inner) => match &**inner {
            Expr::All(parts) => group(Join::NotAll, parts),
            Expr::Any(parts) => group(Join::None, parts),
            Expr::Leaf(leaf) => Part::Row(Row { leaf: leaf.node.clone(), negated: true }),
            Expr::Not(_) => Part::Group(Group { join: Join::None, parts: vec![part(inner)] }),
        },
    }
}

fn group_expr(group: &Group) -> Option<Expr> {
    let mut parts: Vec<Expr> = group.parts.iter().filter_map(part_expr).collect();
    let joined = match (parts.len(), group.join) {
        (0, _) => return None,
        (1, _) => parts.pop()?,
        (_, Join::All | Join::NotAll) => Expr::All(parts),
        (_, Join::Any | Join::None) => Expr::Any(parts),
    };
    Some(match group.join {
        Join::All | Join::Any => joined,
        Join::None | Join::NotAll => Expr::Not(Box::new(joined)),
    })
}

fn part_expr(part: &Part) -> Option<Expr> {
    match part {
        Part::Group(group) => group_expr(group),
        Part::Row(row) => Some(row.expr()),
    }
}

impl Row {
    /// The row by itself.
    pub fn expr(&self) -> Expr {
        let leaf = Expr::Leaf(Box::new(Spanned::from(self.leaf.clone())));
        if self.negated { Expr::Not(Box::new(leaf)) } else { leaf }
    }
    /// A row of an expression that is one condition.
    pub fn of(expr: &Expr) -> Option<Row> {
        match part(expr) {
            Part::Row(row) => Some(row),
            Part::Group(_) => None,
        }
    }
}
