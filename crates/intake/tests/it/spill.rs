//! What the caller writes to its temporary files comes back the same.

use crate::reading::*;
use discreet_intake::*;

#[test]
fn items_survive_postcard() {
    let lines = r#"{"resourceType":"Patient","id":"p1","name":[{"family":"Díaz"}],"telecom":[{"system":"email","value":"a@example.org"},{"system":"email","value":"x"}],"birthDate":"1980","meta":{"lastUpdated":"2026-01-01T00:00:00Z"}}
{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"coding":[{"system":"urn:x","code":"1","display":"One"}]}}
{"resourceType":"Observation","id":"o1","subject":{"reference":"Patient/p1"},"status":"final","effectiveDateTime":"2026","code":{"coding":[{"code":"1"}]},"valueQuantity":{"value":1.5}}
{"resourceType":"Procedure","id":"r1","subject":{"reference":"Patient/p1"},"status":"not-done"}
{"resourceType":"Coverage","id":"v1","beneficiary":{"reference":"Patient/p1"},"status":"cancelled"}
{"resourceType":"Condition","id":"c1"}
nonsense"#;
    let mut items = ndjson(lines).items;
    items.extend(
        csv(
            "consents.csv",
            "patient,topic,channel,action,time,evidence\np1,marketing,email,granted,2026-01-01,form\n",
        )
        .items,
    );
    items.extend(csv("interests.csv", "patient,words,colour\np1,walking,\n").items);
    items.extend(csv("people.csv", "id\n").items);
    items.extend(csv("conditions.csv", "patient\n").items);
    items.extend(json(r#"{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"DELETE","url":"Condition/1"}}]}"#).items);
    assert!(items.len() > 15);
    for item in &items {
        let bytes = postcard::to_stdvec(item).unwrap();
        let back: Item = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(&back, item);
    }
    let report = ndjson(lines).report;
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
}
