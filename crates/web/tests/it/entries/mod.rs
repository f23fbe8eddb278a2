//! What each staff route leaves in the log when it does what it is for. A route that is not in the table fails; so does one
//! that leaves more or less than its row says.

mod expected;
mod stories;
mod walk;

use expected::{LEAVES, NOT_WALKED};
use std::collections::{BTreeMap, BTreeSet};
use walk::Walk;

#[tokio::test(flavor = "multi_thread")]
async fn each_route_leaves_its_entry() {
    let mut walk = Walk::new().await;
    stories::all(&mut walk).await;
    assert!(walk.refused.is_empty(), "{}", walk.refused.join("\n\n"));
    let mut expected: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (route, events, why) in LEAVES {
        assert!(!events.is_empty() || !why.is_empty(), "{route}: why does it leave nothing?");
        let events = events.iter().map(|event| (*event).to_owned()).collect();
        assert_eq!(expected.insert(route, events), None, "{route} twice");
    }
    let mut wrong = Vec::new();
    for route in walk.routes() {
        let found = walk.left.get(&route);
        let unwalked = NOT_WALKED.iter().any(|(not, why)| *not == route && !why.is_empty());
        match (found, expected.remove(route.as_str())) {
            (Some(found), Some(events)) if *found == events && !unwalked => {}
            (None, None) if unwalked => {}
            (found, events) => wrong.push(format!("{route}: left {found:?}, the table says {events:?}")),
        }
    }
    assert!(wrong.is_empty() && expected.is_empty(), "{}\nno such routes: {expected:?}", wrong.join("\n"));
}
